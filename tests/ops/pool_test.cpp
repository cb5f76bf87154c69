// SPDX-License-Identifier: MIT
#include <fsis/ops/pool.hpp>

#include <support/catch.hpp>
#include <support/compare.hpp>
#include <support/random_tensor.hpp>
#include <support/threads.hpp>

#include <limits>
#include <vector>

using namespace fsis_test;
using fsis::cpu_context;
using fsis::extent2;
using fsis::index_t;
using fsis::pool_options;
using fsis::rounding;
using fsis::shape;
using fsis::tensor;
namespace ops = fsis::ops;

namespace {

pool_options pool_with(extent2 window, extent2 stride, extent2 padding = {0, 0}, rounding round = rounding::down,
                       bool count_padding = true) {
  pool_options o;
  o.window = window;
  o.stride = stride;
  o.padding = padding;
  o.round = round;
  o.count_padding = count_padding;
  return o;
}

/// Every way to pool the sizes below.
std::vector<pool_options> all_options() {
  std::vector<pool_options> all;
  for (rounding round : {rounding::down, rounding::up})
    for (bool count : {true, false}) {
      all.push_back(pool_with({2, 2}, {2, 2}, {0, 0}, round, count));
      all.push_back(pool_with({3, 3}, {2, 2}, {1, 1}, round, count));
      all.push_back(pool_with({3, 2}, {1, 3}, {0, 1}, round, count));
      all.push_back(pool_with({1, 1}, {2, 2}, {0, 0}, round, count));
      all.push_back(pool_with({4, 3}, {3, 2}, {2, 1}, round, count));
      all.push_back(pool_with({1, 3}, {1, 1}, {0, 0}, round, count));
      all.push_back(pool_with({2, 2}, {3, 5}, {1, 0}, round, count));
    }
  return all;
}

// one channel, fewer and more than a vector has lanes, whole vectors and a rest
std::vector<shape> const sizes = {{1, 6, 8, 1}, {2, 7, 5, 3}, {1, 4, 3, 8}, {3, 9, 10, 5}, {1, 5, 4, 45}, {1, 3, 3, 32}};

/// What a window sees, pixel by pixel, from the definition alone.
struct window {
  std::vector<index_t> pixels;  // h * W + w, row-major
  index_t padded = 0;           // pixels of the window inside the padded picture
};

std::vector<window> windows_of(shape const& x, pool_options const& o, index_t& P, index_t& Q) {
  auto const count = [&](index_t extent, index_t size, index_t stride, index_t padding) {
    index_t n = 0;
    for (index_t start = -padding;; start += stride, ++n) {
      bool const fits = start + size <= extent + padding;
      bool const starts_inside = start < extent;  // rounding up: a window may leave the picture but not start outside
      bool const reaches_new = n == 0 || start - stride + size < extent + padding;
      if (!(fits || (o.round == rounding::up && starts_inside && reaches_new))) return n;
    }
  };
  P = count(x[1], o.window.y, o.stride.y, o.padding.y);
  Q = count(x[2], o.window.x, o.stride.x, o.padding.x);
  std::vector<window> all;
  for (index_t p = 0; p < P; ++p)
    for (index_t q = 0; q < Q; ++q) {
      window v;
      for (index_t r = 0; r < o.window.y; ++r)
        for (index_t s = 0; s < o.window.x; ++s) {
          index_t const h = p * o.stride.y - o.padding.y + r, w = q * o.stride.x - o.padding.x + s;
          if (h < x[1] + o.padding.y && w < x[2] + o.padding.x) ++v.padded;
          if (h >= 0 && h < x[1] && w >= 0 && w < x[2]) v.pixels.push_back(h * x[2] + w);
        }
      all.push_back(v);
    }
  return all;
}

/// Calls `f(index of an output element, its window, function from pixel to index of an input element)`.
template <class F>
void for_each_output(shape const& x, std::vector<window> const& windows, F f) {
  index_t const C = x[3], pixels = x[1] * x[2], count = static_cast<index_t>(windows.size());
  for (index_t n = 0; n < x[0]; ++n)
    for (index_t i = 0; i < count; ++i)
      for (index_t c = 0; c < C; ++c)
        f(static_cast<std::size_t>((n * count + i) * C + c), windows[static_cast<std::size_t>(i)],
          [=](index_t pixel) { return static_cast<std::size_t>((n * pixels + pixel) * C + c); });
}

}  // namespace

