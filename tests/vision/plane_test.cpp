// SPDX-License-Identifier: MIT
#include <fsis/vision/plane.hpp>

#include <fsis/vision/truth.hpp>

#include <support/catch.hpp>

using fsis::vision::plane;
using fsis::vision::truth_reading;

TEST_CASE("a plane is filled, read and written by row and column") {
  plane<float> p(2, 3, 1.5f);
  CHECK(p.size() == 6);
  CHECK(p(1, 2) == 1.5f);
  p(1, 2) = 4;
  CHECK(p.data()[5] == 4.0f);
  CHECK(plane<int>{}.empty());
}

TEST_CASE("a plane without pixels is refused") {
  CHECK_THROWS_AS((plane<float>(0, 3)), fsis::value_error);
  CHECK(mentions(error_text([] { plane<int>(4, -2); }), "plane", "4x-2"));
}

TEST_CASE("255 is void in label maps and object in pictures of 0 and 255") {
  using namespace fsis::vision;
  CHECK(is_void(255, truth_reading::labels));
  CHECK_FALSE(is_object(255, truth_reading::labels));
  CHECK_FALSE(is_void(255, truth_reading::binary));
  CHECK(is_object(255, truth_reading::binary));
  CHECK(is_object(254, truth_reading::labels));
  CHECK_FALSE(is_object(0, truth_reading::labels));
}
