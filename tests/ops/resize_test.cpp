// SPDX-License-Identifier: MIT
#include <fsis/ops/resize.hpp>

#include <support/catch.hpp>
#include <support/compare.hpp>
#include <support/random_tensor.hpp>
#include <support/threads.hpp>

#include <vector>

using namespace fsis_test;
using fsis::cpu_context;
using fsis::index_t;
using fsis::resize_mode;
using fsis::shape;
using fsis::tensor;
namespace ops = fsis::ops;

namespace {

constexpr resize_mode modes[] = {resize_mode::align_corners, resize_mode::half_pixel, resize_mode::nearest};

char const* name(resize_mode mode) {
  return mode == resize_mode::align_corners ? "align_corners"
         : mode == resize_mode::half_pixel  ? "half_pixel"
                                            : "nearest";
}

struct size_pair {
  index_t from_h, from_w, to_h, to_w;
};

// growing, shrinking, to and from one, equal, by whole and by odd ratios, and back
constexpr size_pair size_pairs[] = {{1, 1, 1, 1},   {1, 1, 5, 7},   {5, 7, 1, 1},     {1, 4, 3, 1},   {4, 1, 1, 3},
                                    {4, 5, 4, 5},   {4, 5, 8, 10},  {8, 10, 4, 5},    {2, 3, 5, 7},   {7, 5, 3, 2},
                                    {6, 6, 41, 47}, {60, 47, 8, 9}, {2, 2, 31, 1},    {13, 17, 12, 18}, {3, 2, 2, 3},
                                    {48, 33, 33, 48}, {9, 9, 9, 4}, {1, 9, 100, 100}, {37, 1, 36, 1}};

/// A row of numbers resized along the width.
std::vector<double> row(std::vector<double> const& values, index_t width, resize_mode mode) {
  cpu_context const ctx;
  auto const x = fsis::from_host<double>(ctx, {1, 1, static_cast<index_t>(values.size()), 1}, values);
  return to_host(ctx, ops::resize(ctx, x, 1, width, mode));
}

std::string wrong(std::vector<double> const& found, std::vector<double> const& expected) {
  return first_difference(found, expected, [](double, double) { return golden; });
}

/// The weight of source sample `src` in destination sample `dst` of one axis, from the definition.
double weight(index_t dst, index_t src, index_t in, index_t out, resize_mode mode) {
  double const i = static_cast<double>(in), o = static_cast<double>(out), d = static_cast<double>(dst);
  if (mode == resize_mode::nearest) return src == dst * in / out ? 1 : 0;
  double const corner = out == 1 ? 0 : d * (i - 1) / (o - 1);
  double const centre = std::min(std::max((d + 0.5) * i / o - 0.5, 0.0), i - 1);
  double const at = mode == resize_mode::align_corners ? corner : centre;
  return std::max(0.0, 1 - std::abs(at - static_cast<double>(src)));
}

}  // namespace

TEST_CASE("a row resized, golden G11") {
  std::vector<double> const v = {0, 1, 2, 3};
  CHECK(wrong(row(v, 7, resize_mode::align_corners), {0, .5, 1, 1.5, 2, 2.5, 3}) == "");
  CHECK(wrong(row(v, 7, resize_mode::half_pixel), {0, .357143, .928571, 1.5, 2.071429, 2.642857, 3}) == "");
  CHECK(wrong(row(v, 3, resize_mode::align_corners), {0, 1.5, 3}) == "");
  CHECK(wrong(row(v, 3, resize_mode::half_pixel), {.166667, 1.5, 2.833333}) == "");
  CHECK(wrong(row(v, 2, resize_mode::align_corners), {0, 3}) == "");
  CHECK(wrong(row(v, 2, resize_mode::half_pixel), {.5, 2.5}) == "");
}

TEST_CASE("a picture of 2x2 resized, golden G11") {
  cpu_context const ctx;
  auto const x = fsis::from_host<double>(ctx, {1, 2, 2, 1}, {0, 1, 2, 4});
  auto const second_row = [&](resize_mode mode) {
    auto const all = to_host(ctx, ops::resize(ctx, x, 4, 4, mode));
    return std::vector<double>(all.begin() + 4, all.begin() + 8);
  };
  CHECK(wrong(second_row(resize_mode::align_corners), {.666667, 1.111111, 1.555556, 2}) == "");
  CHECK(wrong(second_row(resize_mode::half_pixel), {.5, .8125, 1.4375, 1.75}) == "");
  std::vector<double> const three = {0, .5, 1, 1, 1.75, 2.5, 2, 3, 4};
  CHECK(golden_difference(ctx, ops::resize(ctx, x, 3, 3, resize_mode::align_corners), three) == "");
  CHECK(golden_difference(ctx, ops::resize(ctx, x, 3, 3, resize_mode::half_pixel), three) == "");
}