TEST_CASE("the number of windows, rounded down and up") {
  auto const rows = [](index_t extent, index_t window, index_t stride, index_t padding, rounding round) {
    return ops::pool_geometry_of("pool", {1, extent, 9, 1}, pool_with({window, 1}, {stride, 1}, {padding, 0}, round))
        .P;
  };
  CHECK(rows(5, 2, 2, 0, rounding::down) == 2);
  CHECK(rows(5, 2, 2, 0, rounding::up) == 3);
  CHECK(rows(6, 3, 2, 1, rounding::down) == 3);
  CHECK(rows(6, 3, 2, 1, rounding::up) == 4);
  CHECK(rows(375, 2, 2, 0, rounding::down) == 187);
  CHECK(rows(375, 2, 2, 0, rounding::up) == 188);
  // a window that would start in the padding below the picture is left out
  CHECK(rows(3, 2, 2, 1, rounding::up) == 2);
  CHECK(rows(4, 1, 3, 0, rounding::up) == 2);
}

TEMPLATE_TEST_CASE("max_pool equals its definition", "", float, double) {
  cpu_context const ctx;
  for (auto const& x_extents : sizes)
    for (auto const& o : all_options()) {
      index_t P = 0, Q = 0;
      auto const windows = windows_of(x_extents, o, P, Q);
      INFO("input " << to_string(x_extents) << ", window " << o.window.y << "x" << o.window.x << ", stride "
                    << o.stride.y << "x" << o.stride.x);
      auto const x = random_tensor<TestType>(ctx, x_extents, 1);
      auto const in = to_host(ctx, x);
      auto const result = ops::max_pool_with_origin(ctx, x, o);
      REQUIRE(result.y.extents() == shape{x_extents[0], P, Q, x_extents[3]});
      CHECK(to_host(ctx, ops::max_pool(ctx, x, o)) == to_host(ctx, result.y));

      auto const dy = random_tensor<TestType>(ctx, result.y.extents(), 2);
      auto const y = to_host(ctx, result.y), g = to_host(ctx, dy);
      auto const from = to_host(ctx, result.from);
      std::vector<double> dx(in.size());
      bool right = true;
      for_each_output(x_extents, windows, [&](std::size_t out, window const& v, auto element) {
        index_t best = v.pixels[0];
        for (index_t pixel : v.pixels)
          if (in[element(pixel)] > in[element(best)]) best = pixel;
        right = right && y[out] == in[element(best)] && from[out] == best;
        dx[element(best)] += static_cast<double>(g[out]);
      });
      CHECK(right);
      CHECK(difference(ctx, ops::max_pool_backward(ctx, dy, result.from, x_extents, o), dx) == "");
    }
}

