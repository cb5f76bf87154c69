// SPDX-License-Identifier: MIT
// L-BFGS alone: minimises Rosenbrock's valley. No tape, no network; the objective writes its own gradient.
#include <fsis/optim.hpp>

#include <cstdio>

int main() {
  using values = fsis::tensor<double>;
  fsis::cpu_context const ctx;

  // f(x, y) = 100 (y - x^2)^2 + (1 - x)^2, whose minimum is 0 at (1, 1)
  auto const rosenbrock = [](values const& at, values& gradient) {
    double const x = at.data()[0], y = at.data()[1], valley = y - x * x;
    gradient.data()[0] = -400 * x * valley - 2 * (1 - x);
    gradient.data()[1] = 200 * valley;
    return fsis::optim::evaluation{100 * valley * valley + (1 - x) * (1 - x)};
  };

  fsis::optim::lbfgs_options options;
  options.max_evaluations = 100;  // never exceeded, not even inside a line search
  fsis::optim::lbfgs<double> search{ctx, {2}, options};
  auto const result = search.run(ctx, fsis::from_host<double>(ctx, {2}, {-1.2, 1}), rosenbrock);

  std::printf("minimum at (%.6f, %.6f), f = %.1e\n", result.x.data()[0], result.x.data()[1], result.value);
  std::printf("%s after %lld evaluations in %lld steps\n", to_string(result.status),
              static_cast<long long>(result.evaluations), static_cast<long long>(result.iterations));
}
