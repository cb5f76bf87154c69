// SPDX-License-Identifier: MIT
#include "cases/cases.hpp"
#include "cases/op_case.hpp"

#include <fsis/ops/pool.hpp>

#include <algorithm>

namespace fsis_bench {
namespace {

/// Windows of 2x2, two apart.
shape pooled(setting const& s) { return {s["batch"], s["height"] / 2, s["width"] / 2, s["channels"]}; }

work count_at(setting const& s) {
  fsis::ops::pool_geometry_of("pool", map_of(s), {});
  return {size_of(map_of(s)), 4 * (size_of(map_of(s)) + size_of(pooled(s)))};
}

/// `combine(four numbers)` of the window of result `i`; calls `each(place in x)` in the order of rows.
template <class F>
void window_of(setting const& s, index_t i, F const& each) {
  index_t const C = s["channels"], W = s["width"], H = s["height"], c = i % C, q = i / C % (W / 2);
  index_t const p = i / C / (W / 2) % (H / 2), n = i / C / (W / 2) / (H / 2);
  for (index_t r = 0; r < 2; ++r)
    for (index_t t = 0; t < 2; ++t) each(((n * H + 2 * p + r) * W + 2 * q + t) * C + c);
}

double largest_at(setting const& s, std::vector<float> const& x, index_t i) {
  double most = -1e300;
  window_of(s, i, [&](index_t from) { most = std::max(most, at(x, from)); });
  return most;
}

/// The result that pixel `i` of x belongs to, -1 beyond the last window.
index_t window_with(setting const& s, index_t i) {
  index_t const C = s["channels"], W = s["width"], H = s["height"], c = i % C, w = i / C % W;
  index_t const h = i / C / W % H, n = i / C / W / H;
  if (h / 2 >= H / 2 || w / 2 >= W / 2) return -1;
  return ((n * (H / 2) + h / 2) * (W / 2) + w / 2) * C + c;
}

}  // namespace

void add_pooling(fsis::bench::registry& to) {
  auto const axes = map_axes(384, 64);
  auto const one = [](setting const& s) { return std::vector<shape>{map_of(s)}; };
  auto const two = [](setting const& s) { return std::vector<shape>{map_of(s), pooled(s)}; };

  to.add(benchmark_of(op_case{"max_pool.forward", "largest of each 2x2", axes, count_at, one,
                              [](auto& ctx, auto const& in) { return fsis::ops::max_pool(ctx, in[0]); },
                              [](setting const& s, host_values const& in) {
                                return fsis::bench::expect_some(
                                    pooled(s).size(), [&](index_t i) { return largest_at(s, in[0], i); }, 0);
                              }}));

  to.add(benchmark_of(op_case{
      "max_pool.gradient", "gradient of the largest of each 2x2", axes, count_at, two, {},
      [](setting const& s, host_values const& in) {
        return fsis::bench::expect_some(
            map_of(s).size(),
            [&](index_t i) {
              index_t const y = window_with(s, i);
              return y >= 0 && at(in[0], i) == largest_at(s, in[0], y) ? at(in[1], y) : 0.0;
            },
            0);
      },
      [](fsis::cpu_context const& c, std::vector<values> const& in) {
        auto const from = fsis::ops::max_pool_with_origin(c, in[0]).from;
        return [=](fsis::cpu_context const& ctx) {
          return fsis::ops::max_pool_backward(ctx, in[1], from, in[0].extents());
        };
      }}));

  to.add(benchmark_of(op_case{"average_pool.forward", "mean of each 2x2", axes, count_at, one,
                              [](auto& ctx, auto const& in) { return fsis::ops::average_pool(ctx, in[0]); },
                              [](setting const& s, host_values const& in) {
                                return fsis::bench::expect_some(pooled(s).size(), [&](index_t i) {
                                  double sum = 0;
                                  window_of(s, i, [&](index_t from) { sum += at(in[0], from); });
                                  return sum / 4;
                                });
                              }}));

  to.add(benchmark_of(op_case{
      "average_pool.gradient", "gradient of the mean of each 2x2", axes, count_at, two,
      [](auto& ctx, auto const& in) { return fsis::ops::average_pool_backward(ctx, in[1], in[0].extents()); },
      [](setting const& s, host_values const& in) {
        return fsis::bench::expect_some(map_of(s).size(), [&](index_t i) {
          index_t const y = window_with(s, i);
          return y >= 0 ? at(in[1], y) / 4 : 0.0;
        });
      }}));
}

}  // namespace fsis_bench
