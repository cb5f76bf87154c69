// SPDX-License-Identifier: MIT
// One number in, one number out, and what a batch norm and a softmax do beside it.
#include "cases/cases.hpp"
#include "cases/op_case.hpp"

#include <fsis/ops/batch_norm.hpp>

#include <algorithm>
#include <cmath>

namespace fsis_bench {
namespace {

/// Counts of `flops` per element for so many maps that are read or written.
auto per_element(double flops, double maps) {
  return [=](setting const& s) { return work{flops * size_of(map_of(s)), 4 * maps * size_of(map_of(s))}; };
}

std::vector<shape> one_map(setting const& s) { return {map_of(s)}; }
std::vector<shape> two_maps(setting const& s) { return {map_of(s), map_of(s)}; }
std::vector<shape> map_and_two_vectors(setting const& s) { return {map_of(s), {s["channels"]}, {s["channels"]}}; }

template <class F>
auto each_element(F const& f, double tolerance = 1e-5) {
  return [=](setting const& s, host_values const& in) {
    return fsis::bench::expect_some(map_of(s).size(), [&](index_t i) { return f(in, i); }, tolerance);
  };
}

constexpr double epsilon = 1e-5;

struct channel {
  double mean = 0, variance = 0;
};

channel channel_of(setting const& s, std::vector<float> const& x, index_t c) {
  index_t const C = s["channels"], rows = map_of(s).size() / C;
  channel m;
  for (index_t r = 0; r < rows; ++r) m.mean += at(x, r * C + c) / number(rows);
  for (index_t r = 0; r < rows; ++r) m.variance += std::pow(at(x, r * C + c) - m.mean, 2) / number(rows);
  return m;
}

/// dx of y = gamma (x - mean) / deviation + beta, where mean and deviation are those of x.
double batch_norm_gradient_at(setting const& s, host_values const& in, index_t i) {
  auto const &x = in[0], &gamma = in[1], &dy = in[3];
  index_t const C = s["channels"], rows = map_of(s).size() / C, c = i % C;
  channel const m = channel_of(s, x, c);
  double const deviation = std::sqrt(m.variance + epsilon);
  double sum = 0, with_x = 0;
  for (index_t r = 0; r < rows; ++r) {
    sum += at(dy, r * C + c);
    with_x += at(dy, r * C + c) * (at(x, r * C + c) - m.mean) / deviation;
  }
  double const unit = (at(x, i) - m.mean) / deviation;
  return at(gamma, c) / deviation * (at(dy, i) - sum / number(rows) - unit * with_x / number(rows));
}

double softmax_at(setting const& s, std::vector<float> const& x, index_t i) {
  index_t const C = s["channels"], first = i / C * C;
  double most = at(x, first), sum = 0;
  for (index_t c = 0; c < C; ++c) most = std::max(most, at(x, first + c));
  for (index_t c = 0; c < C; ++c) sum += std::exp(at(x, first + c) - most);
  return std::exp(at(x, i) - most) / sum;
}

}  // namespace

void add_elementwise(fsis::bench::registry& to) {
  using fsis::cpu_context;
  using inputs = std::vector<values> const&;
  auto const axes = map_axes(96, 256);

  to.add(benchmark_of({"relu.forward", "max(x, 0)", axes, per_element(1, 2), one_map,
                       [](cpu_context const& ctx, inputs in) {
                         return fsis::ops::map(ctx, in[0], fsis::kernels::relu{});
                       },
                       each_element([](host_values const& in, index_t i) { return std::max(at(in[0], i), 0.0); }, 0)}));
  to.add(benchmark_of({"relu.gradient", "g where x > 0", axes, per_element(1, 4), two_maps,
                       {},
                       each_element([](host_values const& in, index_t i) {
                         return at(in[0], i) > 0 ? at(in[1], i) : 0.0;
                       }, 0),
                       [](cpu_context const& c, inputs in) {
                         auto const y = fsis::ops::map(c, in[0], fsis::kernels::relu{});
                         return [=](cpu_context const& ctx) {
                           return fsis::ops::map_backward(ctx, in[1], in[0], y, fsis::kernels::relu{});
                         };
                       }}));
  to.add(benchmark_of({"sigmoid.forward", "1 / (1 + exp(-x))", axes, per_element(3, 2), one_map,
                       [](cpu_context const& ctx, inputs in) {
                         return fsis::ops::map(ctx, in[0], fsis::kernels::sigmoid{});
                       },
                       each_element([](host_values const& in, index_t i) {
                         return 1 / (1 + std::exp(-at(in[0], i)));
                       })}));
  to.add(benchmark_of({"scale_bias.forward", "s x + b per channel", axes, per_element(2, 2), map_and_two_vectors,
                       [](cpu_context const& ctx, inputs in) {
                         return fsis::ops::scale_bias(ctx, in[0], in[1], in[2]);
                       },
                       [](setting const& s, host_values const& in) {
                         index_t const C = s["channels"];
                         return fsis::bench::expect_some(map_of(s).size(), [&](index_t i) {
                           return at(in[1], i % C) * at(in[0], i) + at(in[2], i % C);
                         });
                       }}));
  // mean and variance read the map before it is normalised
  to.add(benchmark_of({"batch_norm.forward", "with the moments of its input", axes, per_element(6, 2),
                       map_and_two_vectors,
                       [](cpu_context const& ctx, inputs in) {
                         auto const m = fsis::ops::moments(ctx, in[0]);
                         return fsis::ops::batch_norm(ctx, in[0], m, in[1], in[2], epsilon);
                       },
                       [](setting const& s, host_values const& in) {
                         return fsis::bench::expect_some(map_of(s).size(), [&](index_t i) {
                           index_t const c = i % s["channels"];
                           channel const m = channel_of(s, in[0], c);
                           return at(in[1], c) * (at(in[0], i) - m.mean) / std::sqrt(m.variance + epsilon) +
                                  at(in[2], c);
                         });
                       }}));
  to.add(benchmark_of({"batch_norm.gradient", "of its input, with the moments of that", axes, per_element(10, 3),
                       [](setting const& s) {
                         auto all = map_and_two_vectors(s);
                         all.push_back(map_of(s));
                         return all;
                       },
                       {},
                       [](setting const& s, host_values const& in) {
                         return fsis::bench::expect_some(
                             map_of(s).size(), [&](index_t i) { return batch_norm_gradient_at(s, in, i); });
                       },
                       [](cpu_context const& c, inputs in) {
                         auto const m = fsis::ops::moments(c, in[0]);
                         return [=](cpu_context const& ctx) {
                           return fsis::ops::batch_norm_backward(ctx, in[3], in[0], m, in[1], epsilon, false).dx;
                         };
                       }}));
  to.add(benchmark_of({"softmax.forward", "over the channels", axes, per_element(4, 2), one_map,
                       [](cpu_context const& ctx, inputs in) { return fsis::ops::softmax(ctx, in[0]); },
                       [](setting const& s, host_values const& in) {
                         return fsis::bench::expect_some(map_of(s).size(),
                                                         [&](index_t i) { return softmax_at(s, in[0], i); });
                       }}));
}

}  // namespace fsis_bench
