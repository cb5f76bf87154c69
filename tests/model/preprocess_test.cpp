// SPDX-License-Identifier: MIT
#include <fsis/model/preprocess.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>

#include <cstdint>
#include <limits>
#include <ostream>

using namespace fsis;

namespace {

struct size_row {
  index_t height, width, longest;
  model::input_size wanted;
};

// red, green, blue of two rows of two pixels
constexpr std::uint8_t rgb[12] = {255, 0, 128, 1, 2, 3, 10, 20, 30, 200, 100, 50};

std::vector<double> normalized(image_view const& picture) {
  cpu_context ctx;
  return to_host(ctx, model::image_tensor<double>(ctx, picture, {}));
}

}  // namespace

TEST_CASE("input_size_of: a multiple of sixteen near the size of the picture, no side above the limit") {
  std::vector<size_row> const table = {
      {384, 384, 384, {384, 384}},  // as it is
      {375, 500, 384, {288, 384}},  // VOC: 288 x 384 exactly
      {500, 375, 384, {384, 288}},
      {333, 500, 384, {256, 384}},  // 255.7
      {100, 100, 384, {96, 96}},    // never enlarged beyond the rounding
      {104, 104, 384, {96, 96}},    // 6.5 cells: to the even one
      {120, 120, 384, {128, 128}},  // 7.5 cells
      {16, 16, 384, {16, 16}},
      {1, 1, 384, {16, 16}},        // at least one cell
      {1, 10000, 384, {16, 384}},
      {3000, 4000, 384, {288, 384}},
      {4000, 3000, 100, {96, 80}},  // the limit need not be a multiple: 96, not 112
      {24, 24, 16, {16, 16}},
  };
  for (auto const& row : table) {
    auto const got = model::input_size_of(row.height, row.width, row.longest, 16);
    INFO(row.height << "x" << row.width << ", longest " << row.longest << " -> " << got.height << "x" << got.width);
    CHECK(got == row.wanted);
  }
}

TEST_CASE("input_size_of: holds for every size") {
  for (index_t h = 1; h < 700; h += 7)
    for (index_t w = 1; w < 700; w += 11) {
      auto const s = model::input_size_of(h, w, 384, 16);
      REQUIRE(s.height % 16 == 0);
      REQUIRE(s.width % 16 == 0);
      REQUIRE(s.height >= 16);
      REQUIRE(s.width >= 16);
      REQUIRE(s.height <= 384);
      REQUIRE(s.width <= 384);
      auto const turned = model::input_size_of(w, h, 384, 16);
      REQUIRE(turned.height == s.width);
    }
}

TEST_CASE("input_size_of: what it refuses") {
  CHECK_THROWS_AS(model::input_size_of(0, 10, 384, 16), value_error);
  CHECK_THROWS_AS(model::input_size_of(10, -1, 384, 16), value_error);
  CHECK_THROWS_AS(model::input_size_of(10, 10, 15, 16), value_error);
  CHECK_THROWS_AS(model::input_size_of(10, 10, 384, 0), value_error);
  CHECK(mentions(error_text([] { model::input_size_of(0, 10, 384, 16); }), "0x10", "384", "16"));
}

TEST_CASE("image_tensor: (byte / 255 - mean) / deviation") {
  auto const x = normalized(image_view(rgb, 2, 2, 6));
  REQUIRE(x.size() == 12);
  CHECK_NEAR(x[0], (1 - 0.485) / 0.229, 1e-12);
  CHECK_NEAR(x[1], -0.456 / 0.224, 1e-12);
  CHECK_NEAR(x[2], (128 / 255.0 - 0.406) / 0.225, 1e-12);
  CHECK_NEAR(x[9], (200 / 255.0 - 0.485) / 0.229, 1e-12);

  cpu_context ctx;
  normalization_constants n;
  n.mean = {{0.48235, 0.45882, 0.40784}};
  n.deviation = {{1 / 255.0, 1 / 255.0, 1 / 255.0}};
  auto const y = model::image_tensor<float>(ctx, image_view(rgb, 2, 2, 6), n);
  CHECK(y.extents() == shape{1, 2, 2, 3});
  CHECK_NEAR(y.data()[0], 255 - 0.48235 * 255, 1e-4);
}

TEST_CASE("image_tensor: the same picture in any order of bytes, with rows apart") {
  auto const wanted = normalized(image_view(rgb, 2, 2, 6));
  std::vector<std::uint8_t> bgr, bgra, rgba, apart;
  for (int pixel = 0; pixel < 4; ++pixel) {
    std::uint8_t const* p = rgb + 3 * pixel;
    bgr.insert(bgr.end(), {p[2], p[1], p[0]});
    bgra.insert(bgra.end(), {p[2], p[1], p[0], 77});
    rgba.insert(rgba.end(), {p[0], p[1], p[2], 77});
    apart.insert(apart.end(), {p[0], p[1], p[2]});
    if (pixel % 2 == 1) apart.insert(apart.end(), {99, 99, 99, 99, 99});
  }
  CHECK(normalized(image_view(bgr.data(), 2, 2, 6, channel_order::bgr)) == wanted);
  CHECK(normalized(image_view(bgra.data(), 2, 2, 8, channel_order::bgra)) == wanted);
  CHECK(normalized(image_view(rgba.data(), 2, 2, 8, channel_order::rgba)) == wanted);
  CHECK(normalized(image_view(apart.data(), 2, 2, 11)) == wanted);
  CHECK(normalized(image(rgb, 2, 2, 3)) == wanted);
}

TEST_CASE("image_tensor: a grey picture is red, green and blue alike") {
  std::uint8_t const grey[2] = {51, 204};
  std::uint8_t const coloured[6] = {51, 51, 51, 204, 204, 204};
  CHECK(normalized(image_view(grey, 1, 2, 2, channel_order::grey)) == normalized(image_view(coloured, 1, 2, 6)));
}

TEST_CASE("mask_tensor: object is 1, void is not object") {
  cpu_context ctx;
  std::uint8_t const bytes[6] = {0, 1, 7, 254, 255, 0};
  auto const m = model::mask_tensor<float>(ctx, mask(bytes, 2, 3));
  CHECK(m.extents() == shape{1, 2, 3, 1});
  CHECK(to_host(ctx, m) == std::vector<float>{0, 1, 1, 1, 0, 0});
}
