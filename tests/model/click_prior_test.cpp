// SPDX-License-Identifier: MIT
#include <fsis/model/click_prior.hpp>

#include <fsis/ops/layout.hpp>

#include <support/catch.hpp>
#include <support/compare.hpp>
#include <support/near.hpp>
#include <support/random_tensor.hpp>

#include <algorithm>
#include <cmath>

using namespace fsis;
using doubles = tensor<double>;

namespace {

constexpr index_t stride = 8, rows = 4, columns = 5, channels = 6;

doubles some_features(cpu_context const& ctx) {
  return fsis_test::random_tensor<double>(ctx, {1, rows, columns, channels}, 1, 0, 1);
}

doubles likeness(cpu_context const& ctx, doubles const& features, std::vector<click> const& clicks) {
  return model::click_prior(ctx, features, clicks, rows * stride, columns * stride);
}

/// By its definition: cosines with the cells (row, column), the largest of each position, min-max normalised.
std::vector<double> by_definition(doubles const& f, std::vector<std::pair<index_t, index_t>> const& cells) {
  auto const at = [&](index_t y, index_t x, index_t c) { return f.data()[(y * columns + x) * channels + c]; };
  std::vector<double> best;
  for (index_t y = 0; y < rows; ++y)
    for (index_t x = 0; x < columns; ++x) {
      double most = -1;
      for (auto const& cell : cells) {
        double dot = 0, a = 0, b = 0;
        for (index_t c = 0; c < channels; ++c) {
          double const u = at(y, x, c), v = at(cell.first, cell.second, c);
          dot += u * v;
          a += u * u;
          b += v * v;
        }
        most = std::max(most, dot / std::sqrt(a * b));
      }
      best.push_back(most);
    }
  double const low = *std::min_element(best.begin(), best.end()), high = *std::max_element(best.begin(), best.end());
  for (double& v : best) v = (v - low) / (high - low);
  return best;
}

}  // namespace

TEST_CASE("click prior: the largest cosine with what was clicked, one map for each sign") {
  cpu_context ctx;
  auto const f = some_features(ctx);
  // the pixels of a cell are as good as each other, and a click outside counts for the nearest cell
  auto const p = likeness(ctx, f, {positive(0, 39.4), positive(17.5, 23), negative(100, -3), positive(23, 16)});
  CHECK(p.extents() == shape{1, rows, columns, 2});
  auto const object = by_definition(f, {{0, 4}, {2, 2}}), background = by_definition(f, {{3, 0}});
  for (index_t i = 0; i < rows * columns; ++i) {
    CHECK_NEAR(p.data()[2 * i], object[static_cast<std::size_t>(i)], 1e-6);
    CHECK_NEAR(p.data()[2 * i + 1], background[static_cast<std::size_t>(i)], 1e-6);
  }
  CHECK_NEAR(p.data()[2 * (2 * columns + 2)], 1, 1e-6);
}

TEST_CASE("click prior: nothing is like what nobody clicked") {
  cpu_context ctx;
  auto const p = likeness(ctx, some_features(ctx), {negative(4, 4)});
  for (index_t i = 0; i < rows * columns; ++i) CHECK(p.data()[2 * i] == 0);
  for (double v : to_host(ctx, likeness(ctx, some_features(ctx), {}))) CHECK(v == 0);
}

TEST_CASE("click prior: mirrored features and clicks give the mirrored maps") {
  cpu_context ctx;
  auto const f = some_features(ctx);
  std::vector<click> clicks{positive(3, 9), negative(30, 31), positive(12, 2)};
  auto const upright = likeness(ctx, f, clicks);
  for (click& c : clicks) c.x = static_cast<double>(columns * stride - 1) - c.x;
  CHECK(fsis_test::difference(ctx, likeness(ctx, ops::flip(ctx, f, 2), clicks), ops::flip(ctx, upright, 2)) == "");
}

TEST_CASE("click prior: two levels side by side, of one of several pictures") {
  cpu_context ctx;
  model::frozen_features<doubles> seen;
  seen.high = fsis_test::random_tensor<double>(ctx, {2, rows, columns, channels}, 1, 0, 1);
  std::vector<click> const clicks{positive(3, 9), negative(30, 31)};
  auto const high = likeness(ctx, seen.high.slice(1, 1), clicks);
  CHECK(to_host(ctx, model::click_prior(ctx, seen, 1, clicks, 32, 40)) == to_host(ctx, high));
  seen.deep = fsis_test::random_tensor<double>(ctx, {2, 2 * rows, 2 * columns, 3}, 2, 0, 1);
  auto const both = model::click_prior(ctx, seen, 1, clicks, 32, 40);
  CHECK(both.extents() == shape{1, 2 * rows, 2 * columns, 4});
  auto const first = ops::slice(ctx, both, 3, 0, 2), second = ops::slice(ctx, both, 3, 2, 2);
  CHECK(to_host(ctx, first) == to_host(ctx, ops::resize(ctx, high, 2 * rows, 2 * columns)));
  CHECK(to_host(ctx, second) == to_host(ctx, likeness(ctx, seen.deep.slice(1, 1), clicks)));
}

TEST_CASE("click prior: the order of the clicks does not matter") {
  cpu_context ctx;
  auto const f = some_features(ctx);
  std::vector<click> clicks{positive(3, 9), negative(30, 31), positive(12, 2), negative(0, 0)};
  auto const before = to_host(ctx, likeness(ctx, f, clicks));
  std::reverse(clicks.begin(), clicks.end());
  CHECK(to_host(ctx, likeness(ctx, f, clicks)) == before);
}