TEST_CASE("nearest samples, golden G11") {
  CHECK(row({0, 1, 2, 3, 4}, 3, resize_mode::nearest) == std::vector<double>{0, 1, 3});
  CHECK(row({0, 1, 2, 3, 4}, 8, resize_mode::nearest) == std::vector<double>{0, 0, 1, 1, 2, 3, 3, 4});
}

TEST_CASE("masks made smaller, golden G11") {
  cpu_context const ctx;
  auto const box = [&](index_t size, index_t top, index_t bottom, index_t left, index_t right) {
    auto m = ops::zeros<double>(ctx, {1, size, size, 1});
    for (index_t y = top; y <= bottom; ++y)
      for (index_t x = left; x <= right; ++x) m.data()[y * size + x] = 1;
    return m;
  };
  auto const middle = box(5, 1, 3, 1, 3);
  CHECK(golden_difference(ctx, ops::resize(ctx, middle, 3, 3, resize_mode::align_corners),
                          {0, 0, 0, 0, 1, 0, 0, 0, 0}) == "");
  double const corner = 1.0 / 9, edge = 1.0 / 3;
  CHECK(golden_difference(ctx, ops::resize(ctx, middle, 3, 3, resize_mode::half_pixel),
                          {corner, edge, corner, edge, 1, edge, corner, edge, corner}) == "");
  auto const upright = box(9, 2, 6, 3, 5);
  double const two_thirds = 2.0 / 3;
  CHECK(golden_difference(ctx, ops::resize(ctx, upright, 4, 4, resize_mode::align_corners),
                          {0, 0, 0, 0, 0, two_thirds, two_thirds, 0, 0, two_thirds, two_thirds, 0, 0, 0, 0, 0}) ==
        "");
  CHECK(golden_difference(ctx, ops::resize(ctx, upright, 3, 3, resize_mode::align_corners),
                          {0, 0, 0, 0, 1, 0, 0, 0, 0}) == "");
}

/// One axis after the other, and both at once with vectors along the channels.
constexpr index_t few_and_many_channels[] = {1, 3, 9};

std::vector<std::pair<size_pair, resize_mode>> sizes_and_modes() {
  std::vector<std::pair<size_pair, resize_mode>> all;
  for (auto const& s : size_pairs)
    for (resize_mode mode : modes) all.emplace_back(s, mode);
  return all;
}

TEMPLATE_TEST_CASE("resize equals its definition as a matrix for each axis", "", float, double) {
  cpu_context const ctx;
  index_t const N = 2;
  for (index_t C : few_and_many_channels)
    for (auto const& [s, mode] : sizes_and_modes()) {
      INFO(name(mode) << " " << C << " channels, " << s.from_h << "x" << s.from_w << " to " << s.to_h << "x" << s.to_w);
      auto const x = random_tensor<TestType>(ctx, {N, s.from_h, s.from_w, C}, 1);
      auto const y = ops::resize(ctx, x, s.to_h, s.to_w, mode);
      REQUIRE(y.extents() == shape{N, s.to_h, s.to_w, C});
      auto const in = x.template view<4>();
      std::vector<double> rows(static_cast<std::size_t>(N * s.to_h * s.from_w * C)), expected;
      for (index_t n = 0, at = 0; n < N; ++n)
        for (index_t p = 0; p < s.to_h; ++p)
          for (index_t w = 0; w < s.from_w; ++w)
            for (index_t c = 0; c < C; ++c, ++at)
              for (index_t h = 0; h < s.from_h; ++h)
                rows[static_cast<std::size_t>(at)] +=
                    weight(p, h, s.from_h, s.to_h, mode) * static_cast<double>(in(n, h, w, c));
      for (index_t line = 0; line < N * s.to_h; ++line)
        for (index_t q = 0; q < s.to_w; ++q)
          for (index_t c = 0; c < C; ++c) {
            double sum = 0;
            for (index_t w = 0; w < s.from_w; ++w)
              sum += weight(q, w, s.from_w, s.to_w, mode) *
                     rows[static_cast<std::size_t>((line * s.from_w + w) * C + c)];
            expected.push_back(sum);
          }
      CHECK(difference(ctx, y, expected) == "");
    }
}

TEMPLATE_TEST_CASE("resize's backward pass is its adjoint", "", float, double) {
  cpu_context const ctx;
  for (index_t C : few_and_many_channels)
    for (auto const& [s, mode] : sizes_and_modes()) {
      INFO(name(mode) << " " << C << " channels, " << s.from_h << "x" << s.from_w << " to " << s.to_h << "x" << s.to_w);
      auto const x = random_tensor<TestType>(ctx, {2, s.from_h, s.from_w, C}, 1);
      auto const y = ops::resize(ctx, x, s.to_h, s.to_w, mode);
      auto noisy = random_tensor<TestType>(ctx, y.extents(), 2);
      ops::accumulate(ctx, y, noisy);
      auto const dx = ops::resize_backward(ctx, noisy, s.from_h, s.from_w, mode);
      REQUIRE(dx.extents() == x.extents());
      CHECK(relative_difference(ops::dot(ctx, y, noisy), ops::dot(ctx, x, dx)) <= tolerance<TestType>::relative);
    }
}

