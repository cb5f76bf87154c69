// SPDX-License-Identifier: MIT
// A program outside the repository: includes an umbrella, as does other.cpp, so that linking both shows a function
// that is defined twice.

#include <fsis/tensor.hpp>

#include <cstdio>

double mean_elsewhere(fsis::cpu_context const& ctx, fsis::tensor<float> const& x);

int main() {
  fsis::cpu_context ctx;
  auto const x = fsis::from_host<float>(ctx, {2, 3}, {1, 2, 3, 4, 5, 6});
  double const mean = mean_elsewhere(ctx, fsis::ops::map(ctx, x, fsis::kernels::square{}));
  std::printf("mean of squares %g\n", mean);
  return mean == 91.0 / 6 ? 0 : 1;
}
