// SPDX-License-Identifier: MIT
#include <fsis/training/posed_episode.hpp>
#include <fsis/training/protocol.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>
#include <training/toy_set.hpp>

#include <map>

using namespace fsis;
using namespace fsis::training;
using fsis_test::all_pictures;

namespace {

/// A protocol that takes the toy pictures, which are far smaller than photographs.
test_protocol small(char const* name) {
  test_protocol p = protocol_named(name);
  p.least_pixels = p.least_query = 1;
  p.every_32nd = false;
  return p;
}

}  // namespace

TEST_CASE("random numbers and shuffle are CPython's, golden G38", "[training]") {
  python_random numbers(1385), shuffled(1385);
  for (double wanted : {.1532537491, .2131468964, .5633898794, .6637914367})
    CHECK_NEAR(numbers.uniform(), wanted, 1e-10);
  std::vector<int> v{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  shuffled.shuffle(v);
  CHECK(v == std::vector<int>{8, 5, 3, 6, 0, 2, 7, 4, 9, 1});
}

TEST_CASE("every published protocol poses pairs of a class, the same each time", "[training]") {
  auto const set = fsis_test::toy_set();
  auto const pictures = all_pictures(set);
  for (auto const& published : published_protocols()) {
    INFO(published.name);
    auto const p = small(published.name);
    for (index_t shots : {1, 5}) {
      auto const episodes = protocol_episodes(p, set, pictures, {1, 2}, shots, 40),
                 again = protocol_episodes(p, set, pictures, {1, 2}, shots, 40);
      REQUIRE(static_cast<index_t>(episodes.size()) == 40 * p.runs);
      std::map<int, int> classes;
      for (std::size_t i = 0; i < episodes.size(); ++i) {
        auto const& e = episodes[i];
        ++classes[e.query.label];
        CHECK(e.rules.whole_class);
        CHECK(set.shows(e.query.picture, e.query.label));
        std::set<index_t> distinct(e.supports.begin(), e.supports.end());
        CHECK(static_cast<index_t>(distinct.size()) == shots);
        CHECK(distinct.count(e.query.picture) == 0);
        for (index_t const s : e.supports) CHECK(set.shows(s, e.query.label));
        CHECK((e.query.picture == again[i].query.picture && e.supports == again[i].supports));
      }
      CHECK(classes.size() == 2);
    }
  }
}

TEST_CASE("queries come in the published order", "[training]") {
  auto const set = fsis_test::toy_set();
  auto const pictures = all_pictures(set);
  auto const in_turn = protocol_episodes(small("hsnet"), set, pictures, {1, 2}, 1, 36);
  for (std::size_t i = 0; i < 36; ++i) CHECK(in_turn[i].query.picture == static_cast<index_t>(i % 18));
  auto const by_picture = protocol_episodes(small("pfenet"), set, pictures, {1, 2}, 1, 18);
  for (std::size_t i = 0; i < 18; ++i) CHECK(by_picture[i].query.picture == static_cast<index_t>(i));

  // OSLSM: items shuffled as golden G38 says, each once before any comes again
  auto const shuffled = protocol_episodes(small("oslsm"), set, pictures, {1, 2}, 1, 18);
  std::vector<index_t> order;
  for (index_t i = 0; i < 18; ++i) order.push_back(i);
  python_random(1385).shuffle(order);
  for (std::size_t i = 0; i < 18; ++i) CHECK(shuffled[i].query.picture == order[i]);
  // SG-One: the same pairs, exchanged for one shot and not for five
  auto const exchanged = protocol_episodes(small("sg-one"), set, pictures, {1, 2}, 1, 18);
  for (std::size_t i = 0; i < 18; ++i) {
    CHECK(exchanged[i].supports[0] == shuffled[i].query.picture);
    CHECK(exchanged[i].query.picture == shuffled[i].supports[0]);
  }
  auto const five = protocol_episodes(small("sg-one"), set, pictures, {1, 2}, 5, 18);
  for (std::size_t i = 0; i < 18; ++i) CHECK(five[i].query.picture == order[i]);
}

TEST_CASE("what is too small is not asked for", "[training]") {
  auto const set = fsis_test::toy_set();
  auto const pictures = all_pictures(set);
  // every fourth picture has a second square of 14 x 13 pixels
  auto large = small("fwb");
  large.least_query = 300;
  for (auto const& e : protocol_episodes(large, set, pictures, {1, 2}, 1, 20)) CHECK(e.query.picture % 4 == 0);
  auto listed = small("pfenet");
  listed.least_pixels = 300;
  for (auto const& e : protocol_episodes(listed, set, pictures, {1, 2}, 1, 20)) {
    CHECK(e.query.picture % 4 == 0);
    CHECK(e.supports[0] % 4 == 0);
  }
  CHECK(mentions(error_text([&] {
                   protocol_episodes(protocol_named("pfenet"), set, pictures, {1, 2}, 1);
                 }),
                 "pfenet", "2 of 20"));
  // of 48x64 pixels the 32nd rows and columns are four: no class shows in three of them
  CHECK_THROWS_AS(protocol_episodes(protocol_named("oslsm"), set, pictures, {1, 2}, 1), value_error);
  CHECK(mentions(error_text([] { protocol_named("unet"); }), "'unet'", "oslsm", "hsnet"));
}

TEST_CASE("a posed episode follows the rules of its protocol", "[training]") {
  auto const set = fsis_test::toy_set();
  episode e;
  e.query = set.entry(4).instances[0];
  e.supports = {0};
  auto const thing = pose(set, e);
  e.rules.whole_class = true;
  auto const whole = pose(set, e);
  auto const objects = [](mask const& m) { return std::count(m.data(), m.data() + m.size(), std::uint8_t{1}); };
  auto const voids = [](mask const& m) { return std::count(m.data(), m.data() + m.size(), mask::void_label); };
  CHECK(objects(thing.truth) == 14 * 13);
  CHECK(objects(whole.truth) == 2 * 14 * 13);
  CHECK(voids(whole.truth) == 28);
  e.rules.side = 96;
  e.rules.void_is_background = true;
  auto const square = pose(set, e);
  CHECK((square.truth.height() == 96 && square.truth.width() == 96));
  CHECK((square.photo.height() == 96 && square.photo.width() == 96));
  CHECK(voids(square.truth) == 0);
  CHECK(objects(square.truth) > 2 * 14 * 13);
}
