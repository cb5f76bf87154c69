// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/functions/reduce.hpp>
#include <fsis/autograd/tape.hpp>
#include <fsis/core/random.hpp>
#include <fsis/tensor/transfer.hpp>

#include <cmath>
#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {

struct gradcheck_options {
  double relative = 1e-6;           ///< allowed |analytic - numeric| relative to the larger of the two
  double absolute = 1e-8;           ///< and on top, relative to the largest gradient of all
  std::uint64_t seed = 1;           ///< of the random weights that make one number of the result
  std::vector<double> steps = {1e-4, 1e-5, 1e-6};  ///< of the central differences; the best one counts
};

struct gradcheck_report {
  bool ok = true;
  std::size_t input = 0;  ///< of the worst element
  index_t element = 0;
  double analytic = 0, numeric = 0, error = 0;

  std::string text() const {
    return message(ok ? "ok" : "WRONG", ": worst at input ", input, ", element ", element, ": analytic ",
                   std::to_string(analytic), ", numeric ", std::to_string(numeric));
  }
};

/// Compares the gradients of `f(tape, inputs)` with central differences, element by element, in double.
///
/// `f` is called with a tape (or `no_tape`) and a vector of variables, one for each input, and returns a variable of
/// any shape; it must compute the same function at every call and be smooth near the inputs (keep away from kinks).
/// The result is made one number with random weights. Every gradient slot starts with a value in it, because
/// gradients must add to what is there. A wrong factor in a small term is seen, since errors are relative.
template <class Context, class F>
gradcheck_report gradcheck(Context const& ctx, F&& f, std::vector<tensor<double, Context>> const& inputs,
                           gradcheck_options const& options = {}) {
  using tensor_type = tensor<double, Context>;

  auto const variables_of = [](auto& t, std::vector<tensor_type> const& values) {
    std::vector<variable<tensor_type>> v;
    for (auto const& x : values) v.push_back(t.input(x));
    return v;
  };

  tape<tensor_type> t(ctx);
  auto const leaves = variables_of(t, inputs);
  auto const result = f(t, leaves);
  random_stream draw(options.seed);
  std::vector<double> w(static_cast<std::size_t>(result.value.size()));
  for (double& x : w) x = draw.uniform(0.5, 1.5) * (draw.chance(0.5) ? 1 : -1);
  auto const weights = from_host<double>(ctx, result.value.extents(), w);
  constexpr double already_there = 0.75;
  for (auto const& leaf : leaves) t.add(leaf.slot, ops::full(ctx, leaf.value.extents(), already_there));
  t.backward(result, weights);

  auto const value_at = [&](std::vector<tensor_type> const& at) {
    no_tape<tensor_type> plain(ctx);
    return ops::dot(ctx, f(plain, variables_of(plain, at)).value, weights);
  };

  std::vector<std::vector<double>> analytic;
  double largest = 0;
  for (auto const& leaf : leaves) {
    analytic.push_back(to_host(ctx, t.gradient(leaf)));
    for (double& a : analytic.back()) {
      a -= already_there;
      largest = std::max(largest, std::abs(a));
    }
  }

  gradcheck_report report;
  double worst = -1;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    auto const host = to_host(ctx, inputs[i]);
    for (std::size_t e = 0; e < host.size(); ++e) {
      double best = HUGE_VAL, numeric = 0;
      for (double const step : options.steps) {
        double const h = step * std::max(1.0, std::abs(host[e]));
        double difference = 0;
        for (double const side : {1.0, -1.0}) {
          auto shifted = host;
          shifted[e] += side * h;
          auto at = inputs;
          at[i] = from_host<double>(ctx, inputs[i].extents(), shifted);
          difference += side * value_at(at);
        }
        double const slope = difference / (2 * h);
        if (std::abs(slope - analytic[i][e]) < best) {
          best = std::abs(slope - analytic[i][e]);
          numeric = slope;
        }
      }
      double const a = analytic[i][e];
      double const allowed =
          options.relative * std::max(std::abs(a), std::abs(numeric)) + options.absolute * std::max(largest, 1e-300);
      double const excess = std::isfinite(best) ? best / allowed : HUGE_VAL;
      if (excess > worst) {
        worst = excess;
        report = {excess <= 1, i, static_cast<index_t>(e), a, numeric, best};
      }
    }
  }
  return report;
}

}  // namespace v0
}  // namespace fsis
