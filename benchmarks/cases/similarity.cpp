// SPDX-License-Identifier: MIT
#include "cases/cases.hpp"
#include "cases/op_case.hpp"

#include <fsis/ops/similarity.hpp>

#include <algorithm>
#include <cmath>

namespace fsis_bench {
namespace {

/// Largest cosine of query row `i` with the rows of the support whose weight is above 0; -1 without any.
double best_at(setting const& s, host_values const& in, index_t i) {
  index_t const C = s["channels"], rows = s["height"] * s["width"];
  double best = -1;
  for (index_t r = 0; r < rows; ++r) {
    if (!(at(in[2], r) > 0)) continue;
    double dot = 0, q = 0, k = 0;
    for (index_t c = 0; c < C; ++c) {
      double const a = at(in[0], i * C + c), b = at(in[1], r * C + c);
      dot += a * b, q += a * a, k += b * b;
    }
    best = std::max(best, dot / std::sqrt(q * k));
  }
  return best;
}

}  // namespace

void add_similarity(fsis::bench::registry& to) {
  auto axes = map_axes(24, 512);
  axes[0].most = 1;  // one query, one support
  to.add(benchmark_of({"prior.cosine", "largest cosine of each query position with those of a support", axes,
                       [](setting const& s) {
                         double const rows = number(s["height"] * s["width"]), C = number(s["channels"]);
                         return work{2 * rows * rows * C + 4 * rows * C + 2 * rows * rows,
                                     4 * (2 * rows * C + 2 * rows)};
                       },
                       [](setting const& s) {
                         return std::vector<shape>{map_of(s), map_of(s), map_of(s).with(3, 1)};
                       },
                       [](fsis::cpu_context const& ctx, std::vector<values> const& in) {
                         return fsis::ops::best_similarity(ctx, in[0], in[1], in[2]);
                       },
                       [](setting const& s, host_values const& in) {
                         return fsis::bench::expect_some(
                             s["height"] * s["width"], [&](index_t i) { return best_at(s, in, i); }, 1e-5, 64);
                       }}));
}

}  // namespace fsis_bench