TEMPLATE_TEST_CASE("average_pool equals its definition, and its backward pass is the adjoint", "", float, double) {
  cpu_context const ctx;
  for (auto const& x_extents : sizes)
    for (auto const& o : all_options()) {
      index_t P = 0, Q = 0;
      auto const windows = windows_of(x_extents, o, P, Q);
      INFO("input " << to_string(x_extents) << ", window " << o.window.y << "x" << o.window.x << ", stride "
                    << o.stride.y << "x" << o.stride.x << ", padding counts " << o.count_padding);
      auto const x = random_tensor<TestType>(ctx, x_extents, 3);
      auto const in = to_host(ctx, x);
      auto const y = ops::average_pool(ctx, x, o);
      auto const dy = random_tensor<TestType>(ctx, y.extents(), 4);
      auto const g = to_host(ctx, dy);
      REQUIRE(y.extents() == shape{x_extents[0], P, Q, x_extents[3]});
      std::vector<double> expected(g.size()), dx(in.size());
      for_each_output(x_extents, windows, [&](std::size_t out, window const& v, auto element) {
        double const share = 1.0 / static_cast<double>(o.count_padding ? v.padded
                                                                       : static_cast<index_t>(v.pixels.size()));
        for (index_t pixel : v.pixels) {
          expected[out] += static_cast<double>(in[element(pixel)]) * share;
          dx[element(pixel)] += static_cast<double>(g[out]) * share;
        }
      });
      CHECK(difference(ctx, y, expected) == "");
      auto const back = ops::average_pool_backward(ctx, dy, x_extents, o);
      CHECK(difference(ctx, back, dx) == "");
      CHECK_NEAR(ops::dot(ctx, y, dy), ops::dot(ctx, x, back), 30 * tolerance<TestType>::absolute);
    }
}

TEST_CASE("average_pool of one row, by hand") {
  cpu_context const ctx;
  auto const x = fsis::from_host<double>(ctx, {1, 1, 5, 1}, {1, 2, 3, 4, 5});
  auto const row = [&](pool_options const& o) { return to_host(ctx, ops::average_pool(ctx, x, o)); };
  CHECK(row(pool_with({1, 2}, {1, 2}, {0, 0}, rounding::down)) == std::vector<double>{1.5, 3.5});
  CHECK(row(pool_with({1, 2}, {1, 2}, {0, 0}, rounding::up)) == std::vector<double>{1.5, 3.5, 5});
  CHECK(row(pool_with({1, 2}, {1, 2}, {0, 1})) == std::vector<double>{0.5, 2.5, 4.5});
  CHECK(row(pool_with({1, 2}, {1, 2}, {0, 1}, rounding::down, false)) == std::vector<double>{1, 2.5, 4.5});
  auto const mean = ops::global_average_pool(ctx, fsis::from_host<double>(ctx, {1, 2, 1, 2}, {1, 10, 3, 30}));
  CHECK(mean.extents() == shape{1, 1, 1, 2});
  CHECK(to_host(ctx, mean) == std::vector<double>{2, 20});
}

TEST_CASE("NaN propagates through max_pool") {
  cpu_context const ctx;
  float const nan = std::numeric_limits<float>::quiet_NaN();
  for (std::size_t at = 0; at < 4; ++at) {
    std::vector<float> values = {1, 2, 3, 4};
    values[at] = nan;
    auto const result = ops::max_pool_with_origin(ctx, fsis::from_host<float>(ctx, {1, 2, 2, 1}, values));
    CHECK(std::isnan(item(ctx, result.y)));
    CHECK(item(ctx, result.from) == static_cast<std::int32_t>(at));
  }
}

TEST_CASE("NaN propagates through max_pool in every channel, with and without origins") {
  cpu_context const ctx;
  constexpr index_t C = 45;  // a vector's lanes and a rest
  float const nan = std::numeric_limits<float>::quiet_NaN();
  for (std::size_t at = 0; at < 4; ++at) {
    std::vector<float> values(4 * C, 1.0f);
    for (std::size_t c = 0; c < C; c += 2) values[at * C + c] = nan;
    auto const x = fsis::from_host<float>(ctx, {1, 2, 2, C}, values);
    auto const result = ops::max_pool_with_origin(ctx, x);
    auto const y = to_host(ctx, ops::max_pool(ctx, x)), with_origin = to_host(ctx, result.y);
    auto const from = to_host(ctx, result.from);
    bool right = true;
    for (std::size_t c = 0; c < C; ++c)
      right = right && std::isnan(y[c]) == (c % 2 == 0) && std::isnan(with_origin[c]) == (c % 2 == 0) &&
              from[c] == (c % 2 == 0 ? static_cast<std::int32_t>(at) : 0);
    CHECK(right);
  }
}

