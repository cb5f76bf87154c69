// SPDX-License-Identifier: MIT
#pragma once

#include <support/mgh/problem.hpp>

namespace fsis_test {
namespace mgh {

inline double sum(double const* x, int n) {
  double s = 0;
  for (int k = 0; k < n; ++k) s += x[k];
  return s;
}

inline void watson(double const* x, residuals& out) {
  int const n = out.n;
  for (int i = 0; i < 29; ++i) {
    double const t = (i + 1) / 29.0;
    double derivative = 0, polynomial = 0, power = 1;  // power = t^k
    for (int k = 0; k < n; ++k) {
      if (k + 1 < n) derivative += (k + 1) * x[k + 1] * power;
      polynomial += x[k] * power;
      power *= t;
    }
    out.value(i) = derivative - polynomial * polynomial - 1;
    power = 1;
    for (int k = 0; k < n; ++k) {
      if (k + 1 < n) out.slope(i, k + 1) += (k + 1) * power;
      out.slope(i, k) -= 2 * polynomial * power;
      power *= t;
    }
  }
  out.value(29) = x[0];
  out.slope(29, 0) = 1;
  out.value(30) = x[1] - x[0] * x[0] - 1;
  out.slope(30, 0) = -2 * x[0];
  out.slope(30, 1) = 1;
}

inline void extended_rosenbrock(double const* x, residuals& out) {
  for (int k = 0; k < out.n; k += 2) {
    out.value(k) = 10 * (x[k + 1] - x[k] * x[k]);
    out.slope(k, k) = -20 * x[k];
    out.slope(k, k + 1) = 10;
    out.value(k + 1) = 1 - x[k];
    out.slope(k + 1, k) = -1;
  }
}

inline void penalty_1(double const* x, residuals& out) {
  int const n = out.n;
  double const a = std::sqrt(1e-5);
  out.value(n) = -0.25;
  for (int k = 0; k < n; ++k) {
    out.value(k) = a * (x[k] - 1);
    out.slope(k, k) = a;
    out.value(n) += x[k] * x[k];
    out.slope(n, k) = 2 * x[k];
  }
}

inline void penalty_2(double const* x, residuals& out) {
  int const n = out.n;
  double const a = std::sqrt(1e-5);
  out.value(0) = x[0] - 0.2;
  out.slope(0, 0) = 1;
  for (int k = 1; k < n; ++k) {
    double const here = std::exp(x[k] / 10), before = std::exp(x[k - 1] / 10);
    out.value(k) = a * (here + before - std::exp((k + 1) / 10.0) - std::exp(k / 10.0));
    out.slope(k, k) = a * here / 10;
    out.slope(k, k - 1) = a * before / 10;
    out.value(n + k - 1) = a * (here - std::exp(-0.1));
    out.slope(n + k - 1, k) = a * here / 10;
  }
  int const last = 2 * n - 1;
  out.value(last) = -1;
  for (int k = 0; k < n; ++k) {
    out.value(last) += (n - k) * x[k] * x[k];
    out.slope(last, k) = 2 * (n - k) * x[k];
  }
}

inline void variably_dimensioned(double const* x, residuals& out) {
  int const n = out.n;
  double weighted = 0;
  for (int k = 0; k < n; ++k) {
    out.value(k) = x[k] - 1;
    out.slope(k, k) = 1;
    weighted += (k + 1) * (x[k] - 1);
  }
  out.value(n) = weighted;
  out.value(n + 1) = weighted * weighted;
  for (int k = 0; k < n; ++k) {
    out.slope(n, k) = k + 1;
    out.slope(n + 1, k) = 2 * weighted * (k + 1);
  }
}

inline void trigonometric(double const* x, residuals& out) {
  int const n = out.n;
  double cosines = 0;
  for (int k = 0; k < n; ++k) cosines += std::cos(x[k]);
  for (int i = 0; i < n; ++i) {
    out.value(i) = n - cosines + (i + 1) * (1 - std::cos(x[i])) - std::sin(x[i]);
    for (int k = 0; k < n; ++k) out.slope(i, k) = std::sin(x[k]);
    out.slope(i, i) += (i + 1) * std::sin(x[i]) - std::cos(x[i]);
  }
}

inline void brown_almost_linear(double const* x, residuals& out) {
  int const n = out.n;
  double const total = sum(x, n);
  for (int i = 0; i + 1 < n; ++i) {
    out.value(i) = x[i] + total - (n + 1);
    for (int k = 0; k < n; ++k) out.slope(i, k) = 1;
    out.slope(i, i) = 2;
  }
  out.value(n - 1) = -1;
  double product = 1;
  for (int k = 0; k < n; ++k) {
    product *= x[k];
    double others = 1;
    for (int l = 0; l < n; ++l) others *= l == k ? 1 : x[l];
    out.slope(n - 1, k) = others;
  }
  out.value(n - 1) += product;
}

inline void discrete_boundary_value(double const* x, residuals& out) {
  int const n = out.n;
  double const h = 1.0 / (n + 1);
  for (int k = 0; k < n; ++k) {
    double const c = x[k] + (k + 1) * h + 1;
    out.value(k) = 2 * x[k] - (k > 0 ? x[k - 1] : 0) - (k + 1 < n ? x[k + 1] : 0) + h * h * c * c * c / 2;
    out.slope(k, k) = 2 + 1.5 * h * h * c * c;
    if (k > 0) out.slope(k, k - 1) = -1;
    if (k + 1 < n) out.slope(k, k + 1) = -1;
  }
}

inline void discrete_integral_equation(double const* x, residuals& out) {
  int const n = out.n;
  double const h = 1.0 / (n + 1);
  for (int i = 0; i < n; ++i) {
    double const ti = (i + 1) * h;
    out.value(i) = x[i];
    for (int k = 0; k < n; ++k) {
      double const tk = (k + 1) * h, c = x[k] + tk + 1;
      double const weight = h / 2 * (k <= i ? (1 - ti) * tk : ti * (1 - tk));
      out.value(i) += weight * c * c * c;
      out.slope(i, k) = 3 * weight * c * c;
    }
    out.slope(i, i) += 1;
  }
}

inline void broyden_tridiagonal(double const* x, residuals& out) {
  int const n = out.n;
  for (int k = 0; k < n; ++k) {
    out.value(k) = (3 - 2 * x[k]) * x[k] - (k > 0 ? x[k - 1] : 0) - 2 * (k + 1 < n ? x[k + 1] : 0) + 1;
    out.slope(k, k) = 3 - 4 * x[k];
    if (k > 0) out.slope(k, k - 1) = -1;
    if (k + 1 < n) out.slope(k, k + 1) = -2;
  }
}

inline void broyden_banded(double const* x, residuals& out) {
  int const n = out.n;
  for (int i = 0; i < n; ++i) {
    out.value(i) = x[i] * (2 + 5 * x[i] * x[i]) + 1;
    out.slope(i, i) = 2 + 15 * x[i] * x[i];
    for (int k = i - 5; k <= i + 1; ++k) {
      if (k < 0 || k >= n || k == i) continue;
      out.value(i) -= x[k] * (1 + x[k]);
      out.slope(i, k) = -1 - 2 * x[k];
    }
  }
}

inline void linear_full_rank(double const* x, residuals& out) {
  int const m = out.rows();
  double const total = sum(x, out.n);
  for (int i = 0; i < m; ++i) {
    out.value(i) = -2.0 / m * total - 1;
    for (int k = 0; k < out.n; ++k) out.slope(i, k) = -2.0 / m;
    if (i >= out.n) continue;
    out.value(i) += x[i];
    out.slope(i, i) += 1;
  }
}

inline void linear_rank_1(double const* x, residuals& out) {
  double weighted = 0;
  for (int k = 0; k < out.n; ++k) weighted += (k + 1) * x[k];
  for (int i = 0; i < out.rows(); ++i) {
    out.value(i) = (i + 1) * weighted - 1;
    for (int k = 0; k < out.n; ++k) out.slope(i, k) = (i + 1) * (k + 1);
  }
}

/// As above with first and last variable and first and last residual set to nothing.
inline void linear_rank_1_zeros(double const* x, residuals& out) {
  int const last = out.rows() - 1;
  double weighted = 0;
  for (int k = 1; k + 1 < out.n; ++k) weighted += (k + 1) * x[k];
  out.value(0) = out.value(last) = -1;
  for (int i = 1; i < last; ++i) {
    out.value(i) = i * weighted - 1;
    for (int k = 1; k + 1 < out.n; ++k) out.slope(i, k) = i * (k + 1);
  }
}

/// Means of the shifted Chebyshev polynomials T_i(2x - 1) less their integrals over [0, 1].
inline void chebyquad(double const* x, residuals& out) {
  int const n = out.n;
  for (int k = 0; k < n; ++k) {
    double const u = 2 * x[k] - 1;
    double before = 1, here = u, slope_before = 0, slope_here = 2;
    for (int i = 0; i < out.rows(); ++i) {
      out.value(i) += here / n;
      out.slope(i, k) = slope_here / n;
      double const next = 2 * u * here - before, slope_next = 4 * here + 2 * u * slope_here - slope_before;
      before = here;
      here = next;
      slope_before = slope_here;
      slope_here = slope_next;
    }
  }
  for (int i = 2; i <= out.rows(); i += 2) out.value(i - 1) += 1.0 / (i * i - 1.0);
}

}  // namespace mgh
}  // namespace fsis_test
