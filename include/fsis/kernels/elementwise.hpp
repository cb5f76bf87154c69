// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/core/elementary.hpp>

namespace fsis {
inline namespace v0 {
namespace kernels {

/// out[i] = value
template <class T>
struct fill {
  T* out;
  T value;
  FSIS_HD void operator()(index_t i) const { out[i] = value; }
};

/// out[i] = From(in[i])
template <class To, class From>
struct convert {
  To* out;
  From const* in;
  FSIS_HD void operator()(index_t i) const { out[i] = static_cast<To>(in[i]); }
};

/// y[i] = a * x[i] + b * y[i]
template <class T>
struct axpby {
  T* y;
  T const* x;
  T a, b;
  FSIS_HD void operator()(index_t i) const { y[i] = a * x[i] + b * y[i]; }
};

/// y[i] += x[i]
template <class T>
struct accumulate {
  T* y;
  T const* x;
  FSIS_HD void operator()(index_t i) const { y[i] += x[i]; }
};

/// out[i] = f(x[i])
template <class T, class Function>
struct map {
  T* out;
  T const* x;
  Function f;
  FSIS_HD void operator()(index_t i) const { out[i] = f(x[i]); }
};

/// dx[i] = g[i] * f.derivative(x[i], y[i]), where y = f(x)
template <class T, class Function>
struct map_backward {
  T* dx;
  T const* g;
  T const* x;
  T const* y;
  Function f;
  FSIS_HD void operator()(index_t i) const { dx[i] = g[i] * f.derivative(x[i], y[i]); }
};

// Functions of one number: value and derivative by value x and result y.

/// max(x, 0); NaN stays NaN, as in the fused convolution
struct relu {
  template <class T>
  FSIS_HD T operator()(T x) const { return x < T(0) ? T(0) : x; }
  template <class T>
  FSIS_HD T derivative(T, T y) const { return hd_select(y > T(0), T(1), T(0)); }
};

/// x for x > 0, slope * x otherwise
struct leaky_relu {
  double slope;
  template <class T>
  FSIS_HD T operator()(T x) const { return hd_select(x > T(0), x, static_cast<T>(slope) * x); }
  template <class T>
  FSIS_HD T derivative(T x, T) const { return hd_select(x > T(0), T(1), static_cast<T>(slope)); }
};

struct sigmoid {
  template <class T>
  FSIS_HD T operator()(T x) const { return stable_sigmoid(x); }
  template <class T>
  FSIS_HD T derivative(T, T y) const { return y * (T(1) - y); }
};

struct tanh {
  template <class T>
  FSIS_HD T operator()(T x) const { return hd_tanh(x); }
  template <class T>
  FSIS_HD T derivative(T, T y) const { return T(1) - y * y; }
};

struct exponential {
  template <class T>
  FSIS_HD T operator()(T x) const { return hd_exp(x); }
  template <class T>
  FSIS_HD T derivative(T, T y) const { return y; }
};

struct logarithm {
  template <class T>
  FSIS_HD T operator()(T x) const { return hd_log(x); }
  template <class T>
  FSIS_HD T derivative(T x, T) const { return T(1) / x; }
};

struct square_root {
  template <class T>
  FSIS_HD T operator()(T x) const { return hd_sqrt(x); }
  template <class T>
  FSIS_HD T derivative(T, T y) const { return T(0.5) / y; }
};

struct square {
  template <class T>
  FSIS_HD T operator()(T x) const { return x * x; }
  template <class T>
  FSIS_HD T derivative(T x, T) const { return T(2) * x; }
};

/// a * x + b
struct affine {
  double a, b;
  template <class T>
  FSIS_HD T operator()(T x) const { return static_cast<T>(a) * x + static_cast<T>(b); }
  template <class T>
  FSIS_HD T derivative(T, T) const { return static_cast<T>(a); }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
