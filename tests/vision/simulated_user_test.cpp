// SPDX-License-Identifier: MIT
#include <fsis/vision/simulated_user.hpp>

#include <support/catch.hpp>
#include <vision/drawing.hpp>

#include <limits>
#include <vector>

using namespace fsis_test;
using fsis::click;
using fsis::mask;
using fsis::negative;
using fsis::positive;
using fsis::vision::next_click;
using fsis::vision::truth_reading;

namespace {
mask const block = box(8, 10, 1, 5, 2, 6);
mask const nothing = mask::blank(8, 10);
}  // namespace

TEST_CASE("a user clicks the middle of what was missed, then the next, golden G19") {
  std::vector<click> made;
  for (click const& expected : {positive(3, 4), positive(2, 3), positive(2, 4), positive(2, 5)}) {
    auto const c = next_click(block, nothing, made);
    REQUIRE(c.has_value());
    CHECK(*c == expected);
    made.push_back(*c);
  }
}

TEST_CASE("the deeper error decides the sign, golden G19") {
  auto const c = next_click(block, box(8, 10, 2, 7, 4, 9), {positive(3, 4)});
  REQUIRE(c.has_value());
  CHECK(*c == negative(3, 8));
}

TEST_CASE("the border of the picture is an edge, golden G19") {
  auto const c = next_click(box(5, 5, 0, 4, 0, 2), mask::blank(5, 5));
  REQUIRE(c.has_value());
  CHECK(*c == positive(1, 1));
}

TEST_CASE("equally deep errors give a negative click") {
  auto const c = next_click(box(7, 14, 2, 4, 1, 3), box(7, 14, 2, 4, 8, 10));
  REQUIRE(c.has_value());
  CHECK(*c == negative(3, 9));
}

TEST_CASE("a perfect prediction leaves nothing to click") {
  CHECK_FALSE(next_click(block, block).has_value());
}

TEST_CASE("when every wrong pixel has been clicked nothing is left") {
  mask almost = block;
  almost(1, 2) = 0;
  auto const c = next_click(block, almost);
  REQUIRE(c.has_value());
  CHECK(*c == positive(1, 2));
  CHECK_FALSE(next_click(block, almost, {*c}).has_value());
}

TEST_CASE("void pixels are no error, unless the truth is a picture of 0 and 255") {
  mask truth = block;
  for (fsis::index_t y = 1; y <= 5; ++y) truth(y, 7) = mask::void_label;
  CHECK_FALSE(next_click(truth, block).has_value());
  mask spilled = block;
  spilled(3, 7) = 1;
  CHECK_FALSE(next_click(truth, spilled).has_value());

  mask const picture = box(8, 10, 1, 5, 2, 6, 255);
  auto const c = next_click(picture, nothing, {}, truth_reading::binary);
  REQUIRE(c.has_value());
  CHECK(*c == positive(3, 4));
  auto const text = error_text([&] { next_click(picture, nothing); });
  CHECK(mentions(text, "next_click", "25", "truth_reading::binary"));
}

TEST_CASE("clicks mirror with the picture where the depth is unique") {
  auto const c = next_click(mirrored(block), nothing);
  REQUIRE(c.has_value());
  CHECK(*c == positive(3, 5));
}

TEST_CASE("clicks made outside the picture or between pixels are taken as they are") {
  auto const c = next_click(block, nothing, {positive(3.4, 4.4), negative(-5, 1e300)});
  REQUIRE(c.has_value());
  CHECK(*c == positive(2, 3));
}

TEST_CASE("a truth without object, other sizes and NaN are refused") {
  CHECK_THROWS_AS(next_click(nothing, nothing), fsis::value_error);
  CHECK_THROWS_AS(next_click(mask{}, nothing), fsis::value_error);
  CHECK(mentions(error_text([] { next_click(block, mask::blank(8, 11)); }), "next_click", "8x10", "8x11"));
  CHECK_THROWS_AS(next_click(block, mask::blank(8, 11)), fsis::shape_error);
  double const nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(next_click(block, nothing, {positive(nan, 0)}), fsis::value_error);
}
