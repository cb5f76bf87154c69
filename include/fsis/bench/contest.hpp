// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/bench/benchmark.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace bench {

/// One way to solve a problem; it shares the inputs with the others. `prepare` throws `unsupported` where it cannot.
template <class Problem>
struct contender_for {
  std::string name;
  std::function<runnable(environment const&, std::shared_ptr<Problem const> const&)> prepare;
};

/// A benchmark whose contenders all get the same inputs: what one writes, where `benchmark` is what is run.
template <class Problem>
struct contest {
  std::string name;     ///< "vgg16.conv1_2.forward": letters, digits, '.', '_' and '-'
  std::string summary;  ///< one line
  std::vector<axis> axes;
  std::function<work(setting const&)> count;                ///< throws `shape_error` where a setting makes no sense
  std::function<Problem(environment const&)> problem;       ///< the inputs
  std::function<expectation(environment const&, Problem const&)> expected;
  std::vector<contender_for<Problem>> contenders;           ///< the first is the one that others are compared with
};

template <class Problem>
benchmark benchmark_of(contest<Problem> c) {
  benchmark b{c.name, c.summary, c.axes, {}, c.count, {}};
  for (auto const& one : c.contenders) b.contenders.push_back(one.name);
  b.prepare = [c = std::move(c)](environment const& env) {
    auto const problem = std::make_shared<Problem const>(c.problem(env));
    subject s;
    s.expected = c.expected(env, *problem);
    s.contender = [contenders = c.contenders, env, problem](std::string const& name) {
      for (auto const& one : contenders)
        if (one.name == name) return one.prepare(env, problem);
      fail<value_error>("bench: no contender '", name, "'");
    };
    return s;
  };
  return b;
}

}  // namespace bench
}  // namespace v0
}  // namespace fsis
