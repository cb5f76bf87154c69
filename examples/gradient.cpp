// SPDX-License-Identifier: MIT
// Gradients: compute on a tape, walk it back once, ask for the gradient of what went in.
#include <fsis/autograd.hpp>

#include <cstdio>

namespace {

using values = fsis::tensor<double>;

/// A straight line a x + b beside measured points: the mean of the squared errors. Works on a tape, which records it
/// for the walk back, and without one.
template <class Tape>
fsis::variable<values> misfit(Tape& t, std::vector<fsis::variable<values>> const& a_and_b) {
  auto const x = fsis::from_host<double>(t.context(), {4}, {0, 1, 2, 3});
  auto const y = fsis::from_host<double>(t.context(), {4}, {1, 3, 5, 7});
  auto const line = add(t, multiply(t, a_and_b[0], fsis::variable<values>(x)), a_and_b[1]);
  return mean(t, square(t, subtract(t, line, fsis::variable<values>(y))));
}

}  // namespace

int main() {
  fsis::cpu_context const ctx;
  auto a = fsis::ops::zeros<double>(ctx, {1}), b = fsis::ops::zeros<double>(ctx, {1});

  for (int step = 0; step < 200; ++step) {
    fsis::tape<values> t{ctx};
    auto const slope = t.input(a), offset = t.input(b);
    auto const loss = misfit(t, {slope, offset});
    t.backward(loss);
    if (step == 0)
      std::printf("at a = 0, b = 0: loss %g, gradient (%g, %g)\n", fsis::item(ctx, loss.value),
                  fsis::item(ctx, t.gradient(slope)), fsis::item(ctx, t.gradient(offset)));
    fsis::ops::axpby(ctx, -0.1, t.gradient(slope), 1.0, a);
    fsis::ops::axpby(ctx, -0.1, t.gradient(offset), 1.0, b);
  }
  std::printf("after 200 steps down the gradient: a = %.4f, b = %.4f\n", fsis::item(ctx, a), fsis::item(ctx, b));

  // the same function against central differences: the check for functions of one's own
  auto const report = fsis::gradcheck(
      ctx, [](auto& t, auto const& in) { return misfit(t, in); },
      {fsis::from_host<double>(ctx, {1}, {0.3}), fsis::from_host<double>(ctx, {1}, {-0.7})});
  std::printf("gradcheck: %s\n", report.text().c_str());
  return report.ok ? 0 : 1;
}
