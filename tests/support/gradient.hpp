// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/gradcheck.hpp>
#include <fsis/autograd/tape.hpp>

#include <support/catch.hpp>
#include <support/compare.hpp>
#include <support/random_tensor.hpp>

#include <vector>

namespace fsis_test {

/// The type of the tensors a tape (or `no_tape`) carries, for constants inside a function of either precision.
template <class Tape>
using tensor_of = typename std::decay_t<Tape>::tensor_type;
template <class Tape>
using scalar_of = typename tensor_of<Tape>::scalar;

/// A result and the gradients of its inner product with fixed random weights.
template <class T>
struct differentiated {
  fsis::tensor<T> y;
  std::vector<fsis::tensor<T>> gradients;  // one per input
};

template <class T, class F>
differentiated<T> differentiate(fsis::cpu_context const& ctx, F f, std::vector<fsis::tensor<double>> const& inputs) {
  fsis::tape<fsis::tensor<T>> t(ctx);
  std::vector<fsis::variable<fsis::tensor<T>>> leaves;
  for (auto const& x : inputs) leaves.push_back(t.input(fsis::ops::cast<T>(ctx, x)));
  auto const y = f(t, leaves);
  t.backward(y, random_tensor<T>(ctx, y.value.extents(), 77, 0.5, 1.5));
  differentiated<T> d{y.value, {}};
  for (auto const& leaf : leaves) d.gradients.push_back(t.gradient(leaf));
  return d;
}

/// Checks `f(tape, inputs)` in every way that needs no other definition: its gradients against central differences in
/// double, values without a tape to the last bit, values and gradients in float against those in double.
template <class F>
void check_gradient(F f, std::vector<fsis::tensor<double>> const& inputs) {
  fsis::cpu_context const ctx;
  auto const report = fsis::gradcheck(ctx, f, inputs);
  INFO(report.text());
  CHECK(report.ok);

  auto const in_double = differentiate<double>(ctx, f, inputs);
  fsis::no_tape<fsis::tensor<double>> plain(ctx);
  std::vector<fsis::variable<fsis::tensor<double>>> const constants(inputs.begin(), inputs.end());
  CHECK(fsis::to_host(ctx, f(plain, constants).value) == fsis::to_host(ctx, in_double.y));

  auto const in_float = differentiate<float>(ctx, f, inputs);
  auto const near = [&](fsis::tensor<float> const& a, fsis::tensor<double> const& b) {
    // a gradient's elements are sums of terms of the size of the largest
    double const largest = b.size() == 0 ? 0 : fsis::item(ctx, fsis::ops::norm_inf(ctx, b));
    return first_difference(fsis::to_host(ctx, a), fsis::to_host(ctx, b),
                            [=](double, double) { return 5 * tolerance<float>::relative * (1 + largest); });
  };
  CHECK(near(in_float.y, in_double.y) == "");
  for (std::size_t i = 0; i < inputs.size(); ++i) CHECK(near(in_float.gradients[i], in_double.gradients[i]) == "");
}

}  // namespace fsis_test
