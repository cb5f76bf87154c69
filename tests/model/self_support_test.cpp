// SPDX-License-Identifier: MIT
#include <fsis/model/self_support.hpp>

#include <fsis/ops/layout.hpp>

#include <support/catch.hpp>
#include <support/compare.hpp>
#include <support/random_tensor.hpp>

#include <cmath>

using namespace fsis;
using doubles = tensor<double>;

namespace {

constexpr index_t stride = 8, rows = 4, columns = 5, channels = 6;

doubles some_features(cpu_context const& ctx) {
  return fsis_test::random_tensor<double>(ctx, {1, rows, columns, channels}, 1, 0, 1);
}

/// Probabilities that nothing is sure of, but for whole cells (row, column).
doubles answer(cpu_context const& ctx, std::vector<std::pair<index_t, index_t>> const& object,
               std::vector<std::pair<index_t, index_t>> const& background) {
  auto p = ops::full(ctx, {1, rows * stride, columns * stride, 1}, 0.5);
  auto const fill = [&](auto const& cells, double value) {
    for (auto const& cell : cells)
      for (index_t y = 0; y < stride; ++y)
        for (index_t x = 0; x < stride; ++x)
          p.data()[(cell.first * stride + y) * columns * stride + cell.second * stride + x] = value;
  };
  fill(object, 0.95);
  fill(background, 0.05);
  return p;
}

}  // namespace

TEST_CASE("self-support: the likeness to what is surely object and surely background") {
  cpu_context ctx;
  auto const f = some_features(ctx);
  auto const s = model::self_support(ctx, f, answer(ctx, {{0, 4}, {2, 2}}, {{3, 0}}));
  CHECK(s.extents() == shape{1, rows, columns, 2});
  CHECK(to_host(ctx, ops::slice(ctx, s, 3, 0, 1)) == to_host(ctx, model::likeness(ctx, f, {{0, 0, 4}, {0, 2, 2}})));
  CHECK(to_host(ctx, ops::slice(ctx, s, 3, 1, 1)) == to_host(ctx, model::likeness(ctx, f, {{0, 3, 0}})));
}

TEST_CASE("self-support: a cell is sure by its mean, and where nothing is sure nothing is like it") {
  cpu_context ctx;
  auto const f = some_features(ctx);
  for (double v : to_host(ctx, model::self_support(ctx, f, answer(ctx, {}, {})))) CHECK(v == 0);
  auto p = answer(ctx, {{1, 1}}, {});
  p.data()[stride * columns * stride + stride] = -10;  // the mean of the cell falls below 0.9
  for (double v : to_host(ctx, model::self_support(ctx, f, p))) CHECK(v == 0);
}

TEST_CASE("self-support: two levels, each with cells of its own, for every picture") {
  cpu_context ctx;
  model::frozen_features<doubles> seen;
  seen.high = fsis_test::random_tensor<double>(ctx, {2, rows, columns, channels}, 1, 0, 1);
  seen.deep = fsis_test::random_tensor<double>(ctx, {2, 2 * rows, 2 * columns, 3}, 2, 0, 1);
  auto logits = ops::zeros<double>(ctx, {2, 16 * rows, 16 * columns, 1});
  for (index_t i = 0; i < logits.size(); ++i) {  // quarters of a cell of the high level are sure where it is not
    index_t const x = i % (16 * columns) / 8, y = i / (16 * columns) / 8;
    logits.data()[i] = (x * x + 3 * y) % 5 < 2 ? 6 : x < 6 ? -6 : 0;
  }
  auto const both = model::self_support(ctx, seen, logits);
  CHECK(both.extents() == shape{2, 2 * rows, 2 * columns, 4});
  for (index_t n = 0; n < 2; ++n) {
    auto const p = ops::map(ctx, logits.slice(n, 1), kernels::sigmoid{});
    auto const high = model::self_support(ctx, seen.high.slice(n, 1), p);
    auto const deep = model::self_support(ctx, seen.deep.slice(n, 1), p);
    auto const one = both.slice(n, 1);
    CHECK(to_host(ctx, ops::slice(ctx, one, 3, 0, 2)) == to_host(ctx, ops::resize(ctx, high, 2 * rows, 2 * columns)));
    CHECK(to_host(ctx, ops::slice(ctx, one, 3, 2, 2)) == to_host(ctx, deep));
  }
}

TEST_CASE("self-support: mirrored features and answers give the mirrored maps") {
  cpu_context ctx;
  auto const f = some_features(ctx);
  auto const p = answer(ctx, {{0, 4}, {2, 2}, {2, 3}}, {{3, 0}, {0, 0}});
  auto const turned = model::self_support(ctx, ops::flip(ctx, f, 2), ops::flip(ctx, p, 2));
  CHECK(fsis_test::difference(ctx, turned, ops::flip(ctx, model::self_support(ctx, f, p), 2)) == "");
}