TEST_CASE("of equal numbers the first in row-major order is the maximum") {
  cpu_context const ctx;
  auto const same = ops::full(ctx, {1, 4, 6, 2}, 3.0f);
  auto const result = ops::max_pool_with_origin(ctx, same);
  CHECK(to_host(ctx, result.from) == std::vector<std::int32_t>{0, 0, 2, 2, 4, 4, 12, 12, 14, 14, 16, 16});
  float const low = -std::numeric_limits<float>::infinity();
  auto const lowest = ops::max_pool_with_origin(ctx, ops::full(ctx, {1, 2, 2, 1}, low));
  CHECK(item(ctx, lowest.from) == 0);
  CHECK(item(ctx, lowest.y) == low);
}

TEST_CASE("pooling's bytes do not depend on the number of threads") {
  auto const o = pool_with({3, 3}, {2, 2}, {1, 1}, rounding::up);
  shape const extents{2, 93, 71, 8};
  CHECK(same_bytes_for_any_threads([&](cpu_context const& ctx) {
    auto const r = ops::max_pool_with_origin(ctx, random_tensor<float>(ctx, extents, 1), o);
    return ops::max_pool_backward(ctx, random_tensor<float>(ctx, r.y.extents(), 2), r.from, extents, o);
  }));
  CHECK(same_bytes_for_any_threads([&](cpu_context const& ctx) {
    auto const y = ops::average_pool(ctx, random_tensor<float>(ctx, extents, 1), o);
    return ops::average_pool_backward(ctx, y, extents, o);
  }));
  CHECK(same_bytes_for_any_threads([&](cpu_context const& ctx) {
    return ops::global_average_pool(ctx, random_tensor<float>(ctx, extents, 1));
  }));
}

TEST_CASE("pooling says what does not fit") {
  cpu_context const ctx;
  tensor<float> const x(ctx, {1, 4, 4, 1}), flat(ctx, {4, 4});
  CHECK(mentions(error_text([&] { ops::max_pool(ctx, flat); }), "max_pool", "(4,4)", "(N,H,W,C)"));
  CHECK(mentions(error_text([&] { ops::max_pool(ctx, x, pool_with({5, 1}, {1, 1})); }), "window 5", "input of 4",
                 "(1,4,4,1)"));
  CHECK(mentions(error_text([&] { ops::average_pool(ctx, x, pool_with({2, 2}, {1, 1}, {2, 0})); }), "average_pool",
                 "padding 2x0", "at most half"));
  for (auto const& o : {pool_with({0, 2}, {1, 1}), pool_with({2, 2}, {1, 0}), pool_with({2, 2}, {1, 1}, {-1, 0})})
    CHECK_THROWS_AS(ops::max_pool(ctx, x, o), fsis::value_error);
  CHECK(mentions(error_text([&] { ops::average_pool_backward(ctx, x, x.extents()); }), "average_pool_backward",
                 "(1,4,4,1)", "wanted (1,2,2,1)"));
  auto const from = ops::max_pool_with_origin(ctx, ops::zeros<float>(ctx, x.extents())).from;
  CHECK(mentions(error_text([&] { ops::max_pool_backward(ctx, x, from, x.extents()); }), "max_pool_backward",
                 "(1,4,4,1)", "(1,2,2,1)"));
  tensor<float> const one(ctx, {1, 1, 1, 1});
  auto const one_from = ops::max_pool_with_origin(ctx, ops::zeros<float>(ctx, {1, 2, 2, 1})).from;
  CHECK(mentions(error_text([&] { ops::max_pool_backward(ctx, one, one_from, x.extents()); }), "(1,1,1,1)",
                 "wanted (1,2,2,1)"));
  // no channels, so that the picture takes no memory
  tensor<float> const huge(ctx, {1, 65536, 65536, 0});
  CHECK(mentions(error_text([&] { ops::max_pool_with_origin(ctx, huge); }), "65536", "32-bit"));
  CHECK_THROWS_AS(ops::global_average_pool(ctx, flat), fsis::shape_error);
}
