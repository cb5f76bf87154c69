// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/core/math.hpp>

#include <cmath>

namespace fsis {
inline namespace v0 {
namespace kernels {

// Kernels on rows of channels: x (rows, C).

/// y[row,c] = scale[c] * x[row,c] + bias[c]
template <class T>
struct scale_bias {
  T* y;
  T const* x;
  T const* scale;
  T const* bias;
  index_t C;
  FSIS_HD void operator()(index_t row, index_t c) const { y[row * C + c] = scale[c] * x[row * C + c] + bias[c]; }
};

/// y[row,c] = scale[c] * x[row,c]
template <class T>
struct scale_channels {
  T* y;
  T const* x;
  T const* scale;
  index_t C;
  FSIS_HD void operator()(index_t row, index_t c) const { y[row * C + c] = scale[c] * x[row * C + c]; }
};

/// Softmax (or its logarithm) of each row; one index, one row.
template <class T>
struct softmax_row {
  T* y;
  T const* x;
  index_t C;
  bool logarithm;
  FSIS_HD void operator()(index_t row) const {
    T const* const in = x + row * C;
    T* const out = y + row * C;
    T largest = in[0];
    for (index_t c = 1; c < C; ++c) largest = hd_max(largest, in[c]);
    T sum = T(0);
    for (index_t c = 0; c < C; ++c) sum += std::exp(in[c] - largest);
    // largest + log(sum) would round log(sum) away next to a large logit
    T const rest = std::log(sum);
    for (index_t c = 0; c < C; ++c) {
      T const shifted = in[c] - largest;
      out[c] = logarithm ? shifted - rest : std::exp(shifted) / sum;
    }
  }
};

/// softmax: dx = y * (dy - sum_c dy*y); log-softmax: dx = dy - exp(y) * sum_c dy.
template <class T>
struct softmax_row_backward {
  T* dx;
  T const* dy;
  T const* y;
  index_t C;
  bool logarithm;
  FSIS_HD void operator()(index_t row) const {
    T const* const g = dy + row * C;
    T const* const v = y + row * C;
    T sum = T(0);
    for (index_t c = 0; c < C; ++c) sum += logarithm ? g[c] : g[c] * v[c];
    for (index_t c = 0; c < C; ++c)
      dx[row * C + c] = logarithm ? g[c] - std::exp(v[c]) * sum : v[c] * (g[c] - sum);
  }
};

/// y = x / (norm2(x) + epsilon) for each row; a zero row stays zero.
template <class T>
struct unit_row {
  T* y;
  T* norm;  // null: not wanted
  T const* x;
  index_t C;
  T epsilon;
  FSIS_HD void operator()(index_t row) const {
    T sum = T(0);
    for (index_t c = 0; c < C; ++c) sum += x[row * C + c] * x[row * C + c];
    T const length = std::sqrt(sum);
    if (norm != nullptr) norm[row] = length;
    T const factor = length + epsilon > T(0) ? T(1) / (length + epsilon) : T(0);
    for (index_t c = 0; c < C; ++c) y[row * C + c] = x[row * C + c] * factor;
  }
};

/// dx = (g - y * (y.g) * (n + epsilon) / n) / (n + epsilon), with n = norm2(x).
template <class T>
struct unit_row_backward {
  T* dx;
  T const* dy;
  T const* y;
  T const* norm;
  index_t C;
  T epsilon;
  FSIS_HD void operator()(index_t row) const {
    T along = T(0);
    for (index_t c = 0; c < C; ++c) along += dy[row * C + c] * y[row * C + c];
    T const n = norm[row], shifted = n + epsilon;
    for (index_t c = 0; c < C; ++c)
      dx[row * C + c] = n > T(0) ? (dy[row * C + c] - y[row * C + c] * along * shifted / n) / shifted : T(0);
  }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
