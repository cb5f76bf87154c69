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

/// Windows of 2x2 side by side.
inline pool_geometry pairs_of(index_t N, index_t H, index_t W, index_t C) {
  pool_geometry g;
  g.N = N, g.H = H, g.W = W, g.C = C, g.P = H / 2, g.Q = W / 2;
  return g;
}

// The kernels below take N neighbouring channels at a time: what a window holds is looked up once for them, and they
// are loops over channels that vectors are made of.

/// Where an output pixel lies: the window in the picture, clipped, and the first elements of both.
struct pool_window {
  index_t picture, out;    // offsets of picture n in x, of the pixel in y
  index_t top, bottom, left, right;
};

FSIS_HD inline pool_window window_at(pool_geometry const& g, index_t pixel) {
  index_t const row = pixel / g.Q, q = pixel - row * g.Q, n = row / g.P, p = row - n * g.P;
  return {n * g.H * g.W * g.C, pixel * g.C, g.begin(0, p), g.end(0, p), g.begin(1, q), g.end(1, q)};
}

/// The windows that an input pixel is in.
struct pool_readers {
  index_t picture, out;  // offsets of picture n in dy, of the pixel in dx
  index_t h, w, first_p, last_p, first_q, last_q;
};

FSIS_HD inline pool_readers readers_at(pool_geometry const& g, index_t pixel) {
  index_t const row = pixel / g.W, w = pixel - row * g.W, n = row / g.H, h = row - n * g.H;
  return {n * g.P * g.Q * g.C, pixel * g.C,           h, w, g.first_window(0, h), g.last_window(0, h),
          g.first_window(1, w), g.last_window(1, w)};
}

/// y = maximum of the window; NaN where there is one.
template <class T>
struct max_pool {
  using place = pool_window;
  T* y;
  T const* x;
  pool_geometry g;

  FSIS_HD place at(index_t pixel) const { return window_at(g, pixel); }
  template <index_t N>
  FSIS_HD void columns(place const& v, index_t c) const {
    T const* const picture = x + v.picture + c;
    T value[N];
    for (index_t i = 0; i < N; ++i) value[i] = picture[(v.top * g.W + v.left) * g.C + i];
    for (index_t h = v.top; h < v.bottom; ++h)
      for (index_t w = v.left; w < v.right; ++w) {
        T const* const in = picture + (h * g.W + w) * g.C;
        for (index_t i = 0; i < N; ++i) {
          T const a = in[i];
          value[i] = hd_select((a > value[i]) | (a != a), a, value[i]);
        }
      }
    for (index_t i = 0; i < N; ++i) y[v.out + c + i] = value[i];
  }
  FSIS_HD void operator()(index_t pixel, index_t c) const { columns<1>(at(pixel), c); }
};

/// The same with where the maximum came from: h * W + w of the first one in row-major order.
template <class T>
struct max_pool_origin {
  using place = pool_window;
  T* y;
  std::int32_t* from;
  T const* x;
  pool_geometry g;

  FSIS_HD place at(index_t pixel) const { return window_at(g, pixel); }
  template <index_t N>
  FSIS_HD void columns(place const& v, index_t c) const {
    T const* const picture = x + v.picture + c;
    index_t const first = v.top * g.W + v.left;
    T value[N];
    std::int32_t best[N];
    for (index_t i = 0; i < N; ++i) value[i] = picture[first * g.C + i];
    for (index_t i = 0; i < N; ++i) best[i] = static_cast<std::int32_t>(first);
    for (index_t h = v.top; h < v.bottom; ++h)
      for (index_t w = v.left; w < v.right; ++w) {
        std::int32_t const here = static_cast<std::int32_t>(h * g.W + w);
        T const* const in = picture + (h * g.W + w) * g.C;
        for (index_t i = 0; i < N; ++i) {
          T const a = in[i];
          bool const better = (a > value[i]) | (a != a);
          value[i] = hd_select(better, a, value[i]);
          best[i] = hd_select(better, here, best[i]);
        }
      }
    for (index_t i = 0; i < N; ++i) y[v.out + c + i] = value[i];
    for (index_t i = 0; i < N; ++i) from[v.out + c + i] = best[i];
  }
  FSIS_HD void operator()(index_t pixel, index_t c) const { columns<1>(at(pixel), c); }
};

