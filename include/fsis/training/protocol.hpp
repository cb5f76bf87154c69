// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/training/episode.hpp>
#include <fsis/training/python_random.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// How a published test pairs queries with supports. An item is a picture with one class that it shows.
enum class pairing {
  classes_first,     ///< a class at random, then query and supports among its pictures
  pictures_in_turn,  ///< every picture in turn, one of its classes at random
  items_in_turn,     ///< every item in turn
  shuffled_items  ///< items as CPython 2 shuffles them, in turn; supports are the first of those of its class, shuffled
};

/// A published test of few-shot segmentation: which episodes it poses and how they are judged. All ask for a whole class
/// in the query, where the thesis clicks one thing, and sum intersections and unions over the episodes of a class. How
/// k shots become one answer belongs to a network and not to the protocol.
struct test_protocol {
  char const* name;
  pairing how;
  index_t runs;      ///< each with its own seed, counted from `seed`
  index_t episodes;  ///< of a run, on PASCAL-5i
  std::uint32_t seed;
  index_t least_pixels;  ///< of a class for a picture to count as showing it
  index_t least_query;   ///< of the class in a query
  bool every_32nd;       ///< a class counts if more than two pixels of every 32nd row and column show it
  bool exchanged;        ///< with one shot, query and support change places
  episode_rules rules;
};

/// OSLSM (Shaban et al. 2017), SG-One (Zhang et al. 2018), FWB (Nguyen and Todorovic 2019), PANet (Wang et al. 2019),
/// PFENet (Tian et al. 2020) and HSNet (Min et al. 2021), as their published programs test. Test pictures are those of
/// VOC val, for PANet SegmentationClassAug's training list. SG-One and FWB take OSLSM's pairs.
inline std::array<test_protocol, 6> const& published_protocols() {
  static std::array<test_protocol, 6> const all{{
      {"oslsm", pairing::shuffled_items, 1, 1000, 1385, 1, 1, true, false, {true, true, 500}},
      {"sg-one", pairing::shuffled_items, 1, 1000, 1385, 1, 1, true, true, {true, true, 0}},
      {"fwb", pairing::shuffled_items, 1, 1000, 1385, 1, 1000, true, true, {true, true, 0}},
      {"panet", pairing::classes_first, 5, 1000, 1234, 1, 1, false, false, {true, false, 417}},
      {"pfenet", pairing::pictures_in_turn, 1, 5000, 321, 2048, 1, false, false, {true, false, 0}},
      {"hsnet", pairing::items_in_turn, 1, 1000, 0, 1, 1, false, false, {true, false, 400}},
  }};
  return all;
}

/// Throws `value_error` naming those there are.
inline test_protocol const& protocol_named(std::string const& name) {
  std::string names;
  for (auto const& p : published_protocols()) {
    if (name == p.name) return p;
    names += message(names.empty() ? "" : ", ", p.name);
  }
  fail<value_error>("protocol '", name, "', wanted one of: ", names);
}

namespace detail {

/// Episodes of a protocol over some pictures of a set.
class protocol_draws {
 public:
  protocol_draws(test_protocol const& p, segmentation_set const& set, std::vector<index_t> const& pictures,
                 std::set<std::uint8_t> const& classes, index_t shots)
      : protocol_(p), shots_(shots) {
    for (index_t const picture : pictures)
      for (auto const& shown : set.entry(picture).area_of)
        if (classes.count(shown.first) > 0 && shown.second >= p.least_pixels &&
            (!p.every_32nd || coarse_pixels(set, picture, shown.first) > 2))
          items_.push_back({picture, shown.first, 0, shown.second});
    // a class whose pictures do not suffice is left out
    items_.erase(std::remove_if(items_.begin(), items_.end(),
                                [all = items_, shots](instance const& i) {
                                  return std::count_if(all.begin(), all.end(), [&](instance const& j) {
                                           return j.label == i.label;
                                         }) <= shots;
                                }),
                 items_.end());
    bool const any = std::any_of(items_.begin(), items_.end(), [&](instance const& i) { return asked(i); });
    require<value_error>(any, "protocol ", p.name, ": no class is shown by ", shots + 1, " of ", pictures.size(),
                         " pictures, in one of them by ", p.least_query, " pixels");
  }

