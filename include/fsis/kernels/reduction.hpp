// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/core/math.hpp>

#include <cmath>

namespace fsis {
inline namespace v0 {
namespace kernels {

// Reductions over the middle axis of an (outer, axis, inner) array; see backend::reduce. Sums run in double: they
// cost memory traffic, not arithmetic, and a float sum of a million terms loses three digits.

struct add_combine {
  using value_type = double;
  FSIS_HD double identity() const { return 0.0; }
  FSIS_HD double combine(double x, double y) const { return x + y; }
};

template <class T>
struct max_combine {
  using value_type = T;
  FSIS_HD T identity() const { return -static_cast<T>(HUGE_VAL); }
  FSIS_HD T combine(T x, T y) const { return hd_select((y > x) | (y != y), y, x); }  // NaN is kept, not hidden
};

template <class T>
struct min_combine {
  using value_type = T;
  FSIS_HD T identity() const { return static_cast<T>(HUGE_VAL); }
  FSIS_HD T combine(T x, T y) const { return hd_select((y < x) | (y != y), y, x); }
};

/// out[o,i] = factor * sum_a f(x[o,a,i])
template <class T, class Function>
struct sum_of : add_combine {
  T* out;
  T const* x;
  index_t axis, inner;
  double factor;
  Function f;
  FSIS_HD double load(index_t o, index_t a, index_t i) const {
    return static_cast<double>(f(x[(o * axis + a) * inner + i]));
  }
  FSIS_HD void store(index_t o, index_t i, double v) const { out[o * inner + i] = static_cast<T>(factor * v); }
};

struct identity {
  template <class T>
  FSIS_HD T operator()(T x) const { return x; }
};
struct absolute {
  template <class T>
  FSIS_HD T operator()(T x) const { return hd_select(x < T(0), -x, x); }
};
struct squared {
  template <class T>
  FSIS_HD T operator()(T x) const { return x * x; }
};

/// out[o,i] = sum_a x[o,a,i] * y[o,a,i]
template <class T>
struct dot_of : add_combine {
  T* out;
  T const* x;
  T const* y;
  index_t axis, inner;
  FSIS_HD double load(index_t o, index_t a, index_t i) const {
    index_t const at = (o * axis + a) * inner + i;
    return static_cast<double>(x[at]) * static_cast<double>(y[at]);
  }
  FSIS_HD void store(index_t o, index_t i, double v) const { out[o * inner + i] = static_cast<T>(v); }
};

/// The same sum kept in double, for callers that go on in double (L-BFGS).
template <class T>
struct dot_in_double : add_combine {
  double* out;
  T const* x;
  T const* y;
  FSIS_HD double load(index_t, index_t a, index_t) const {
    return static_cast<double>(x[a]) * static_cast<double>(y[a]);
  }
  FSIS_HD void store(index_t, index_t, double v) const { *out = v; }
};

/// out[o,i] = max_a f(x[o,a,i])
template <class T, class Function>
struct max_of : max_combine<T> {
  T* out;
  T const* x;
  index_t axis, inner;
  Function f;
  FSIS_HD T load(index_t o, index_t a, index_t i) const { return f(x[(o * axis + a) * inner + i]); }
  FSIS_HD void store(index_t o, index_t i, T v) const { out[o * inner + i] = v; }
};

/// out[o,i] = min_a x[o,a,i]
template <class T>
struct min_of : min_combine<T> {
  T* out;
  T const* x;
  index_t axis, inner;
  FSIS_HD T load(index_t o, index_t a, index_t i) const { return x[(o * axis + a) * inner + i]; }
  FSIS_HD void store(index_t o, index_t i, T v) const { out[o * inner + i] = v; }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
