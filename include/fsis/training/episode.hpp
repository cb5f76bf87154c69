// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/random.hpp>
#include <fsis/training/folds.hpp>
#include <fsis/training/segmentation_set.hpp>

#include <map>
#include <set>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// How an episode is posed and judged; published tests differ here.
struct episode_rules {
  bool whole_class = false;         ///< all of the class is asked for, not one thing of it
  bool void_is_background = false;  ///< judged as if it were, not left out
  index_t side = 0;                 ///< query and truth are brought to so many rows and columns first; 0: as they are
};

/// k pictures that show a class, and one thing of that class to click in another picture.
struct episode {
  instance query;
  std::vector<index_t> supports;  ///< pictures
  bool supports_itself = false;   ///< the supports show the clicked thing alone, in its own picture
  episode_rules rules;
};

/// A choice of classes and pictures of a set, from which episodes are drawn: every class as often as another, then
/// every instance of it.
class episode_source {
 public:
  /// Uses the classes of `classes` in the pictures of `pictures`. A class that fewer than `shots` + `spare` + 1
  /// pictures show is left out and named in `left_out()`. Throws `value_error` when none remains.
  episode_source(segmentation_set const& set, std::vector<index_t> const& pictures,
                 std::set<std::uint8_t> const& classes, index_t shots, index_t spare = 5)
      : shots_(shots) {
    require<value_error>(shots >= 1, "episodes: ", shots, " shots, wanted at least 1");
    std::map<std::uint8_t, per_class> all;
    for (index_t const p : pictures)
      for (instance const& i : set.entry(p).instances) {
        if (classes.count(i.label) == 0) continue;
        auto& c = all[i.label];
        c.instances.push_back(i);
        if (c.pictures.empty() || c.pictures.back() != p) c.pictures.push_back(p);
      }
    for (std::uint8_t const label : classes) {
      auto const found = all.find(label);
      if (found != all.end() && static_cast<index_t>(found->second.pictures.size()) >= shots + spare + 1) {
        labels_.push_back(label);
        classes_.push_back(found->second);
      } else {
        left_out_.push_back(label);
      }
    }
    require<value_error>(!labels_.empty(), "episodes: none of ", classes.size(), " classes has ", shots + spare + 1,
                         " pictures or more among ", pictures.size());
  }

  std::vector<std::uint8_t> const& labels() const { return labels_; }
  std::vector<std::uint8_t> const& left_out() const { return left_out_; }

  /// One episode; the same stream position gives the same one.
  episode draw(random_stream& random) const {
    return draw_of(static_cast<std::size_t>(random.below(static_cast<index_t>(classes_.size()))), random);
  }

  /// Episodes for a test: `count` in turn over the classes, from a seed.
  std::vector<episode> fixed(index_t count, std::uint64_t seed) const {
    std::vector<episode> out;
    for (index_t i = 0; i < count; ++i) {
      random_stream random(seed, static_cast<std::uint64_t>(i));
      out.push_back(draw_of(static_cast<std::size_t>(i) % classes_.size(), random));
    }
    return out;
  }

 private:
  struct per_class {
    std::vector<instance> instances;
    std::vector<index_t> pictures;
  };

  episode draw_of(std::size_t at, random_stream& random) const {
    per_class const& c = classes_[at];
    episode e;
    e.query = c.instances[static_cast<std::size_t>(random.below(static_cast<index_t>(c.instances.size())))];
    while (static_cast<index_t>(e.supports.size()) < shots_) {
      index_t const p = c.pictures[static_cast<std::size_t>(random.below(static_cast<index_t>(c.pictures.size())))];
      bool taken = p == e.query.picture;
      for (index_t const s : e.supports) taken = taken || s == p;
      if (!taken) e.supports.push_back(p);
    }
    return e;
  }

  index_t shots_;
  std::vector<std::uint8_t> labels_, left_out_;
  std::vector<per_class> classes_;
};

/// Things without a class to learn clicking on: each is its own support, for there is no other picture of its kind.
class thing_source {
 public:
  /// Throws `value_error` when no picture has a thing that can be clicked.
  thing_source(segmentation_set const& set, index_t shots) : set_(&set), shots_(shots) {
    for (index_t p = 0; p < set.size(); ++p)
      if (!set.entry(p).instances.empty()) pictures_.push_back(p);
    require<value_error>(!pictures_.empty(), "things: none of ", set.size(), " pictures has a thing to click");
  }

  segmentation_set const& set() const { return *set_; }

  /// Every picture as often as another, then every thing in it.
  episode draw(random_stream& random) const {
    index_t const p = pictures_[static_cast<std::size_t>(random.below(static_cast<index_t>(pictures_.size())))];
    auto const& things = set_->entry(p).instances;
    episode e;
    e.query = things[static_cast<std::size_t>(random.below(static_cast<index_t>(things.size())))];
    e.supports.assign(static_cast<std::size_t>(shots_), p);
    e.supports_itself = true;
    return e;
  }

 private:
  segmentation_set const* set_;
  index_t shots_;
  std::vector<index_t> pictures_;
};

/// What a training draws from: episodes of classes, and now and then a thing without a class.
struct episode_mixture {
  segmentation_set const* set = nullptr;
  episode_source const* episodes = nullptr;
  thing_source const* things = nullptr;  ///< may be null
  double things_share = 0;               ///< of the episodes

  episode_mixture(segmentation_set const& s, episode_source const& e) : set(&s), episodes(&e) {}
  episode_mixture(segmentation_set const& s, episode_source const& e, thing_source const& t, double share)
      : set(&s), episodes(&e), things(&t), things_share(share) {
    require<value_error>(share >= 0 && share <= 1, "episodes: a share of ", share, " things, wanted 0 to 1");
  }
};

/// The split by image: pictures that show a held-out class, and those that show none. No photograph and no unlabelled
/// held-out thing is on both sides.
struct image_split {
  std::vector<index_t> training;
  std::vector<index_t> validation;  ///< every tenth without held-out classes: for thresholds and other choices
  std::vector<index_t> held_out;
};

inline image_split split_for_training(segmentation_set const& set, std::set<std::uint8_t> const& held_out_classes) {
  image_split split;
  index_t others = 0;
  for (index_t p = 0; p < set.size(); ++p) {
    bool shows = false;
    for (std::uint8_t const c : held_out_classes) shows = shows || set.shows(p, c);
    (shows ? split.held_out : others++ % 10 == 9 ? split.validation : split.training).push_back(p);
  }
  return split;
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
