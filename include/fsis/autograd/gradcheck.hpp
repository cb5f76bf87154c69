// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/functions/reduce.hpp>
#include <fsis/autograd/tape.hpp>
#include <fsis/core/random.hpp>
#include <fsis/tensor/transfer.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {

struct gradcheck_options {
  double relative = 1e-6;                          ///< allowed |analytic - numeric| relative to the larger of the two
  double absolute = 1e-8;                          ///< and on top, relative to the largest gradient of all
  std::uint64_t seed = 1;                          ///< of the random weights that make one number of the result
  std::vector<double> steps = {1e-4, 1e-5, 1e-6};  ///< of the central differences; the best one counts
  std::size_t elements = 0;                        ///< to check of each input, drawn at random; 0: all
};

struct gradcheck_report {
  bool ok = true;
  std::size_t input = 0;  ///< of the worst element
  index_t element = 0;
  double analytic = 0, numeric = 0, error = 0;

  std::string text() const {
    char numbers[96];  // six decimals, as `message` prints them, would hide a small gradient
    std::snprintf(numbers, sizeof numbers, ": analytic %.9g, numeric %.9g, difference %.3g", analytic, numeric,
                  error);
    return message(ok ? "ok" : "WRONG", ": worst at input ", input, ", element ", element, numbers);
  }
};

namespace detail {

/// What a tape says of one number: a result whose elements are added up with random weights.
template <class Tensor>
struct weighted_gradients {
  Tensor weights;                               ///< none of them is small or cancels another
  std::vector<std::vector<double>> at, values;  ///< of each leaf: where it is, and the gradient there

  /// Every slot starts with a value in it, because gradients must add to what is there.
  weighted_gradients(tape<Tensor>& t, std::vector<variable<Tensor>> const& leaves, variable<Tensor> const& result,
                     std::uint64_t seed) {
    auto const& ctx = t.context();
    random_stream draw(seed);
    std::vector<double> w(static_cast<std::size_t>(result.value.size()));
    for (double& x : w) x = draw.uniform(0.5, 1.5) * (draw.chance(0.5) ? 1 : -1);
    weights = from_host<double>(ctx, result.value.extents(), w);

    constexpr double already_there = 0.75;
    for (auto const& leaf : leaves) t.add(leaf.slot, ops::full(ctx, leaf.value.extents(), already_there));
    t.backward(result, weights);
    for (auto const& leaf : leaves) {
      at.push_back(to_host(ctx, leaf.value));
      values.push_back(to_host(ctx, t.gradient(leaf)));
      for (double& v : values.back()) v -= already_there;
    }
  }
};

/// The elements of an input to look at: all `size`, or as many as the options say.
inline std::vector<std::size_t> gradcheck_elements(std::size_t size, std::size_t input, gradcheck_options const& o) {
  std::vector<std::size_t> all(size);
  for (std::size_t e = 0; e < size; ++e) all[e] = e;
  if (o.elements == 0 || o.elements >= size) return all;
  random_stream draw(o.seed, input + 1);
  draw.shuffle(all);
  all.resize(o.elements);
  return all;
}

/// The worst element of the gradients beside the central differences of the same number: `value_at(i, x)` is that
/// number with the elements x in the place of those of leaf i.
template <class Tensor, class ValueAt>
gradcheck_report compare_gradients(weighted_gradients<Tensor> const& gradients, ValueAt&& value_at,
                                   gradcheck_options const& options) {
  auto const &points = gradients.at, &analytic = gradients.values;
  double largest = 0;
  for (auto const& gradient : analytic)
    for (double const a : gradient) largest = std::max(largest, std::abs(a));
  double longest_step = 0;
  for (double const step : options.steps) longest_step = std::max(longest_step, step);

  gradcheck_report report;
  double worst = -1;
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t const e : gradcheck_elements(points[i].size(), i, options)) {
      double best = HUGE_VAL, numeric = 0, size = 0;
      for (double const step : options.steps) {
        double const h = step * std::max(1.0, std::abs(points[i][e]));
        double difference = 0;
        for (double const side : {1.0, -1.0}) {
          auto shifted = points[i];
          shifted[e] += side * h;
          double const value = value_at(i, shifted);
          size = std::max(size, std::abs(value));
          difference += side * value;
        }
        double const slope = difference / (2 * h);
        if (std::abs(slope - analytic[i][e]) < best) {
          best = std::abs(slope - analytic[i][e]);
          numeric = slope;
        }
      }
      double const a = analytic[i][e];
      // the rounding of two values in a difference, and that of a gradient added to a slot that holds about one
      double const hidden = 16 * std::numeric_limits<double>::epsilon() * (size / longest_step + 1);
      double const allowed = options.relative * std::max(std::abs(a), std::abs(numeric)) +
                             options.absolute * std::max(largest, 1e-300) + hidden;
      double const excess = std::isfinite(best) ? best / allowed : HUGE_VAL;
      if (excess > worst) {
        worst = excess;
        report = {excess <= 1, i, static_cast<index_t>(e), a, numeric, best};
      }
    }
  }
  return report;
}

}  // namespace detail

/// Compares the gradients of `f(tape, inputs)` with central differences, element by element, in double.
///
/// `f` is called with a tape (or `no_tape`) and a vector of variables, one for each input, and returns a variable of
/// any shape; it must compute the same function at every call and be smooth near the inputs (keep away from kinks).
/// The result is made one number with random weights. A wrong factor in a small term is seen, since errors are
/// relative; only what the rounding of the result hides from any difference is let through, so that a gradient may be
/// zero.
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
  detail::weighted_gradients<tensor_type> const gradients(t, leaves, result, options.seed);
  auto const value_at = [&](std::size_t i, std::vector<double> const& x) {
    auto at = inputs;
    at[i] = from_host<double>(ctx, inputs[i].extents(), x);
    no_tape<tensor_type> plain(ctx);
    return ops::dot(ctx, f(plain, variables_of(plain, at)).value, gradients.weights);
  };
  return detail::compare_gradients(gradients, value_at, options);
}

}  // namespace v0
}  // namespace fsis
