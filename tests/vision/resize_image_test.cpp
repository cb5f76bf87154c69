// SPDX-License-Identifier: MIT
#include <fsis/vision/resize_image.hpp>

#include <support/catch.hpp>
#include <vision/drawing.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

using namespace fsis_test;
using fsis::image;
using fsis::image_view;
using fsis::index_t;
using fsis::mask;
using fsis::vision::resize_image;
using fsis::vision::resize_mask;

namespace {

image noisy_image(index_t height, index_t width, std::uint64_t seed) {
  fsis::random_stream random(seed);
  image out = image::blank(height, width);
  for (index_t i = 0; i < height * width * 3; ++i)
    out.data()[i] = static_cast<std::uint8_t>(random.below(256));
  return out;
}

image grey_line(std::vector<std::uint8_t> const& v) {
  return image(image_view(v.data(), 1, static_cast<index_t>(v.size()), static_cast<index_t>(v.size()),
                          fsis::channel_order::grey));
}

void check_line(image const& line, std::vector<int> const& expected) {
  REQUIRE(line.width() == static_cast<index_t>(expected.size()));
  for (index_t x = 0; x < line.width(); ++x) CHECK(line(0, x, 1) == expected[static_cast<std::size_t>(x)]);
}

}  // namespace

TEST_CASE("a picture of one colour keeps it at any size") {
  std::uint8_t const pixel[3] = {0, 255, 37};
  image const dot(pixel, 1, 1, 3);
  for (auto size : {std::pair<index_t, index_t>{1, 1}, {7, 13}, {100, 3}, {33, 64}}) {
    image const plain = resize_image(dot, size.first, size.second);
    for (auto back : {std::pair<index_t, index_t>{5, 5}, {99, 17}, {3, 41}, {1, 1}}) {
      image const again = resize_image(plain, back.first, back.second);
      index_t wrong = 0;
      for (index_t i = 0; i < back.first * back.second; ++i)
        for (index_t c = 0; c < 3; ++c) wrong += again.data()[3 * i + c] != pixel[c];
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("equal size copies") {
  CHECK(same(resize_image(noisy_image(9, 14, 1), 9, 14), noisy_image(9, 14, 1)));
}

TEST_CASE("enlarging is bilinear with half-pixel centres") {
  // golden G11, align_corners = false: 0 .357143 .928571 1.5 2.071429 2.642857 3, here times 70
  check_line(resize_image(grey_line({0, 70, 140, 210}), 1, 7), {0, 25, 65, 105, 145, 185, 210});
  image corner = image::blank(2, 2);
  corner(0, 1, 0) = 40;
  corner(1, 0, 0) = 80;
  corner(1, 1, 0) = 160;
  image const four = resize_image(corner, 4, 4);
  // golden G11, row 1: .5 .8125 1.4375 1.75, here times 40
  int const row1[] = {20, 33, 58, 70};
  for (index_t x = 0; x < 4; ++x) CHECK(std::abs(four(1, x, 0) - row1[x]) <= 1);
  CHECK(four(1, 0, 1) == 0);
}

TEST_CASE("shrinking averages areas") {
  check_line(resize_image(grey_line({0, 100, 200, 40}), 1, 2), {50, 120});
  // three pixels into two: each covers one and a half
  check_line(resize_image(grey_line({30, 60, 120}), 1, 2), {40, 100});
  // a fine chequerboard becomes grey instead of vanishing
  image chequers = image::blank(64, 64);
  for (index_t y = 0; y < 64; ++y)
    for (index_t x = 0; x < 64; ++x)
      for (index_t c = 0; c < 3; ++c) chequers(y, x, c) = (x + y) % 2 ? 255 : 0;
  image const grey = resize_image(chequers, 8, 8);
  for (index_t i = 0; i < 8 * 8 * 3; ++i) CHECK(grey.data()[i] == 128);
}

TEST_CASE("shrinking keeps the mean and mirrors with the picture") {
  image const from = noisy_image(37, 53, 2);
  image flipped = from;
  for (index_t y = 0; y < 37; ++y)
    for (index_t x = 0; x < 53; ++x)
      for (index_t c = 0; c < 3; ++c) flipped(y, x, c) = from(y, 52 - x, c);
  image const small = resize_image(from, 10, 17), small_flipped = resize_image(flipped, 10, 17);
  double before = 0, after = 0;
  for (index_t i = 0; i < 37 * 53 * 3; ++i) before += from.data()[i];
  for (index_t i = 0; i < 10 * 17 * 3; ++i) after += small.data()[i];
  CHECK(std::abs(before / (37 * 53 * 3) - after / (10 * 17 * 3)) < 0.2);
  for (index_t y = 0; y < 10; ++y)
    for (index_t x = 0; x < 17; ++x)
      REQUIRE(std::abs(small(y, x, 0) - small_flipped(y, 16 - x, 0)) <= 1);
}

TEST_CASE("borrowed pictures of any order are read by colour") {
  image const rgb = noisy_image(6, 5, 3);
  std::vector<std::uint8_t> bgra(6 * 24, 9);
  for (index_t y = 0; y < 6; ++y)
    for (index_t x = 0; x < 5; ++x)
      for (index_t c = 0; c < 3; ++c) bgra[static_cast<std::size_t>(y * 24 + x * 4 + 2 - c)] = rgb(y, x, c);
  image_view const view(bgra.data(), 6, 5, 24, fsis::channel_order::bgra);
  CHECK(same(resize_image(view, 11, 3), resize_image(rgb, 11, 3)));
}

TEST_CASE("masks take the pixel under the centre and never mix") {
  mask const five = drawn({"01234"});
  CHECK(resize_mask(five, 1, 3) == drawn({"024"}));
  CHECK(resize_mask(five, 1, 8) == drawn({"00122344"}));
  CHECK(resize_mask(drawn({"12", "34"}), 4, 4) == drawn({"1122", "1122", "3344", "3344"}));
  fsis::random_stream random(4);
  mask const m = noise(13, 21, 0.4, random);
  CHECK(resize_mask(m, 13, 21) == m);
  CHECK(resize_mask(resize_mask(m, 39, 63), 13, 21) == m);
  CHECK(resize_mask(mirrored(m), 7, 9) == mirrored(resize_mask(m, 7, 9)));
}

TEST_CASE("a target without pixels is refused") {
  CHECK_THROWS_AS(resize_image(noisy_image(3, 3, 5), 0, 4), fsis::value_error);
  CHECK_THROWS_AS(resize_image(image{}, 4, 4), fsis::value_error);
  CHECK_THROWS_AS(resize_mask(mask{}, 4, 4), fsis::value_error);
  CHECK(mentions(error_text([] { resize_mask(mask::blank(3, 3), 4, -1); }), "resize_mask", "4x-1"));
}
