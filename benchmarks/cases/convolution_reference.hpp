// SPDX-License-Identifier: MIT
#pragma once

#include "cases/problems.hpp"

#include <algorithm>

namespace fsis_bench {

// Single elements by the definition, in double: what contenders are checked against.

namespace detail {

/// Calls `f(h, w, r, s)` for the taps of output pixel (p, q) that lie on the picture.
template <class F>
void each_tap(fsis::kernels::conv_geometry const& g, index_t p, index_t q, F const& f) {
  for (index_t r = 0; r < g.R; ++r)
    for (index_t s = 0; s < g.S; ++s) {
      index_t const h = p * g.stride[0] - g.padding[0] + r * g.dilation[0];
      index_t const w = q * g.stride[1] - g.padding[1] + s * g.dilation[1];
      if (h >= 0 && h < g.H && w >= 0 && w < g.W) f(h, w, r, s);
    }
}

inline double number_at(std::vector<float> const& v, index_t i) {
  return static_cast<double>(v[static_cast<std::size_t>(i)]);
}

}  // namespace detail

/// max(conv(x, filter) + bias, 0), element `i` of (N,P,Q,K).
inline double forward_at(convolution_problem const& c, index_t i) {
  auto const& g = c.g;
  index_t const k = i % g.K, q = i / g.K % g.Q, p = i / g.K / g.Q % g.P, n = i / g.K / g.Q / g.P;
  double sum = detail::number_at(c.bias, k);
  detail::each_tap(g, p, q, [&](index_t h, index_t w, index_t r, index_t s) {
    for (index_t ch = 0; ch < g.C; ++ch)
      sum += detail::number_at(c.x, ((n * g.H + h) * g.W + w) * g.C + ch) *
             detail::number_at(c.filter, ((k * g.R + r) * g.S + s) * g.C + ch);
  });
  return std::max(sum, 0.0);
}

/// The gradient of dot(y, dy) with respect to x, element `i` of (N,H,W,C).
inline double data_gradient_at(convolution_problem const& c, index_t i) {
  auto const& g = c.g;
  index_t const ch = i % g.C, w = i / g.C % g.W, h = i / g.C / g.W % g.H, n = i / g.C / g.W / g.H;
  double sum = 0;
  for (index_t r = 0; r < g.R; ++r)
    for (index_t s = 0; s < g.S; ++s) {
      index_t const y = h + g.padding[0] - r * g.dilation[0], x = w + g.padding[1] - s * g.dilation[1];
      if (y < 0 || x < 0 || y % g.stride[0] != 0 || x % g.stride[1] != 0) continue;
      index_t const p = y / g.stride[0], q = x / g.stride[1];
      if (p >= g.P || q >= g.Q) continue;
      for (index_t k = 0; k < g.K; ++k)
        sum += detail::number_at(c.dy, ((n * g.P + p) * g.Q + q) * g.K + k) *
               detail::number_at(c.filter, ((k * g.R + r) * g.S + s) * g.C + ch);
    }
  return sum;
}

/// The gradient of dot(y, dy) with respect to the filter, element `i` of (K,R,S,C).
inline double filter_gradient_at(convolution_problem const& c, index_t i) {
  auto const& g = c.g;
  index_t const ch = i % g.C, s = i / g.C % g.S, r = i / g.C / g.S % g.R, k = i / g.C / g.S / g.R;
  double sum = 0;
  for (index_t n = 0; n < g.N; ++n)
    for (index_t p = 0; p < g.P; ++p)
      for (index_t q = 0; q < g.Q; ++q) {
        index_t const h = p * g.stride[0] - g.padding[0] + r * g.dilation[0];
        index_t const w = q * g.stride[1] - g.padding[1] + s * g.dilation[1];
        if (h < 0 || h >= g.H || w < 0 || w >= g.W) continue;
        sum += detail::number_at(c.x, ((n * g.H + h) * g.W + w) * g.C + ch) *
               detail::number_at(c.dy, ((n * g.P + p) * g.Q + q) * g.K + k);
      }
  return sum;
}

}  // namespace fsis_bench