  std::vector<episode> run(index_t count, std::uint32_t seed) {
    if (protocol_.how == pairing::shuffled_items) return shuffled(count, seed);
    random_stream random(seed, 0);
    std::vector<episode> out;
    for (std::size_t turn = 0; static_cast<index_t>(out.size()) < count; ++turn) {
      instance const query = draw_query(turn, random);
      auto others = others_of(query);
      random.shuffle(others);
      out.push_back(episode_of(query, others));
    }
    return out;
  }

 private:
  static index_t coarse_pixels(segmentation_set const& set, index_t picture, std::uint8_t label) {
    auto const shown = set.read(picture);
    index_t count = 0;
    for (index_t y = 0; y < shown.labels.height(); y += 32)
      for (index_t x = 0; x < shown.labels.width(); x += 32) count += shown.labels(y, x) == label;
    return count;
  }

  bool asked(instance const& query) const { return query.area >= protocol_.least_query; }

  std::vector<instance> others_of(instance const& query) const {
    std::vector<instance> out;
    for (instance const& i : items_)
      if (i.label == query.label && i.picture != query.picture) out.push_back(i);
    return out;
  }

  /// `others` in the order in which they are taken.
  episode episode_of(instance const& query, std::vector<instance> const& others) const {
    episode e;
    e.query = query;
    for (index_t k = 0; k < shots_; ++k) e.supports.push_back(others[static_cast<std::size_t>(k)].picture);
    if (protocol_.exchanged && shots_ == 1) {
      e.supports = {query.picture};
      e.query = others.front();
    }
    e.rules = protocol_.rules;
    return e;
  }

  template <class Values>
  static typename Values::value_type one_of(Values const& values, random_stream& random) {
    return values[static_cast<std::size_t>(random.below(static_cast<index_t>(values.size())))];
  }

  instance draw_query(std::size_t turn, random_stream& random) const {
    if (protocol_.how == pairing::items_in_turn) return items_[turn % items_.size()];
    std::vector<instance> of_picture, of_class;
    if (protocol_.how == pairing::pictures_in_turn) {
      std::vector<index_t> pictures;
      for (instance const& i : items_)
        if (pictures.empty() || pictures.back() != i.picture) pictures.push_back(i.picture);
      for (instance const& i : items_)
        if (i.picture == pictures[turn % pictures.size()]) of_picture.push_back(i);
      return one_of(of_picture, random);
    }
    std::set<std::uint8_t> labels;
    for (instance const& i : items_) labels.insert(i.label);
    std::uint8_t const label = one_of(std::vector<std::uint8_t>(labels.begin(), labels.end()), random);
    for (instance const& i : items_)
      if (i.label == label) of_class.push_back(i);
    return one_of(of_class, random);
  }

  std::vector<episode> shuffled(index_t count, std::uint32_t seed) const {
    python_random random(seed);
    auto items = items_;
    random.shuffle(items);
    std::vector<episode> out;
    for (std::size_t turn = 0; static_cast<index_t>(out.size()) < count; ++turn) {
      instance const& query = items[turn % items.size()];
      auto others = others_of(query);
      random.shuffle(others);
      auto const e = episode_of(query, others);
      if (asked(e.query)) out.push_back(e);
    }
    return out;
  }

  test_protocol const& protocol_;
  index_t shots_;
  std::vector<instance> items_;  // of pictures in order, then of classes
};

}  // namespace detail

/// The episodes of a published test on some pictures of a set, run after run, `episodes` in each; 0: as many as were
/// published. The pairs are drawn by the published rule; those of another order of files are other pairs, and only
/// OSLSM's random numbers are the published ones (Python 2, golden G38). Throws `value_error` when no class is shown by
/// enough pictures.
inline std::vector<episode> protocol_episodes(test_protocol const& p, segmentation_set const& set,
                                              std::vector<index_t> const& pictures,
                                              std::set<std::uint8_t> const& classes, index_t shots,
                                              index_t episodes = 0) {
  require<value_error>(shots >= 1 && episodes >= 0, "protocol ", p.name, ": ", shots, " shots and ", episodes,
                       " episodes, wanted at least 1 and 0");
  detail::protocol_draws draws(p, set, pictures, classes, shots);
  std::vector<episode> all;
  for (index_t r = 0; r < p.runs; ++r) {
    auto const run = draws.run(episodes > 0 ? episodes : p.episodes, p.seed + static_cast<std::uint32_t>(r));
    all.insert(all.end(), run.begin(), run.end());
  }
  return all;
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
