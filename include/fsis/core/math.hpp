// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

#include <cmath>

namespace fsis {
inline namespace v0 {

// std::min, std::max and std::clamp are host-only functions under nvcc without extra flags.

template <class T>
FSIS_HD constexpr T hd_min(T a, T b) { return b < a ? b : a; }

template <class T>
FSIS_HD constexpr T hd_max(T a, T b) { return a < b ? b : a; }

template <class T>
FSIS_HD constexpr T hd_clamp(T x, T low, T high) { return x < low ? low : (high < x ? high : x); }

/// ceil(a / b) for a >= 0, b > 0.
FSIS_HD constexpr index_t ceil_div(index_t a, index_t b) { return (a + b - 1) / b; }

/// 1 / (1 + exp(-x)) without overflow for large |x|.
template <class T>
FSIS_HD T stable_sigmoid(T x) {
  T const e = std::exp(x < T(0) ? x : -x);
  return x < T(0) ? e / (T(1) + e) : T(1) / (T(1) + e);
}

/// log(1 + exp(x)) without overflow.
template <class T>
FSIS_HD T softplus(T x) {
  return hd_max(x, T(0)) + std::log1p(std::exp(x < T(0) ? x : -x));
}

}  // namespace v0
}  // namespace fsis
