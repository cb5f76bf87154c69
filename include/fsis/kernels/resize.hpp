// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/core/math.hpp>

#include <cmath>

namespace fsis {
inline namespace v0 {
namespace kernels {

/// Where sample `dst` of an axis resized from `in` to `out` samples lies in the source.
/// corners aligned: dst * (in-1) / (out-1); else half-pixel centres: (dst+0.5) * in/out - 0.5, clamped to the axis.
struct sample_positions {
  index_t in, out;
  bool align_corners;

  FSIS_HD double at(index_t dst) const {
    double const i = static_cast<double>(in), o = static_cast<double>(out), d = static_cast<double>(dst);
    if (align_corners) return out > 1 ? d * (i - 1) / (o - 1) : 0.0;
    return hd_clamp((d + 0.5) * i / o - 0.5, 0.0, i - 1);
  }
};

/// Which two source samples a destination lies between, for all destinations of an axis: source low[dst] with weight
/// 1 - share[dst] and the next one with share[dst]. low grows with dst.
template <class T>
struct linear_taps {
  std::int32_t const* low;
  T const* share;
};

/// Makes them.
template <class T>
struct resize_taps {
  std::int32_t* low;
  T* share;
  sample_positions positions;
  FSIS_HD void operator()(index_t dst) const {
    double const f = positions.at(dst);
    index_t const from = hd_min(static_cast<index_t>(f), positions.in - 1);
    low[dst] = static_cast<std::int32_t>(from);
    share[dst] = static_cast<T>(f - static_cast<double>(from));
  }
};

/// start[src] = the first of `out` destinations whose low is src or more, for src from 0 to the number of sources:
/// the destinations between src and src + 1 are [start[src], start[src + 1]).
struct resize_starts {
  std::int32_t* start;
  std::int32_t const* low;
  index_t out;
  FSIS_HD void operator()(index_t src) const {
    index_t first = 0, last = out;
    while (first < last) {
      index_t const middle = (first + last) / 2;
      if (low[middle] < src)
        first = middle + 1;
      else
        last = middle;
    }
    start[src] = static_cast<std::int32_t>(first);
  }
};

/// Linear interpolation along the middle axis of (outer, in, inner) -> (outer, out, inner).
/// Run over rows = outer * out, columns = inner.
template <class T>
struct resize_linear {
  struct place {
    index_t low, high, out;
    T share;
  };
  T* y;
  T const* x;
  index_t in, out, inner;
  linear_taps<T> taps;
  FSIS_HD place at(index_t row) const {
    index_t const o = row / out, dst = row - o * out, low = taps.low[dst], high = hd_min(low + 1, in - 1);
    return {(o * in + low) * inner, (o * in + high) * inner, row * inner, taps.share[dst]};
  }
  FSIS_HD void operator()(place const& p, index_t i) const {
    T const a = x[p.low + i], b = x[p.high + i];
    y[p.out + i] = a + p.share * (b - a);
  }
  FSIS_HD void operator()(index_t row, index_t i) const { (*this)(at(row), i); }
};

/// The same where `inner` is small: rows = outer, columns = out * inner.
template <class T>
struct resize_linear_narrow {
  T* y;
  T const* x;
  index_t in, out, inner;
  linear_taps<T> taps;
  FSIS_HD void operator()(index_t row, index_t column) const {
    index_t const dst = inner == 1 ? column : column / inner, i = inner == 1 ? 0 : column - dst * inner;
    index_t const low = taps.low[dst], high = hd_min(low + 1, in - 1);
    T const* const from = x + row * in * inner + i;
    T const a = from[low * inner], b = from[high * inner];
    y[row * out * inner + column] = a + taps.share[dst] * (b - a);
  }
};

/// Both axes of (N,H,W,C) -> (N,P,Q,C) at once, horizontally first. Rows = N * P * Q, columns = C.
template <class T>
struct resize_bilinear {
  struct place {
    index_t top, bottom, right, out;  // right: from a pixel to the next
    T share_y, share_x;
  };
  T* y;
  T const* x;
  index_t H, W, P, Q, C;
  linear_taps<T> row_taps, column_taps;
  FSIS_HD place at(index_t pixel) const {
    index_t const line = pixel / Q, q = pixel - line * Q, n = line / P, p = line - n * P;
    index_t const h = row_taps.low[p], w = column_taps.low[q];
    index_t const top = ((n * H + h) * W + w) * C;
    return {top, top + (h + 1 < H ? W * C : 0), w + 1 < W ? C : 0, pixel * C, row_taps.share[p],
            column_taps.share[q]};
  }
  FSIS_HD void operator()(place const& p, index_t c) const {
    T const a = x[p.top + c], b = x[p.top + p.right + c], d = x[p.bottom + c], e = x[p.bottom + p.right + c];
    T const upper = a + p.share_x * (b - a), lower = d + p.share_x * (e - d);
    y[p.out + c] = upper + p.share_y * (lower - upper);
  }
  FSIS_HD void operator()(index_t pixel, index_t c) const { (*this)(at(pixel), c); }
};

/// The destinations of a source sample: those before it, [first, middle), with their share, those from it on,
/// [middle, last), with what is left of one.
struct tap_readers {
  index_t first, middle, last;
};

template <class T>
FSIS_HD inline T weight_of(linear_taps<T> const& taps, tap_readers const& r, index_t dst) {
  return dst < r.middle ? taps.share[dst] : T(1) - taps.share[dst];
}

FSIS_HD inline tap_readers readers_of(std::int32_t const* start, index_t src) {
  return {src > 0 ? start[src - 1] : 0, start[src], start[src + 1]};
}

/// The adjoint of `resize_linear` by gathering. Rows = outer * in, columns = inner.
template <class T>
struct resize_linear_backward {
  struct place {
    tap_readers readers;
    index_t from, out;
  };
  T* dx;
  T const* dy;
  index_t in, out, inner;
  linear_taps<T> taps;
  std::int32_t const* start;
  FSIS_HD place at(index_t row) const {
    index_t const o = row / in;
    return {readers_of(start, row - o * in), o * out * inner, row * inner};
  }
  template <index_t N>
  FSIS_HD void columns(place const& p, index_t i) const {
    T sum[N];
    for (index_t j = 0; j < N; ++j) sum[j] = T(0);
    for (index_t dst = p.readers.first; dst < p.readers.last; ++dst) {
      T const weight = weight_of(taps, p.readers, dst);
      T const* const g = dy + p.from + dst * inner + i;
      for (index_t j = 0; j < N; ++j) sum[j] += weight * g[j];
    }
    for (index_t j = 0; j < N; ++j) dx[p.out + i + j] = sum[j];
  }
  FSIS_HD void operator()(index_t row, index_t i) const { columns<1>(at(row), i); }
};

/// The same where `inner` is small: rows = outer, columns = in * inner.
template <class T>
struct resize_linear_backward_narrow {
  T* dx;
  T const* dy;
  index_t in, out, inner;
  linear_taps<T> taps;
  std::int32_t const* start;
  FSIS_HD void operator()(index_t row, index_t column) const {
    index_t const src = inner == 1 ? column : column / inner, i = inner == 1 ? 0 : column - src * inner;
    tap_readers const readers = readers_of(start, src);
    T const* const g = dy + row * out * inner + i;
    T sum = T(0);
    for (index_t dst = readers.first; dst < readers.middle; ++dst) sum += taps.share[dst] * g[dst * inner];
    for (index_t dst = readers.middle; dst < readers.last; ++dst) sum += (T(1) - taps.share[dst]) * g[dst * inner];
    dx[row * in * inner + column] = sum;
  }
};

/// The adjoint of `resize_bilinear`. Rows = N * H * W, columns = C.
template <class T>
struct resize_bilinear_backward {
  struct place {
    tap_readers rows, columns;
    index_t from, out;
  };
  T* dx;
  T const* dy;
  index_t H, W, P, Q, C;
  linear_taps<T> row_taps, column_taps;
  std::int32_t const* row_start;
  std::int32_t const* column_start;
  FSIS_HD place at(index_t pixel) const {
    index_t const line = pixel / W, n = line / H;
    return {readers_of(row_start, line - n * H), readers_of(column_start, pixel - line * W), n * P * Q * C, pixel * C};
  }
  template <index_t N>
  FSIS_HD void columns(place const& at, index_t c) const {
    T sum[N];
    for (index_t j = 0; j < N; ++j) sum[j] = T(0);
    for (index_t p = at.rows.first; p < at.rows.last; ++p) {
      T of_row[N];
      for (index_t j = 0; j < N; ++j) of_row[j] = T(0);
      for (index_t q = at.columns.first; q < at.columns.last; ++q) {
        T const weight = weight_of(column_taps, at.columns, q);
        T const* const g = dy + at.from + (p * Q + q) * C + c;
        for (index_t j = 0; j < N; ++j) of_row[j] += weight * g[j];
      }
      T const weight = weight_of(row_taps, at.rows, p);
      for (index_t j = 0; j < N; ++j) sum[j] += weight * of_row[j];
    }
    for (index_t j = 0; j < N; ++j) dx[at.out + c + j] = sum[j];
  }
  FSIS_HD void operator()(index_t pixel, index_t c) const { columns<1>(at(pixel), c); }
};

/// Nearest sample along the middle axis, src = floor(dst * in / out), as PyTorch and OpenCV pick it.
template <class T>
struct resize_nearest {
  T* y;
  T const* x;
  index_t inner, in, out;
  struct place {
    index_t from, to;
  };
  FSIS_HD place at(index_t row) const {
    index_t const o = row / out;
    return {(o * in + (row - o * out) * in / out) * inner, row * inner};
  }
  FSIS_HD void operator()(place const& p, index_t i) const { y[p.to + i] = x[p.from + i]; }
  FSIS_HD void operator()(index_t row, index_t i) const { (*this)(at(row), i); }
};

template <class T>
struct resize_nearest_backward {
  struct place {
    index_t first, last, from, to;
  };
  T* dx;
  T const* dy;
  index_t inner, in, out;
  FSIS_HD place at(index_t row) const {
    index_t const o = row / in, src = row - o * in;
    return {ceil_div(src * out, in), ceil_div((src + 1) * out, in), o * out * inner, row * inner};
  }
  template <index_t N>
  FSIS_HD void columns(place const& p, index_t i) const {
    T sum[N];
    for (index_t j = 0; j < N; ++j) sum[j] = T(0);
    for (index_t dst = p.first; dst < p.last; ++dst) {
      T const* const g = dy + p.from + dst * inner + i;
      for (index_t j = 0; j < N; ++j) sum[j] += g[j];
    }
    for (index_t j = 0; j < N; ++j) dx[p.to + i + j] = sum[j];
  }
  FSIS_HD void operator()(index_t row, index_t i) const { columns<1>(at(row), i); }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
