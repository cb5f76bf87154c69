// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/core/shape.hpp>

namespace fsis {
inline namespace v0 {
namespace kernels {

struct add {
  template <class T>
  FSIS_HD T operator()(T a, T b) const { return a + b; }
};
struct subtract {
  template <class T>
  FSIS_HD T operator()(T a, T b) const { return a - b; }
};
struct multiply {
  template <class T>
  FSIS_HD T operator()(T a, T b) const { return a * b; }
};
struct divide {
  template <class T>
  FSIS_HD T operator()(T a, T b) const { return a / b; }
};

/// out[i] = f(a[i], b[i])
template <class T, class Function>
struct zip {
  T* out;
  T const* a;
  T const* b;
  Function f;
  FSIS_HD void operator()(index_t i) const { out[i] = f(a[i], b[i]); }
};

/// out = f(a, b) where an operand's stride is 0 on an axis it does not have. Rows run over all axes but the last.
template <class T, class Function>
struct zip_broadcast {
  static constexpr int max_rank = shape::max_rank;
  T* out;
  T const* a;
  T const* b;
  Function f;
  int rank;  // of the result, at least 1
  index_t extent[max_rank];
  index_t a_stride[max_rank];
  index_t b_stride[max_rank];
  FSIS_HD void operator()(index_t row, index_t column) const {
    index_t a_at = column * a_stride[rank - 1], b_at = column * b_stride[rank - 1];
    index_t rest = row;
    for (int axis = rank - 2; axis >= 0; --axis) {
      index_t const i = rest % extent[axis];
      rest /= extent[axis];
      a_at += i * a_stride[axis];
      b_at += i * b_stride[axis];
    }
    out[row * extent[rank - 1] + column] = f(a[a_at], b[b_at]);
  }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
