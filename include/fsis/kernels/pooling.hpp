// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/core/math.hpp>

namespace fsis {
inline namespace v0 {
namespace kernels {

/// Sizes of one pooling: x (N,H,W,C), y (N,P,Q,C).
struct pool_geometry {
  index_t N = 0, H = 0, W = 0, C = 0, P = 0, Q = 0;
  index_t window[2] = {2, 2}, stride[2] = {2, 2}, padding[2] = {0, 0};

  /// First and one-past-last input row (axis 0) or column (axis 1) of window p, clipped to the picture.
  FSIS_HD index_t begin(int axis, index_t p) const { return hd_max(p * stride[axis] - padding[axis], index_t{0}); }
  FSIS_HD index_t end(int axis, index_t p) const {
    return hd_min(p * stride[axis] - padding[axis] + window[axis], axis == 0 ? H : W);
  }
  /// First and one-past-last window that covers input row or column h.
  FSIS_HD index_t first_window(int axis, index_t h) const {
    return hd_max(ceil_div(hd_max(h + padding[axis] - window[axis] + 1, index_t{0}), stride[axis]), index_t{0});
  }
  FSIS_HD index_t last_window(int axis, index_t h) const {
    return hd_min((h + padding[axis]) / stride[axis] + 1, axis == 0 ? P : Q);
  }
};

/// y = maximum of the window; `from` = h * W + w of the first maximum in row-major order.
template <class T>
struct max_pool {
  T* y;
  std::int32_t* from;  // null: not wanted
  T const* x;
  pool_geometry g;
  FSIS_HD void operator()(index_t pixel, index_t c) const {
    index_t const n = pixel / (g.P * g.Q), p = pixel / g.Q % g.P, q = pixel % g.Q;
    T const* const picture = x + n * g.H * g.W * g.C + c;
    index_t best = g.begin(0, p) * g.W + g.begin(1, q);
    T value = picture[best * g.C];
    for (index_t h = g.begin(0, p); h < g.end(0, p); ++h)
      for (index_t w = g.begin(1, q); w < g.end(1, q); ++w) {
        T const v = picture[(h * g.W + w) * g.C];
        if (v > value || v != v) {
          value = v;
          best = h * g.W + w;
        }
      }
    y[pixel * g.C + c] = value;
    if (from != nullptr) from[pixel * g.C + c] = static_cast<std::int32_t>(best);
  }
};

/// dx[h,w] = sum of g over the windows whose maximum came from (h,w).
template <class T>
struct max_pool_backward {
  T* dx;
  T const* dy;
  std::int32_t const* from;
  pool_geometry g;
  FSIS_HD void operator()(index_t pixel, index_t c) const {
    index_t const n = pixel / (g.H * g.W), h = pixel / g.W % g.H, w = pixel % g.W;
    T sum = T(0);
    for (index_t p = g.first_window(0, h); p < g.last_window(0, h); ++p)
      for (index_t q = g.first_window(1, w); q < g.last_window(1, w); ++q) {
        index_t const at = ((n * g.P + p) * g.Q + q) * g.C + c;
        if (from[at] == h * g.W + w) sum += dy[at];
      }
    dx[pixel * g.C + c] = sum;
  }
};

/// y = mean of the window, over its pixels inside the picture or (`count_padding`) over all of them.
template <class T>
struct average_pool {
  T* y;
  T const* x;
  pool_geometry g;
  bool count_padding;

  FSIS_HD T share(index_t p, index_t q) const {
    index_t const inside = (g.end(0, p) - g.begin(0, p)) * (g.end(1, q) - g.begin(1, q));
    // with rounding up, the last window may leave even the padded picture: what lies beyond never counts
    index_t const rows = hd_min(p * g.stride[0] + g.window[0], g.H + 2 * g.padding[0]) - p * g.stride[0];
    index_t const columns = hd_min(q * g.stride[1] + g.window[1], g.W + 2 * g.padding[1]) - q * g.stride[1];
    return T(1) / static_cast<T>(count_padding ? rows * columns : inside);
  }
  FSIS_HD void operator()(index_t pixel, index_t c) const {
    index_t const n = pixel / (g.P * g.Q), p = pixel / g.Q % g.P, q = pixel % g.Q;
    T sum = T(0);
    for (index_t h = g.begin(0, p); h < g.end(0, p); ++h)
      for (index_t w = g.begin(1, q); w < g.end(1, q); ++w) sum += x[((n * g.H + h) * g.W + w) * g.C + c];
    y[pixel * g.C + c] = sum * share(p, q);
  }
};

template <class T>
struct average_pool_backward {
  T* dx;
  T const* dy;
  average_pool<T> forward;
  FSIS_HD void operator()(index_t pixel, index_t c) const {
    pool_geometry const& g = forward.g;
    index_t const n = pixel / (g.H * g.W), h = pixel / g.W % g.H, w = pixel % g.W;
    T sum = T(0);
    for (index_t p = g.first_window(0, h); p < g.last_window(0, h); ++p)
      for (index_t q = g.first_window(1, w); q < g.last_window(1, w); ++q)
        sum += dy[((n * g.P + p) * g.Q + q) * g.C + c] * forward.share(p, q);
    dx[pixel * g.C + c] = sum;
  }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
