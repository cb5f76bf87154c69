// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

namespace fsis {
inline namespace v0 {
namespace kernels {

/// Copies runs of `columns` elements: out[row * out_pitch + column] = in[row * in_pitch + column].
template <class T>
struct copy_runs {
  T* out;
  T const* in;
  index_t out_pitch, in_pitch;
  FSIS_HD void operator()(index_t row, index_t column) const {
    out[row * out_pitch + column] = in[row * in_pitch + column];
  }
};

/// out[o, a, i] = in[o, a - before, i] inside, `value` outside. Rows = outer * out_axis.
template <class T>
struct pad_along_axis {
  T* out;
  T const* in;
  index_t inner, out_axis, in_axis, before;
  T value;
  FSIS_HD void operator()(index_t row, index_t i) const {
    index_t const o = row / out_axis, a = row % out_axis - before;
    out[row * inner + i] = a >= 0 && a < in_axis ? in[(o * in_axis + a) * inner + i] : value;
  }
};

/// out[o, a, i] = in[o, axis - 1 - a, i]. Rows = outer * axis.
template <class T>
struct flip_axis {
  T* out;
  T const* in;
  index_t axis, inner;
  FSIS_HD void operator()(index_t row, index_t i) const {
    index_t const o = row / axis, a = row % axis;
    out[row * inner + i] = in[(o * axis + axis - 1 - a) * inner + i];
  }
};

/// (rows, columns) -> (columns, rows) for each of `batch` matrices; used at the edges, where files hold other orders.
template <class To, class From>
struct transpose {
  To* out;
  From const* in;
  index_t rows, columns;
  FSIS_HD void operator()(index_t out_row, index_t r) const {
    index_t const b = out_row / columns, c = out_row % columns;
    out[out_row * rows + r] = static_cast<To>(in[(b * rows + r) * columns + c]);
  }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
