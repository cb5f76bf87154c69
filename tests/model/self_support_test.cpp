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

constexpr index_t cell_side = 8, cells_down = 4, cells_across = 5;

doubles features_of_cells(cpu_context const& ctx) {
  return fsis_test::random_tensor<double>(ctx, {1, cells_down, cells_across, 6}, 1, 0, 1);
}

/// Probabilities that nothing is sure of, but for whole cells (row, column).
doubles answer_sure_of(cpu_context const& ctx, std::vector<std::pair<index_t, index_t>> const& object,
                       std::vector<std::pair<index_t, index_t>> const& background) {
  auto p = ops::full(ctx, {1, cells_down * cell_side, cells_across * cell_side, 1}, 0.5);
  auto const fill = [&](auto const& cells, double value) {
    for (auto const& cell : cells)
      for (index_t y = 0; y < cell_side; ++y)
        for (index_t x = 0; x < cell_side; ++x)
          p.data()[(cell.first * cell_side + y) * cells_across * cell_side + cell.second * cell_side + x] = value;
  };
  fill(object, 0.95);
  fill(background, 0.05);
  return p;
}

}  // namespace

TEST_CASE("self-support: the likeness to what is surely object and surely background") {
  cpu_context ctx;
  auto const f = features_of_cells(ctx);
  auto const s = model::self_support(ctx, f, answer_sure_of(ctx, {{0, 4}, {2, 2}}, {{3, 0}}));
  CHECK(s.extents() == shape{1, cells_down, cells_across, 2});
  CHECK(to_host(ctx, ops::slice(ctx, s, 3, 0, 1)) == to_host(ctx, model::likeness(ctx, f, {{0, 0, 4}, {0, 2, 2}})));
  CHECK(to_host(ctx, ops::slice(ctx, s, 3, 1, 1)) == to_host(ctx, model::likeness(ctx, f, {{0, 3, 0}})));
}

TEST_CASE("self-support: a cell is sure by its mean, and where nothing is sure nothing is like it") {
  cpu_context ctx;
  auto const f = features_of_cells(ctx);
  for (double v : to_host(ctx, model::self_support(ctx, f, answer_sure_of(ctx, {}, {})))) CHECK(v == 0);
  auto p = answer_sure_of(ctx, {{1, 1}}, {});
  p.data()[cell_side * cells_across * cell_side + cell_side] = -10;  // the mean of the cell falls below 0.9
  for (double v : to_host(ctx, model::self_support(ctx, f, p))) CHECK(v == 0);
}

TEST_CASE("self-support: two levels, each with cells of its own, for every picture") {
  cpu_context ctx;
  model::frozen_features<doubles> seen;
  seen.high = fsis_test::random_tensor<double>(ctx, {2, cells_down, cells_across, 6}, 1, 0, 1);
  seen.deep = fsis_test::random_tensor<double>(ctx, {2, 2 * cells_down, 2 * cells_across, 3}, 2, 0, 1);
  auto logits = ops::zeros<double>(ctx, {2, 16 * cells_down, 16 * cells_across, 1});
  for (index_t i = 0; i < logits.size(); ++i) {  // quarters of a cell of the high level are sure where it is not
    index_t const x = i % (16 * cells_across) / 8, y = i / (16 * cells_across) / 8;
    logits.data()[i] = (x * x + 3 * y) % 5 < 2 ? 6 : x < 6 ? -6 : 0;
  }
  auto const both = model::self_support(ctx, seen, logits);
  CHECK(both.extents() == shape{2, 2 * cells_down, 2 * cells_across, 4});
  for (index_t n = 0; n < 2; ++n) {
    auto const p = ops::map(ctx, logits.slice(n, 1), kernels::sigmoid{});
    auto const high = model::self_support(ctx, seen.high.slice(n, 1), p);
    auto const deep = model::self_support(ctx, seen.deep.slice(n, 1), p);
    auto const one = both.slice(n, 1);
    CHECK(to_host(ctx, ops::slice(ctx, one, 3, 0, 2)) ==
          to_host(ctx, ops::resize(ctx, high, 2 * cells_down, 2 * cells_across)));
    CHECK(to_host(ctx, ops::slice(ctx, one, 3, 2, 2)) == to_host(ctx, deep));
  }
}

TEST_CASE("self-support: mirrored features and answers give the mirrored maps") {
  cpu_context ctx;
  auto const f = features_of_cells(ctx);
  auto const p = answer_sure_of(ctx, {{0, 4}, {2, 2}, {2, 3}}, {{3, 0}, {0, 0}});
  auto const turned = model::self_support(ctx, ops::flip(ctx, f, 2), ops::flip(ctx, p, 2));
  CHECK(fsis_test::difference(ctx, turned, ops::flip(ctx, model::self_support(ctx, f, p), 2)) == "");
}
