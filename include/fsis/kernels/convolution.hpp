// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

namespace fsis {
inline namespace v0 {
namespace kernels {

/// Sizes of one 2-D convolution: x (N,H,W,C), filter (K,R,S,C/groups), y (N,P,Q,K). "2" suffixes are avoided:
/// [0] is vertical, [1] horizontal.
struct conv_geometry {
  index_t N = 0, H = 0, W = 0, C = 0, K = 0, R = 0, S = 0, P = 0, Q = 0;
  index_t stride[2] = {1, 1}, padding[2] = {0, 0}, dilation[2] = {1, 1};
  index_t groups = 1;

  FSIS_HD index_t depth() const { return R * S * (C / groups); }
};

/// Is the result a product of the pixels as they stand with the filter?
inline bool is_pointwise(conv_geometry const& g) {
  return g.R == 1 && g.S == 1 && g.stride[0] == 1 && g.stride[1] == 1 && g.padding[0] == 0 && g.padding[1] == 0 &&
         g.groups == 1;
}

/// The convolution that the data gradient is at stride 1: of dy, with turned taps, inputs and outputs exchanged.
inline conv_geometry data_gradient_geometry(conv_geometry const& g) {
  conv_geometry d = g;
  d.H = g.P, d.W = g.Q, d.C = g.K, d.K = g.C, d.P = g.H, d.Q = g.W;
  d.padding[0] = g.dilation[0] * (g.R - 1) - g.padding[0];
  d.padding[1] = g.dilation[1] * (g.S - 1) - g.padding[1];
  return d;
}

/// One element of y by the definition, y[n,p,q,k] = sum_{r,s,c} x[n, p*stride - pad + r*dil, ..., c] f[k,r,s,c].
/// The reference that faster algorithms are tested against, and the fallback where there is none.
template <class T>
struct conv_direct {
  T* y;
  T const* x;
  T const* filter;
  conv_geometry g;

  FSIS_HD void operator()(index_t pixel, index_t k) const {
    index_t const n = pixel / (g.P * g.Q), p = pixel / g.Q % g.P, q = pixel % g.Q;
    index_t const channels = g.C / g.groups, first = k / (g.K / g.groups) * channels;
    double sum = 0;
    for (index_t r = 0; r < g.R; ++r) {
      index_t const h = p * g.stride[0] - g.padding[0] + r * g.dilation[0];
      if (h < 0 || h >= g.H) continue;
      for (index_t s = 0; s < g.S; ++s) {
        index_t const w = q * g.stride[1] - g.padding[1] + s * g.dilation[1];
        if (w < 0 || w >= g.W) continue;
        T const* const in = x + ((n * g.H + h) * g.W + w) * g.C + first;
        T const* const f = filter + ((k * g.R + r) * g.S + s) * channels;
        for (index_t c = 0; c < channels; ++c) sum += static_cast<double>(in[c]) * static_cast<double>(f[c]);
      }
    }
    y[pixel * g.K + k] = static_cast<T>(sum);
  }
};

/// One element of the data gradient by the definition, the adjoint of `conv_direct`: the sum over the results that read
/// the pixel.
template <class T>
struct conv_direct_data {
  T* dx;
  T const* dy;
  T const* filter;
  conv_geometry g;

  FSIS_HD void operator()(index_t pixel, index_t c) const {
    index_t const n = pixel / (g.H * g.W), h = pixel / g.W % g.H, w = pixel % g.W;
    index_t const channels = g.C / g.groups, outputs = g.K / g.groups, first = c / channels * outputs;
    double sum = 0;
    for (index_t r = 0; r < g.R; ++r) {
      index_t const below = h + g.padding[0] - r * g.dilation[0], p = below / g.stride[0];
      if (below < 0 || p * g.stride[0] != below || p >= g.P) continue;
      for (index_t s = 0; s < g.S; ++s) {
        index_t const right = w + g.padding[1] - s * g.dilation[1], q = right / g.stride[1];
        if (right < 0 || q * g.stride[1] != right || q >= g.Q) continue;
        T const* const gradient = dy + ((n * g.P + p) * g.Q + q) * g.K + first;
        T const* const f = filter + ((first * g.R + r) * g.S + s) * channels + c % channels;
        for (index_t k = 0; k < outputs; ++k)
          sum += static_cast<double>(gradient[k]) * static_cast<double>(f[k * g.R * g.S * channels]);
      }
    }
    dx[pixel * g.C + c] = static_cast<T>(sum);
  }
};

/// One element of the filter gradient by the definition: row (k,r,s), column c.
template <class T>
struct conv_direct_filter {
  T* df;
  T const* x;
  T const* dy;
  conv_geometry g;

  FSIS_HD void operator()(index_t row, index_t c) const {
    index_t const k = row / (g.R * g.S), r = row / g.S % g.R, s = row % g.S;
    index_t const channels = g.C / g.groups, channel = k / (g.K / g.groups) * channels + c;
    double sum = 0;
    for (index_t n = 0; n < g.N; ++n)
      for (index_t p = 0; p < g.P; ++p) {
        index_t const h = p * g.stride[0] - g.padding[0] + r * g.dilation[0];
        if (h < 0 || h >= g.H) continue;
        for (index_t q = 0; q < g.Q; ++q) {
          index_t const w = q * g.stride[1] - g.padding[1] + s * g.dilation[1];
          if (w < 0 || w >= g.W) continue;
          sum += static_cast<double>(x[((n * g.H + h) * g.W + w) * g.C + channel]) *
                 static_cast<double>(dy[((n * g.P + p) * g.Q + q) * g.K + k]);
        }
      }
    df[row * channels + c] = static_cast<T>(sum);
  }
};

/// y += bias, rectified or not; `bias` (K) may be null.
template <class T>
struct conv_finish {
  T* y;
  T const* bias;
  index_t K;
  bool rectifies;

  FSIS_HD void operator()(index_t pixel, index_t k) const {
    T const v = y[pixel * K + k] + (bias == nullptr ? T(0) : bias[k]);
    y[pixel * K + k] = rectifies && v < T(0) ? T(0) : v;
  }
};

/// out[r,s,k,c] = filter[k,r,s,c]: the form in which the data gradient reads a filter.
template <class T>
struct filter_by_tap {
  T* out;
  T const* filter;
  index_t K, taps, C;
  FSIS_HD void operator()(index_t row, index_t c) const {
    index_t const tap = row / K, k = row % K;
    out[row * C + c] = filter[(k * taps + tap) * C + c];
  }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
