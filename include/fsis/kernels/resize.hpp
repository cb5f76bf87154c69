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

  /// Weight of source sample `src` in destination sample `dst`: the hat function around `at(dst)`.
  FSIS_HD double weight(index_t dst, index_t src) const {
    return hd_max(0.0, 1.0 - std::abs(at(dst) - static_cast<double>(src)));
  }

  /// First destination that `src` may take part in (conservative; ends at the first zero weight past the centre).
  FSIS_HD index_t first_reader(index_t src) const {
    if (src == 0) return 0;
    double const i = static_cast<double>(in), o = static_cast<double>(out), s = static_cast<double>(src);
    double const d = align_corners ? (s - 1) * (o - 1) / hd_max(i - 1, 1.0) : (s - 0.5) * o / i - 0.5;
    return hd_clamp(static_cast<index_t>(std::floor(d)), index_t{0}, out);
  }
  FSIS_HD index_t end_of_readers(index_t src) const {
    if (src == in - 1) return out;
    double const i = static_cast<double>(in), o = static_cast<double>(out), s = static_cast<double>(src);
    double const d = align_corners ? (s + 1) * (o - 1) / hd_max(i - 1, 1.0) : (s + 1.5) * o / i - 0.5;
    return hd_clamp(static_cast<index_t>(std::ceil(d)) + 1, index_t{0}, out);
  }
};

/// Linear interpolation along the middle axis of (outer, in, inner) -> (outer, out, inner).
/// Run over rows = outer * out, columns = inner.
template <class T>
struct resize_linear {
  T* y;
  T const* x;
  index_t inner;
  sample_positions positions;
  FSIS_HD void operator()(index_t row, index_t i) const {
    index_t const o = row / positions.out;
    double const f = positions.at(row % positions.out);
    index_t const low = hd_min(static_cast<index_t>(f), positions.in - 1);
    index_t const high = hd_min(low + 1, positions.in - 1);
    T const t = static_cast<T>(f - static_cast<double>(low));
    T const a = x[(o * positions.in + low) * inner + i], b = x[(o * positions.in + high) * inner + i];
    y[row * inner + i] = a + t * (b - a);
  }
};

/// Its adjoint by gathering: dx[o,src,i] = sum_dst weight(dst, src) * dy[o,dst,i]. Rows = outer * in.
template <class T>
struct resize_linear_backward {
  T* dx;
  T const* dy;
  index_t inner;
  sample_positions positions;
  FSIS_HD void operator()(index_t row, index_t i) const {
    index_t const o = row / positions.in, src = row % positions.in;
    T sum = T(0);
    for (index_t dst = positions.first_reader(src); dst < positions.end_of_readers(src); ++dst)
      sum += static_cast<T>(positions.weight(dst, src)) * dy[(o * positions.out + dst) * inner + i];
    dx[row * inner + i] = sum;
  }
};

/// Nearest sample along the middle axis, src = floor(dst * in / out), as PyTorch and OpenCV pick it.
template <class T>
struct resize_nearest {
  T* y;
  T const* x;
  index_t inner, in, out;
  FSIS_HD void operator()(index_t row, index_t i) const {
    y[row * inner + i] = x[(row / out * in + row % out * in / out) * inner + i];
  }
};

template <class T>
struct resize_nearest_backward {
  T* dx;
  T const* dy;
  index_t inner, in, out;
  FSIS_HD void operator()(index_t row, index_t i) const {
    index_t const o = row / in, src = row % in;
    T sum = T(0);
    for (index_t dst = ceil_div(src * out, in); dst < ceil_div((src + 1) * out, in); ++dst)
      sum += dy[(o * out + dst) * inner + i];
    dx[row * inner + i] = sum;
  }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
