// SPDX-License-Identifier: MIT
#include <fsis/vision/polygon.hpp>

#include <support/catch.hpp>

#include <limits>

using namespace fsis;
using vision::corner;
using vision::fill_polygon;

TEST_CASE("fill_polygon: pixels whose centre lies inside") {
  mask m = mask::blank(8, 8);
  fill_polygon(m, {{1, 2}, {5, 2}, {5, 6}, {1, 6}});
  CHECK(m.count() == 16);
  CHECK(m(2, 1) == 1);
  CHECK(m(5, 4) == 1);
  CHECK(m(6, 4) == 0);
  CHECK(m(2, 5) == 0);
  // moved by less than half a pixel it covers the same centres
  mask moved = mask::blank(8, 8);
  fill_polygon(moved, {{1.4, 2.4}, {5.4, 2.4}, {5.4, 6.4}, {1.4, 6.4}});
  CHECK(moved == m);
}

TEST_CASE("fill_polygon: a triangle has half the pixels of its square, in either direction") {
  mask a = mask::blank(100, 100), b = mask::blank(100, 100);
  fill_polygon(a, {{0, 0}, {100, 0}, {0, 100}});
  fill_polygon(b, {{0, 100}, {100, 0}, {0, 0}});
  CHECK(a == b);
  CHECK(a.count() >= 4950);
  CHECK(a.count() <= 5050);
}

TEST_CASE("fill_polygon: neighbours share no pixel and leave none") {
  mask m = mask::blank(40, 40);
  double const x = 17.3, y = 22.8;  // a corner that four polygons share
  index_t sum = 0;
  for (auto const& p : std::vector<std::vector<corner>>{{{0, 0}, {40, 0}, {x, y}},
                                                        {{40, 0}, {40, 40}, {x, y}},
                                                        {{40, 40}, {0, 40}, {x, y}},
                                                        {{0, 40}, {0, 0}, {x, y}}}) {
    mask one = mask::blank(40, 40);
    fill_polygon(one, p);
    sum += one.count();
    fill_polygon(m, p, 7);
  }
  CHECK(sum == 1600);
  CHECK(m.count() == 1600);
  CHECK(m(0, 0) == 7);
}

TEST_CASE("fill_polygon: parts beyond the mask, and what it refuses") {
  mask m = mask::blank(5, 5);
  fill_polygon(m, {{-1e9, -1e9}, {1e9, -1e9}, {1e9, 1e9}, {-1e9, 1e9}});
  CHECK(m.count() == 25);
  mask none = mask::blank(5, 5);
  fill_polygon(none, {{10, 10}, {20, 10}, {20, 20}});
  CHECK(none.count() == 0);
  CHECK_THROWS_AS(fill_polygon(none, {{1, 1}, {2, 2}}), value_error);
  CHECK_THROWS_AS(fill_polygon(none, {{1, 1}, {2, 2}, {std::numeric_limits<double>::quiet_NaN(), 0}}), value_error);
}
