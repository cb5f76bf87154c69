// SPDX-License-Identifier: MIT
#include <fsis/vision/region.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>
#include <vision/drawing.hpp>

#include <cmath>

using namespace fsis_test;
using fsis::mask;
using fsis::vision::bounding_box;
using fsis::vision::clamp;
using fsis::vision::expand;
using fsis::vision::overlap;
using fsis::vision::region;

TEST_CASE("regions grow as golden G8 says") {
  struct {
    region box, free, least, cut;
  } const golden[] = {
      {{10, 20, 10, 20}, {7, 23, 7, 23}, {-85, 115, -85, 115}, {0, 115, 0, 115}},
      {{10, 19, 30, 70}, {8, 22, 21, 79}, {-86, 114, -50, 150}, {0, 114, 0, 150}},
      {{0, 4, 0, 4}, {-2, 6, -2, 6}, {-98, 102, -98, 102}, {0, 102, 0, 102}},
      {{100, 300, 50, 450}, {59, 341, -31, 531}, {59, 341, -31, 531}, {59, 341, 0, 531}},
  };
  for (auto const& g : golden) {
    INFO(to_string(g.box));
    CHECK(expand(g.box) == g.free);
    CHECK(expand(g.box, 1.4, 200) == g.least);
    CHECK(clamp(expand(g.box, 1.4, 200), 480, 640) == g.cut);
  }
}

TEST_CASE("halves are rounded to even, golden G8") {
  using fsis::vision::detail::round_half_even;
  CHECK(round_half_even(.5) == 0);
  CHECK(round_half_even(1.5) == 2);
  CHECK(round_half_even(2.5) == 2);
  CHECK(round_half_even(-.5) == 0);
  CHECK(round_half_even(-1.5) == -2);
  CHECK(round_half_even(1e300) > 1000000000);
}

TEST_CASE("overlap is the product of rows' and columns' ratios, golden G8") {
  CHECK_NEAR(overlap({0, 9, 0, 9}, {5, 14, 0, 9}), .333333, 1e-6);
  CHECK_NEAR(overlap({100, 299, 100, 299}, {120, 319, 80, 279}), .66942149, 1e-8);
  CHECK(overlap({0, 9, 0, 9}, {10, 14, 0, 9}) == 0);
  CHECK(overlap({0, 9, 0, 9}, {0, 9, 0, 9}) == 1);
}

TEST_CASE("a bounding box holds every pixel") {
  CHECK(bounding_box(box(9, 12, 3, 5, 2, 10, 255)) == region{3, 5, 2, 10});
  CHECK(bounding_box(drawn({"#...", "...#"})) == region{0, 1, 0, 3});
  CHECK(bounding_box(drawn({"..#.", ".#.."})) == region{0, 1, 1, 2});
  CHECK_FALSE(bounding_box(mask::blank(4, 4)).has_value());
}

TEST_CASE("regions know their size and what they contain") {
  region const r{2, 5, 1, 3};
  CHECK(r.height() == 4);
  CHECK(r.width() == 3);
  CHECK(r.contains(5, 3));
  CHECK_FALSE(r.contains(5.5, 3));
  CHECK_FALSE(r.contains(std::nan(""), 3));
  CHECK(to_string(r) == "rows 2..5, columns 1..3");
}

TEST_CASE("misuse of regions is refused") {
  CHECK_THROWS_AS(bounding_box(mask{}), fsis::value_error);
  CHECK_THROWS_AS(expand({3, 2, 0, 0}), fsis::value_error);
  CHECK_THROWS_AS(expand({0, 1, 0, 1}, std::nan("")), fsis::value_error);
  CHECK(mentions(error_text([] { clamp({-9, -1, 0, 4}, 10, 10); }), "clamp", "rows -9..-1", "10x10"));
}
