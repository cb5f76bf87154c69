// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/packed_filter.hpp>
#include <fsis/kernels/convolution.hpp>

#include <algorithm>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

/// Can the products be made from rows of pixels? The taps of a filter's row must be neighbours.
inline bool is_direct(kernels::conv_geometry const& g) {
  return g.groups == 1 && g.C > 0 && (g.dilation[1] == 1 || g.S == 1);
}

/// Convolution as products of rows of pixels with the filter. For a row of results the rows of the picture that it
/// needs are copied with their padding so that pixels one below the other stand side by side, (columns, R, C): all
/// that a result reads is then one run of memory, which the next result's run overlaps.
class direct_convolution {
 public:
  direct_convolution(cpu_context const& ctx, kernels::conv_geometry const& g, packed_filter const& filter)
      : ctx_(ctx), kernels_(kernels_of(ctx.instructions())), g_(g), filter_(filter) {}

  void run(float const* x, float const* bias, activation act, float* y) const {
    if (is_pointwise(g_)) {
      constexpr index_t pixels_per_task = 96;
      index_t const pixels = g_.N * g_.P * g_.Q;
      ctx_.parallel(ceil_div(pixels, pixels_per_task), [&](index_t task) {
        index_t const first = task * pixels_per_task;
        multiply(x + first * g_.C, g_.C, hd_min(pixels_per_task, pixels - first), bias, act, y + first * g_.K);
      });
      return;
    }
    index_t const rows = g_.N * g_.P, rows_per_task = hd_max(index_t{1}, index_t{1536} / g_.Q);
    index_t const columns = (g_.Q - 1) * g_.stride[1] + g_.S;
    ctx_.parallel(ceil_div(rows, rows_per_task), [&](index_t task) {
      auto const memory = ctx_.allocate(static_cast<std::size_t>(columns * g_.R * g_.C) * sizeof(float));
      float* const picture = static_cast<float*>(memory.get());
      index_t const end = hd_min(rows, (task + 1) * rows_per_task);
      for (index_t row = task * rows_per_task; row < end; ++row) {
        index_t const p = row % g_.P;
        // rows that the last row of results has read, too, move up
        bool const moves_up = row > task * rows_per_task && p > 0 && g_.dilation[0] == 1;
        index_t const kept = moves_up ? hd_max(g_.R - g_.stride[0], index_t{0}) : 0;
        if (kept > 0) std::copy(picture + g_.stride[0] * g_.C, picture + columns * g_.R * g_.C, picture);
        for (index_t r = kept; r < g_.R; ++r)
          copy_row(x, row / g_.P, p * g_.stride[0] - g_.padding[0] + r * g_.dilation[0], columns, picture + r * g_.C);
        multiply(picture, g_.stride[1] * g_.R * g_.C, g_.Q, bias, act, y + row * g_.Q * g_.K);
      }
    });
  }

 private:
  /// Row h of picture n with its padding, or zeros, to every R-th pixel of `to`.
  void copy_row(float const* x, index_t n, index_t h, index_t columns, float* to) const {
    index_t const step = g_.R * g_.C;
    bool const exists = h >= 0 && h < g_.H;
    float const* const row = exists ? x + (n * g_.H + h) * g_.W * g_.C : x;
    index_t const first = exists ? hd_clamp(g_.padding[1], index_t{0}, columns) : columns;
    index_t const last = exists ? hd_clamp(g_.padding[1] + g_.W, first, columns) : columns;
    auto const fill = [&](index_t from, index_t end) {
      for (index_t column = from; column < end; ++column) std::fill_n(to + column * step, g_.C, 0.0f);
    };
    fill(0, first);
    // a loop: a call of memcpy for a pixel of three colours costs more than the copy
    for (index_t column = first; column < last; ++column)
      for (index_t c = 0; c < g_.C; ++c) to[column * step + c] = row[(column - g_.padding[1]) * g_.C + c];
    fill(last, columns);
  }

  /// `count` results with all their channels.
  void multiply(float const* pixels, index_t pixel_step, index_t count, float const* bias, activation act,
                float* y) const {
    index_t const width = filter_.width(), depth = g_.R * g_.S * g_.C;
    // a part of a panel stays in the second-level cache while all results meet it
    index_t const parts = ceil_div(depth * width, index_t{1} << 16), part = ceil_div(depth, parts);
    for (index_t panel = 0; panel < filter_.panels(); ++panel)
      for (index_t k = 0; k < depth; k += part) {
        product p;
        p.a = pixels + k;
        p.a_row = pixel_step;
        p.depth = hd_min(part, depth - k);
        p.panel = filter_.panel(panel) + k * width;
        p.c = y + panel * width;
        p.c_row = g_.K;
        p.rows = count;
        p.columns = hd_min(width, g_.K - panel * width);
        p.accumulate = k > 0;
        if (k + part >= depth) {
          p.bias = bias == nullptr ? nullptr : bias + panel * width;
          p.act = act;
        }
        kernels_.multiply(p);
      }
  }

  cpu_context const& ctx_;
  lane_kernels const& kernels_;
  kernels::conv_geometry g_;
  packed_filter const& filter_;
};

}  // namespace detail
}  // namespace backend
}  // namespace v0
}  // namespace fsis
