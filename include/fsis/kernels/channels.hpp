// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/elementary.hpp>
#include <fsis/kernels/row.hpp>

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

// One index, one whole row. What differs between softmax and its logarithm is known to the compiler.

/// Softmax, or its logarithm, of each row.
template <class T, bool Logarithm>
struct softmax_row {
  static constexpr bool takes_rows = true;
  T* y;
  T const* x;
  index_t C;
  FSIS_HD void operator()(index_t row) const {
    T const* const in = x + row * C;
    T* const out = y + row * C;
    row_part<T> part(in[0]);
    for_parts(C, [&](auto n, index_t c) {
      for (index_t i = 0; i < decltype(n)::value; ++i)
        part.v[i] = hd_select(part.v[i] < in[c + i], in[c + i], part.v[i]);
    });
    T const largest = part.folded([](T a, T b) { return hd_select(a < b, b, a); });
    if constexpr (Logarithm) {
      T const log_sum = hd_log(sum_row<T>(C, [&](index_t c) { return hd_exp(in[c] - largest); }));
      // largest + log(sum) would round log(sum) away next to a large logit
      write_row(out, C, [&](index_t c) { return (in[c] - largest) - log_sum; });
    } else {
      write_row(out, C, [&](index_t c) { return hd_exp(in[c] - largest); });
      T const sum = sum_row<T>(C, [&](index_t c) { return out[c]; });
      write_row(out, C, [&](index_t c) { return out[c] / sum; });
    }
  }
};

/// softmax: dx = y * (dy - sum_c dy*y); log-softmax: dx = dy - exp(y) * sum_c dy.
template <class T, bool Logarithm>
struct softmax_row_backward {
  static constexpr bool takes_rows = true;
  T* dx;
  T const* dy;
  T const* y;
  index_t C;
  FSIS_HD void operator()(index_t row) const {
    T const* const g = dy + row * C;
    T const* const v = y + row * C;
    T const sum = sum_row<T>(C, [&](index_t c) { return Logarithm ? g[c] : g[c] * v[c]; });
    write_row(dx + row * C, C,
              [&](index_t c) { return Logarithm ? g[c] - hd_exp(v[c]) * sum : v[c] * (g[c] - sum); });
  }
};

/// norm[row] = norm2 of a row of C channels
template <class T>
struct row_norm {
  static constexpr bool takes_rows = true;
  T* norm;
  T const* x;
  index_t C;
  FSIS_HD void operator()(index_t row) const {
    T const* const in = x + row * C;
    norm[row] = hd_sqrt(sum_row<T>(C, [&](index_t c) { return in[c] * in[c]; }));
  }
};

/// y = x / (norm2(x) + epsilon) for each row; a zero row stays zero.
template <class T>
struct unit_row {
  static constexpr bool takes_rows = true;
  T* y;
  T* norm;  // null: not wanted
  T const* x;
  index_t C;
  T epsilon;
  FSIS_HD void operator()(index_t row) const {
    T const* const in = x + row * C;
    T const length = hd_sqrt(sum_row<T>(C, [&](index_t c) { return in[c] * in[c]; }));
    if (norm != nullptr) norm[row] = length;
    T const factor = length + epsilon > T(0) ? T(1) / (length + epsilon) : T(0);
    write_row(y + row * C, C, [&](index_t c) { return in[c] * factor; });
  }
};

/// dx = (g - y * (y.g) * (n + epsilon) / n) / (n + epsilon), with n = norm2(x); 0 where n is.
template <class T>
struct unit_row_backward {
  static constexpr bool takes_rows = true;
  T* dx;
  T const* dy;
  T const* y;
  T const* norm;
  index_t C;
  T epsilon;
  FSIS_HD void operator()(index_t row) const {
    T const* const g = dy + row * C;
    T const* const v = y + row * C;
    T const n = norm[row], shifted = n + epsilon;
    bool const is_zero = !(n > T(0));
    T const dot = sum_row<T>(C, [&](index_t c) { return g[c] * v[c]; });
    T const along = is_zero ? T(0) : dot * shifted / n, divisor = is_zero ? T(1) : shifted;
    write_row(dx + row * C, C,
              [&](index_t c) { return hd_select(is_zero, T(0), (g[c] - v[c] * along) / divisor); });
  }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