/// dx[h,w] = sum of g over the windows whose maximum came from (h,w).
template <class T>
struct max_pool_backward {
  using place = pool_readers;
  T* dx;
  T const* dy;
  std::int32_t const* from;
  pool_geometry g;

  FSIS_HD place at(index_t pixel) const { return readers_at(g, pixel); }
  template <index_t N>
  FSIS_HD void columns(place const& v, index_t c) const {
    std::int32_t const here = static_cast<std::int32_t>(v.h * g.W + v.w);
    T sum[N];
    for (index_t i = 0; i < N; ++i) sum[i] = T(0);
    for (index_t p = v.first_p; p < v.last_p; ++p)
      for (index_t q = v.first_q; q < v.last_q; ++q) {
        index_t const first = v.picture + (p * g.Q + q) * g.C + c;
        for (index_t i = 0; i < N; ++i) sum[i] += hd_select(from[first + i] == here, dy[first + i], T(0));
      }
    for (index_t i = 0; i < N; ++i) dx[v.out + c + i] = sum[i];
  }
  FSIS_HD void operator()(index_t pixel, index_t c) const { columns<1>(at(pixel), c); }
};

/// One over the number of pixels that a window's mean is over: those inside the picture or, with `count_padding`, all.
template <class T>
FSIS_HD T average_share(pool_geometry const& g, bool count_padding, index_t p, index_t q) {
  index_t const inside = (g.end(0, p) - g.begin(0, p)) * (g.end(1, q) - g.begin(1, q));
  // with rounding up, the last window may leave even the padded picture: what lies beyond never counts
  index_t const rows = hd_min(p * g.stride[0] + g.window[0], g.H + 2 * g.padding[0]) - p * g.stride[0];
  index_t const columns = hd_min(q * g.stride[1] + g.window[1], g.W + 2 * g.padding[1]) - q * g.stride[1];
  return T(1) / static_cast<T>(count_padding ? rows * columns : inside);
}

/// y = mean of the window.
template <class T>
struct average_pool {
  struct place {
    pool_window window;
    T share;
  };
  T* y;
  T const* x;
  pool_geometry g;
  bool count_padding;

  FSIS_HD place at(index_t pixel) const {
    return {window_at(g, pixel), average_share<T>(g, count_padding, pixel / g.Q % g.P, pixel % g.Q)};
  }
  template <index_t N>
  FSIS_HD void columns(place const& at, index_t c) const {
    pool_window const& v = at.window;
    T const* const picture = x + v.picture + c;
    T sum[N];
    for (index_t i = 0; i < N; ++i) sum[i] = T(0);
    for (index_t h = v.top; h < v.bottom; ++h)
      for (index_t w = v.left; w < v.right; ++w) {
        T const* const in = picture + (h * g.W + w) * g.C;
        for (index_t i = 0; i < N; ++i) sum[i] += in[i];
      }
    for (index_t i = 0; i < N; ++i) y[v.out + c + i] = sum[i] * at.share;
  }
  FSIS_HD void operator()(index_t pixel, index_t c) const { columns<1>(at(pixel), c); }
};

/// dx[h,w] = sum of share * g over the windows that (h,w) is in.
template <class T>
struct average_pool_backward {
  using place = pool_readers;
  T* dx;
  T const* dy;
  pool_geometry g;
  bool count_padding;

  FSIS_HD place at(index_t pixel) const { return readers_at(g, pixel); }
  template <index_t N>
  FSIS_HD void columns(place const& v, index_t c) const {
    T sum[N];
    for (index_t i = 0; i < N; ++i) sum[i] = T(0);
    for (index_t p = v.first_p; p < v.last_p; ++p)
      for (index_t q = v.first_q; q < v.last_q; ++q) {
        T const share = average_share<T>(g, count_padding, p, q);
        T const* const in = dy + v.picture + (p * g.Q + q) * g.C + c;
        for (index_t i = 0; i < N; ++i) sum[i] += share * in[i];
      }
    for (index_t i = 0; i < N; ++i) dx[v.out + c + i] = sum[i];
  }
  FSIS_HD void operator()(index_t pixel, index_t c) const { columns<1>(at(pixel), c); }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
