// SPDX-License-Identifier: MIT
#include <fsis/vision/morphology.hpp>

#include <support/catch.hpp>
#include <vision/drawing.hpp>

#include <cmath>

using namespace fsis_test;
using fsis::index_t;
using fsis::mask;
namespace vision = fsis::vision;

namespace {

/// One pass of 3x3, written as the definition says.
mask one_pass(mask const& m, bool erosion, bool outside_value) {
  mask out = mask::blank(m.height(), m.width());
  for (index_t y = 0; y < m.height(); ++y)
    for (index_t x = 0; x < m.width(); ++x) {
      bool all = true, any = false;
      for (index_t v = y - 1; v <= y + 1; ++v)
        for (index_t u = x - 1; u <= x + 1; ++u) {
          bool const inside = v >= 0 && u >= 0 && v < m.height() && u < m.width();
          bool const set = inside ? m(v, u) != 0 : outside_value;
          all = all && set;
          any = any || set;
        }
      out(y, x) = erosion ? all : any;
    }
  return out;
}

}  // namespace

TEST_CASE("three erosions and the border ring are golden G22") {
  mask const object = box(20, 20, 4, 15, 5, 14);
  CHECK(vision::erode(object, 3) == box(20, 20, 7, 12, 8, 11));
  CHECK(vision::erode(object, 3).count() == 24);
  mask const ring = vision::border_ring(object);
  CHECK(ring.count() == 104);
  CHECK(ring(2, 3) == 1);
  CHECK(ring(1, 3) == 0);
  CHECK(ring(4, 5) == 0);
}

TEST_CASE("outside the picture counts as object for erosion, golden G22") {
  mask const corner = box(12, 12, 0, 5, 0, 5);
  CHECK(vision::erode(corner).count() == 25);
  CHECK(vision::erode(corner, 1, vision::outside::background).count() == 16);
}

TEST_CASE("n steps equal n passes of 3x3") {
  fsis::random_stream random(3);
  for (double share : {0.1, 0.9})
    for (auto size : {std::pair<index_t, index_t>{13, 17}, {1, 9}, {8, 1}}) {
      mask const m = noise(size.first, size.second, share, random);
      mask dilated = m, kept = m, shrunk = m;
      for (index_t n = 0; n <= 4; ++n) {
        INFO("steps " << n << ", share " << share);
        CHECK(vision::dilate(m, n) == dilated);
        CHECK(vision::erode(m, n) == kept);
        CHECK(vision::erode(m, n, vision::outside::background) == shrunk);
        dilated = one_pass(dilated, false, false);
        kept = one_pass(kept, true, true);
        shrunk = one_pass(shrunk, true, false);
      }
    }
}

TEST_CASE("morphology takes any nonzero byte and any number of steps") {
  mask const m = box(6, 6, 2, 2, 2, 2, 255);
  CHECK(vision::dilate(m, 1000000000000) == mask::blank(6, 6, 1));
  CHECK(vision::erode(m, 0) == box(6, 6, 2, 2, 2, 2));
  CHECK(vision::erode(mask::blank(4, 4, 7), 1000000000000) == mask::blank(4, 4, 1));
}

TEST_CASE("the ring of an empty object is empty") {
  CHECK(vision::border_ring(mask::blank(5, 5)).count() == 0);
}

TEST_CASE("misuse of morphology is refused") {
  CHECK_THROWS_AS(vision::dilate(mask{}), fsis::value_error);
  CHECK_THROWS_AS(vision::border_ring(mask::blank(3, 3), 0), fsis::value_error);
  CHECK_THROWS_AS(vision::border_ring(mask::blank(3, 3), std::nan("")), fsis::value_error);
  CHECK(mentions(error_text([] { vision::erode(mask::blank(3, 3), -1); }), "erode", "-1 steps"));
}