TEST_CASE("every source pixel's gradient counts each of its readers once") {
  // with dy = 1 everywhere the sums of dx and dy agree, and dx is the column sum of the interpolation matrix
  cpu_context const ctx;
  for (auto const& s : size_pairs)
    for (resize_mode mode : modes) {
      INFO(name(mode) << " " << s.from_h << "x" << s.from_w << " to " << s.to_h << "x" << s.to_w);
      auto const dx =
          ops::resize_backward(ctx, ops::full(ctx, {1, s.to_h, s.to_w, 1}, 1.0), s.from_h, s.from_w, mode);
      std::vector<double> expected;
      for (index_t h = 0; h < s.from_h; ++h)
        for (index_t w = 0; w < s.from_w; ++w) {
          double down = 0, across = 0;
          for (index_t p = 0; p < s.to_h; ++p) down += weight(p, h, s.from_h, s.to_h, mode);
          for (index_t q = 0; q < s.to_w; ++q) across += weight(q, w, s.from_w, s.to_w, mode);
          expected.push_back(down * across);
        }
      CHECK(difference(ctx, dx, expected) == "");
    }
}

TEMPLATE_TEST_CASE("a constant picture stays constant to the last bit", "", float, double) {
  cpu_context const ctx;
  for (index_t C : few_and_many_channels)
    for (auto const& [s, mode] : sizes_and_modes()) {
      auto const y =
          ops::resize(ctx, ops::full(ctx, {1, s.from_h, s.from_w, C}, TestType(0.3)), s.to_h, s.to_w, mode);
      CHECK(to_host(ctx, y) == std::vector<TestType>(static_cast<std::size_t>(s.to_h * s.to_w * C), TestType(0.3)));
    }
}

TEST_CASE("the same size gives the same elements, without a copy") {
  cpu_context const ctx;
  auto const x = random_tensor<float>(ctx, {2, 3, 4, 5}, 1);
  for (resize_mode mode : modes) {
    CHECK(ops::resize(ctx, x, 3, 4, mode).data() == x.data());
    CHECK(ops::resize_backward(ctx, x, 3, 4, mode).data() == x.data());
  }
}

TEST_CASE("aligned corners keep the corners to the last bit") {
  cpu_context const ctx;
  auto const x = random_tensor<float>(ctx, {1, 7, 11, 1}, 1);
  auto const in = x.view<4>();
  for (index_t size : {2, 3, 29, 480}) {
    auto const y = ops::resize(ctx, x, size, size + 1);
    auto const out = y.view<4>();
    CHECK(out(0, 0, 0, 0) == in(0, 0, 0, 0));
    CHECK(out(0, 0, size, 0) == in(0, 0, 10, 0));
    CHECK(out(0, size - 1, 0, 0) == in(0, 6, 0, 0));
    CHECK(out(0, size - 1, size, 0) == in(0, 6, 10, 0));
  }
}

TEST_CASE("resize's bytes do not depend on the number of threads") {
  for (resize_mode mode : modes) {
    INFO(name(mode));
    CHECK(same_bytes_for_any_threads([&](cpu_context const& ctx) {
      return ops::resize(ctx, random_tensor<float>(ctx, {2, 60, 47, 5}, 1), 237, 190, mode);
    }));
    CHECK(same_bytes_for_any_threads([&](cpu_context const& ctx) {
      return ops::resize_backward(ctx, random_tensor<float>(ctx, {2, 237, 190, 5}, 1), 60, 47, mode);
    }));
  }
}

TEST_CASE("resize says what does not fit") {
  cpu_context const ctx;
  tensor<float> const x(ctx, {1, 4, 5, 2}), matrix(ctx, {4, 5}), empty(ctx, {1, 0, 5, 2});
  CHECK(mentions(error_text([&] { ops::resize(ctx, matrix, 2, 2); }), "resize", "(4,5)", "(N,H,W,C)"));
  CHECK(mentions(error_text([&] { ops::resize(ctx, empty, 2, 2); }), "(1,0,5,2)", "not empty"));
  CHECK(mentions(error_text([&] { ops::resize(ctx, x, 0, 7); }), "target 0x7"));
  CHECK(mentions(error_text([&] { ops::resize(ctx, x, 3, -1); }), "target 3x-1"));
  CHECK(mentions(error_text([&] { ops::resize_backward(ctx, x, 0, 2); }), "resize_backward", "0x2"));
  CHECK_THROWS_AS(ops::resize_backward(ctx, matrix, 2, 2), fsis::shape_error);
}
