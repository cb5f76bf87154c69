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
  struct place {
    index_t out, in;
    bool is_inside;
  };
  FSIS_HD place at(index_t row) const {
    index_t const o = row / out_axis, a = row - o * out_axis - before;
    return {row * inner, (o * in_axis + a) * inner, a >= 0 && a < in_axis};
  }
  template <index_t N>
  FSIS_HD void columns(place const& p, index_t i) const {
    T v[N];
    if (p.is_inside)
      for (index_t j = 0; j < N; ++j) v[j] = in[p.in + i + j];
    else
      for (index_t j = 0; j < N; ++j) v[j] = value;
    for (index_t j = 0; j < N; ++j) out[p.out + i + j] = v[j];
  }
  FSIS_HD void operator()(index_t row, index_t i) const { columns<1>(at(row), i); }
};

/// out[o, a, i] = in[o, axis - 1 - a, i]. Rows = outer * axis.
template <class T>
struct flip_axis {
  T* out;
  T const* in;
  index_t axis, inner;
  struct place {
    index_t out, in;
  };
  FSIS_HD place at(index_t row) const {
    index_t const o = row / axis, a = row - o * axis;
    return {row * inner, (o * axis + axis - 1 - a) * inner};
  }
  FSIS_HD void operator()(place const& p, index_t i) const { out[p.out + i] = in[p.in + i]; }
  FSIS_HD void operator()(index_t row, index_t i) const { (*this)(at(row), i); }
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
