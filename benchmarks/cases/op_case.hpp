// SPDX-License-Identifier: MIT
#pragma once

#include "cases/normal_values.hpp"

#include <fsis/bench/contest.hpp>
#include <fsis/tensor/transfer.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fsis_bench {

using fsis::index_t;
using fsis::shape;
using fsis::bench::axis;
using fsis::bench::environment;
using fsis::bench::expectation;
using fsis::bench::runnable;
using fsis::bench::setting;
using fsis::bench::work;
using values = fsis::tensor<float>;

/// Axes of a feature map (N,H,W,C), with their standard values.
inline std::vector<axis> map_axes(index_t side, index_t channels) {
  return {{"batch", 1, "pictures"},
          {"height", side, "rows of the feature map"},
          {"width", side, "columns of the feature map"},
          {"channels", channels, "channels"}};
}

inline shape map_of(setting const& s) { return {s["batch"], s["height"], s["width"], s["channels"]}; }

inline double number(index_t n) { return static_cast<double>(n); }
inline double size_of(shape const& s) { return number(s.size()); }

/// An op on tensors of normal numbers, with what its result is by the definition.
struct op_case {
  std::string name, summary;
  std::vector<axis> axes;
  std::function<work(setting const&)> count;
  std::function<std::vector<shape>(setting const&)> inputs;
  std::function<values(fsis::cpu_context const&, std::vector<values> const&)> op;
  std::function<expectation(setting const&, std::vector<std::vector<float>> const&)> expected;
  /// What is made from the inputs beforehand and not timed, the op itself being the result; takes the place of `op`.
  std::function<std::function<values(fsis::cpu_context const&)>(fsis::cpu_context const&, std::vector<values> const&)>
      prepare = {};
};

using host_values = std::vector<std::vector<float>>;

/// Element `i` of numbers on the host, in double.
inline double at(std::vector<float> const& v, index_t i) {
  return static_cast<double>(v[static_cast<std::size_t>(i)]);
}

/// Runs an op; its result's memory is free again when the next run begins.
inline runnable running(std::shared_ptr<fsis::cpu_context> const& ctx,
                        std::function<values(fsis::cpu_context const&)> op) {
  auto const y = std::make_shared<values>();
  runnable r;
  r.run = [=] {
    *y = values();
    *y = op(*ctx);
  };
  r.result = [=] { return fsis::to_host(*ctx, *y); };
  r.memory = &ctx->memory();
  return r;
}

inline fsis::bench::benchmark benchmark_of(op_case c) {
  using inputs = host_values;
  fsis::bench::contest<inputs> contest{c.name, c.summary, c.axes, c.count, {}, {}, {}};
  contest.problem = [make = c.inputs](environment const& env) {
    inputs all;
    for (shape const& s : make(env.at)) all.push_back(normal_values(s, 1, all.size() + 1));
    return all;
  };
  contest.expected = [f = c.expected](environment const& env, inputs const& x) { return f(env.at, x); };
  auto const prepare = [make = c.inputs, op = c.op, beforehand = c.prepare](environment const& env,
                                                                            std::shared_ptr<inputs const> const& x) {
    std::vector<values> tensors;
    auto const extents = make(env.at);
    for (std::size_t i = 0; i < extents.size(); ++i)
      tensors.push_back(fsis::from_host<float>(*env.ctx, extents[i], (*x)[i]));
    if (beforehand) return running(env.ctx, beforehand(*env.ctx, tensors));
    return running(env.ctx, [=](fsis::cpu_context const& ctx) { return op(ctx, tensors); });
  };
  contest.contenders.push_back({"fsis", prepare});
  return fsis::bench::benchmark_of(contest);
}

}  // namespace fsis_bench
