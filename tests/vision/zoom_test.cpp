// SPDX-License-Identifier: MIT
#include <fsis/vision/zoom.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>
#include <vision/drawing.hpp>

#include <cmath>
#include <optional>

using namespace fsis_test;
using fsis::click;
using fsis::mask;
using fsis::negative;
using fsis::positive;
using fsis::vision::adopts;
using fsis::vision::crop_mapping;
using fsis::vision::make_zoom;
using fsis::vision::propose_region;
using fsis::vision::region;
using fsis::vision::zoom;
using fsis::vision::zoom_options;

namespace {

zoom golden(crop_mapping mapping) {
  zoom_options o;
  o.mapping = mapping;
  return make_zoom({40, 240, 100, 400}, o);
}

void check_moves(zoom const& z, click const& from, double y, double x) {
  click const to = z.to_crop(from);
  CHECK_NEAR(to.y, y, 1e-6);
  CHECK_NEAR(to.x, x, 1e-6);
  CHECK(to.is_positive == from.is_positive);
  click const back = z.to_photo(to);
  CHECK_NEAR(back.y, from.y, 1e-9);
  CHECK_NEAR(back.x, from.x, 1e-9);
}

}  // namespace

TEST_CASE("the crop keeps the region's shape, golden G9") {
  zoom const z = golden(crop_mapping::aligned_corners);
  CHECK(z.height == 267);
  CHECK(z.width == 400);
  CHECK(make_zoom({0, 0, 0, 999}).height == 1);
}

TEST_CASE("the reference's click mapping is golden G9") {
  zoom const z = golden(crop_mapping::size_ratio);
  check_moves(z, positive(40, 100), 0, 0);
  check_moves(z, negative(140, 250), 132.835821, 199.335548);
  check_moves(z, positive(240, 400), 265.671642, 398.671096);
  check_moves(z, negative(30, 90), -13.283582, -13.289037);
}

TEST_CASE("the exact click mapping is golden G9") {
  zoom const z = golden(crop_mapping::aligned_corners);
  check_moves(z, positive(40, 100), 0, 0);
  check_moves(z, negative(140, 250), 133, 199.5);
  check_moves(z, positive(240, 400), 266, 399);
}

TEST_CASE("the half-pixel mapping keeps the corners of the picture's area") {
  zoom const z = golden(crop_mapping::half_pixel);
  check_moves(z, positive(39.5, 99.5), -0.5, -0.5);
  check_moves(z, positive(240.5, 400.5), 266.5, 399.5);
}

TEST_CASE("a region of one pixel is mapped without dividing by zero") {
  zoom_options o;
  o.target = 5;
  for (crop_mapping m : {crop_mapping::aligned_corners, crop_mapping::half_pixel, crop_mapping::size_ratio}) {
    o.mapping = m;
    zoom const z = make_zoom({7, 7, 9, 9}, o);
    click const back = z.to_photo(z.to_crop(positive(7, 9)));
    CHECK(back == positive(7, 9));
  }
}

TEST_CASE("the proposed region holds prediction and positive clicks") {
  zoom_options o;
  o.min_size = 0;
  mask const predicted = box(480, 640, 10, 19, 30, 70);
  CHECK(propose_region(predicted, {}, o) == region{8, 22, 21, 79});
  CHECK(propose_region(predicted, {negative(400, 600)}, o) == region{8, 22, 21, 79});
  CHECK(propose_region(predicted, {positive(18.6, 50.2)}, o) == region{8, 22, 21, 79});
  auto const with_click = propose_region(predicted, {positive(100, 50)}, o);
  CHECK(with_click == region{0, 119, 21, 79});
  auto const beyond = propose_region(predicted, {positive(479.7, -0.4)}, o);
  REQUIRE(beyond.has_value());
  CHECK(beyond->bottom == 479);
  CHECK(beyond->left == 0);
  CHECK_FALSE(propose_region(mask::blank(480, 640), {positive(1, 1)}, o).has_value());
  CHECK(propose_region(predicted, {}) == region{0, 114, 0, 150});
}

TEST_CASE("a new region replaces the old one for a reason") {
  region const old{100, 299, 100, 299};
  CHECK(adopts(std::nullopt, old, {}));
  CHECK_FALSE(adopts(old, {120, 319, 80, 279}, {}));
  CHECK(adopts(old, {200, 399, 200, 399}, {}));
  CHECK(adopts(old, old, {positive(99, 150)}));
  CHECK_FALSE(adopts(old, old, {negative(99, 150)}));
  CHECK_FALSE(adopts(old, old, {positive(299, 299)}));
  CHECK(adopts(old, old, {positive(150, 300)}));
}

TEST_CASE("misuse of zoom is refused") {
  CHECK_THROWS_AS(make_zoom({3, 2, 0, 0}), fsis::value_error);
  zoom_options o;
  o.target = 0;
  CHECK_THROWS_AS(make_zoom({0, 2, 0, 0}, o), fsis::value_error);
  mask const predicted = box(48, 64, 10, 19, 30, 40);
  CHECK_THROWS_AS(propose_region(predicted, {positive(std::nan(""), 0)}), fsis::value_error);
  CHECK_THROWS_AS(propose_region(mask{}, {}), fsis::value_error);
  auto const text = error_text([] { adopts(std::nullopt, {0, 1, 0, 1}, {positive(0, std::nan(""))}); });
  CHECK(mentions(text, "adopts", "nan"));
}
