// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <vector>

namespace fsis_test {
namespace mgh {

// Test functions of J. J. More, B. S. Garbow, K. E. Hillstrom, "Testing unconstrained optimization software", ACM
// Transactions on Mathematical Software 7 (1981), section 3, with their numbers. f(x) is the sum of the squares of m
// residuals, without a factor 1/2.

/// Where residuals and Jacobian of one point go. The Jacobian is row by row and zero at first.
struct residuals {
  residuals(int rows, int columns)
      : n(columns), r(static_cast<std::size_t>(rows)), j(static_cast<std::size_t>(rows * columns)) {}
  double& value(int i) { return r[static_cast<std::size_t>(i)]; }
  double& slope(int i, int k) { return j[static_cast<std::size_t>(i * n + k)]; }
  int rows() const { return static_cast<int>(r.size()); }
  int n;
  std::vector<double> r, j;
};

using point = std::vector<double>;
using residual_function = void (*)(double const* x, residuals& out);

struct problem {
  char const* name;
  int m;
  point start;
  residual_function function;

  int n() const { return static_cast<int>(start.size()); }

  /// f(x), and its gradient 2 J^T r in g.
  double operator()(double const* x, double* g) const {
    residuals out(m, n());
    function(x, out);
    double f = 0;
    for (int k = 0; k < n(); ++k) g[k] = 0;
    for (int i = 0; i < m; ++i) {
      f += out.value(i) * out.value(i);
      for (int k = 0; k < n(); ++k) g[k] += 2 * out.value(i) * out.slope(i, k);
    }
    return f;
  }
};

}  // namespace mgh
}  // namespace fsis_test
