// SPDX-License-Identifier: MIT
#include "cases/cases.hpp"
#include "cases/op_case.hpp"

#include <fsis/ops/matmul.hpp>
#include <fsis/ops/reduce.hpp>

#include <algorithm>

namespace fsis_bench {
namespace {

work read_once(setting const& s) { return {size_of(map_of(s)), 4 * size_of(map_of(s))}; }
std::vector<shape> one_map(setting const& s) { return {map_of(s)}; }

}  // namespace

void add_reductions(fsis::bench::registry& to) {
  using fsis::cpu_context;
  using inputs = std::vector<values> const&;
  auto const axes = map_axes(96, 256);

  // a sum of normal numbers may be near 0, its rounding is that of its largest terms together
  to.add(benchmark_of({"sum.all", "of all elements", axes, read_once, one_map,
                       [](cpu_context const& ctx, inputs in) { return fsis::ops::sum(ctx, in[0]); },
                       [](setting const&, host_values const& in) {
                         double sum = 0;
                         for (float v : in[0]) sum += static_cast<double>(v);
                         return fsis::bench::expect_all({sum}, 1e-4);
                       }}));
  to.add(benchmark_of({"sum.to_channels", "over all pixels, per channel", axes, read_once, one_map,
                       [](cpu_context const& ctx, inputs in) { return fsis::ops::sum_to_channels(ctx, in[0]); },
                       [](setting const& s, host_values const& in) {
                         std::vector<double> sums(static_cast<std::size_t>(s["channels"]));
                         for (std::size_t i = 0; i < in[0].size(); ++i)
                           sums[i % sums.size()] += static_cast<double>(in[0][i]);
                         return fsis::bench::expect_all(sums);
                       }}));
  to.add(benchmark_of({"max.all", "of all elements", axes, read_once, one_map,
                       [](cpu_context const& ctx, inputs in) { return fsis::ops::max(ctx, in[0]); },
                       [](setting const&, host_values const& in) {
                         float const most = *std::max_element(in[0].begin(), in[0].end());
                         return fsis::bench::expect_all({static_cast<double>(most)}, 0);
                       }}));

  to.add(benchmark_of({"matmul", "product of two matrices as they stand",
                       {{"rows", 1024, "of the first matrix and the result"},
                        {"columns", 1024, "of the second matrix and the result"},
                        {"depth", 1024, "columns of the first and rows of the second"}},
                       [](setting const& s) {
                         double const m = number(s["rows"]), n = number(s["columns"]), k = number(s["depth"]);
                         return work{2 * m * n * k, 4 * (m * k + k * n + m * n)};
                       },
                       [](setting const& s) {
                         return std::vector<shape>{{s["rows"], s["depth"]}, {s["depth"], s["columns"]}};
                       },
                       [](cpu_context const& ctx, inputs in) { return fsis::ops::matmul(ctx, in[0], in[1]); },
                       [](setting const& s, host_values const& in) {
                         index_t const columns = s["columns"], depth = s["depth"];
                         return fsis::bench::expect_some(s["rows"] * columns, [&](index_t i) {
                           double sum = 0;
                           for (index_t k = 0; k < depth; ++k)
                             sum += at(in[0], i / columns * depth + k) * at(in[1], k * columns + i % columns);
                           return sum;
                         });
                       }}));
}

}  // namespace fsis_bench
