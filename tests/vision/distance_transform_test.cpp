// SPDX-License-Identifier: MIT
#include <fsis/vision/distance_transform.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>
#include <vision/drawing.hpp>

#include <cmath>

using namespace fsis_test;
using fsis::index_t;
using fsis::mask;
namespace vision = fsis::vision;

namespace {

index_t nearest_by_search(mask const& m, index_t y, index_t x, bool object, vision::frame outside) {
  index_t best = vision::unreachable;
  index_t const rim = outside == vision::frame::boundary ? 1 : 0;
  for (index_t v = -rim; v < m.height() + rim; ++v)
    for (index_t u = -rim; u < m.width() + rim; ++u) {
      bool const inside = v >= 0 && u >= 0 && v < m.height() && u < m.width();
      bool const set = inside && m(v, u) != 0;
      if (set == object) best = std::min(best, (v - y) * (v - y) + (u - x) * (u - x));
    }
  return best;
}

void check_against_search(mask const& m) {
  auto const open = vision::squared_distance_to_background(m);
  auto const framed = vision::squared_distance_to_background(m, vision::frame::boundary);
  auto const object = vision::squared_distance_to_object(m);
  index_t wrong = 0;
  for (index_t y = 0; y < m.height(); ++y)
    for (index_t x = 0; x < m.width(); ++x) {
      wrong += open(y, x) != nearest_by_search(m, y, x, false, vision::frame::open);
      wrong += framed(y, x) != nearest_by_search(m, y, x, false, vision::frame::boundary);
      wrong += object(y, x) != nearest_by_search(m, y, x, true, vision::frame::open);
    }
  CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("squared distances equal an exhaustive search on random masks") {
  fsis::random_stream random(7);
  for (double share : {0.02, 0.3, 0.7, 0.97, 0.995})
    for (auto size : {std::pair<index_t, index_t>{17, 23}, {31, 9}, {1, 40}, {40, 1}, {2, 2}, {1, 1}}) {
      INFO("share " << share << ", size " << size.first << "x" << size.second);
      check_against_search(noise(size.first, size.second, share, random));
    }
}

TEST_CASE("squared distances equal an exhaustive search on long thin gaps") {
  mask m = mask::blank(30, 60, 1);
  m(0, 59) = 0;
  m(29, 0) = 0;
  check_against_search(m);
}

TEST_CASE("without a pixel to measure to the distance is unreachable, or ends at the frame") {
  mask const full = mask::blank(5, 7, 1);
  auto const open = vision::squared_distance_to_background(full);
  CHECK(open(2, 3) == vision::unreachable);
  CHECK(std::isinf(vision::root(open)(2, 3)));
  CHECK(vision::squared_distance_to_background(full, vision::frame::boundary)(2, 3) == 9);
  CHECK(vision::squared_distance_to_background(full, vision::frame::boundary)(0, 6) == 1);
  CHECK(vision::squared_distance_to_object(mask::blank(5, 7))(0, 0) == vision::unreachable);
}

TEST_CASE("the distance to a single pixel is the Euclidean map of golden G1") {
  auto const d = vision::root<double>(vision::squared_distance_to_object(box(4, 5, 1, 1, 2, 2)));
  double const golden[4][5] = {{2.236068, 1.414214, 1, 1.414214, 2.236068},
                               {2, 1, 0, 1, 2},
                               {2.236068, 1.414214, 1, 1.414214, 2.236068},
                               {2.828427, 2.236068, 2, 2.236068, 2.828427}};
  for (index_t y = 0; y < 4; ++y)
    for (index_t x = 0; x < 5; ++x) CHECK_NEAR(d(y, x), golden[y][x], 1e-6);
}

TEST_CASE("distances follow translation and mirroring") {
  fsis::random_stream random(11);
  mask const m = noise(20, 24, 0.9, random);
  auto const d = vision::squared_distance_to_background(m);
  auto const flipped = vision::squared_distance_to_background(mirrored(m));
  for (index_t y = 0; y < 20; ++y)
    for (index_t x = 0; x < 24; ++x) REQUIRE(flipped(y, x) == d(y, 23 - x));

  auto const here = vision::squared_distance_to_background(box(40, 40, 5, 14, 3, 19));
  auto const there = vision::squared_distance_to_background(box(40, 40, 15, 24, 10, 26));
  for (index_t y = 0; y < 20; ++y)
    for (index_t x = 0; x < 25; ++x) REQUIRE(there(y + 10, x + 7) == here(y, x));
}

TEST_CASE("a 0x0 mask is refused") {
  CHECK_THROWS_AS(vision::squared_distance_to_background(mask{}), fsis::value_error);
  auto const text = error_text([] { vision::squared_distance_to_object(mask{}); });
  CHECK(mentions(text, "distance_transform", "0x0"));
}
