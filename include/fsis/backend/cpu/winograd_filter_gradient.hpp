// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/winograd.hpp>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

/// df = G' [sum over tiles of (A dy A') (B' x B)] G, the adjoint of the forward pass. The sums of each point are a
/// product over tiles, made for as many tiles at a time as the cache holds; pictures and tiles are added in order.
class winograd_filter_gradient {
 public:
  winograd_filter_gradient(cpu_context const& ctx, kernels::conv_geometry const& g)
      : ctx_(ctx),
        kernels_(kernels_of(ctx.instructions())),
        g_(g),
        tiles_(g),
        width_(kernels_.panel_width),
        panels_(ceil_div(g.C, width_)) {}

  void run(float const* x, float const* dy, float* df) const {
    index_t const tiles = tiles_.count(), size = g_.K * g_.C;
    index_t const at_once = hd_clamp(cached_floats / (winograd_points * (panels_ * width_ + g_.K)), index_t{96},
                                     hd_max(tiles, index_t{96}));
    auto const memory = ctx_.allocate(static_cast<std::size_t>(winograd_points * size + at_once * floats_per_tile() +
                                                               2 * winograd_points * cache_line) *
                                      sizeof(float));
    float* const sums = static_cast<float*>(memory.get());
    float* const x_points = sums + winograd_points * size;
    float* const dy_points = x_points + winograd_points * x_stride(at_once);
    for (index_t first = 0; first < tiles; first += at_once)
      add_tiles(x, dy, first, hd_min(at_once, tiles - first), x_points, dy_points, sums);
    if (tiles == 0) std::fill_n(sums, winograd_points * size, 0.0f);
    ctx_.parallel(g_.K, [&](index_t k) {
      kernels_.transform_filter_gradient(sums + k * g_.C, size, g_.C, df + k * 9 * g_.C, g_.C);
    });
  }

 private:
  static constexpr index_t cached_floats = index_t{1} << 22;

  index_t floats_per_tile() const { return winograd_points * (panels_ * width_ + g_.K); }
  index_t x_stride(index_t tiles) const { return tiles * panels_ * width_ + cache_line; }
  index_t dy_stride(index_t tiles) const { return tiles * g_.K + cache_line; }

  /// Points of x stand as panels (36, panel, tile, width), those of dy as (36, tile, K).
  void add_tiles(float const* x, float const* dy, index_t first, index_t count, float* x_points, float* dy_points,
                 float* sums) const {
    constexpr index_t tiles_per_task = 6;
    ctx_.parallel(ceil_div(count, tiles_per_task), [&](index_t task) {
      for (index_t t = task * tiles_per_task; t < hd_min(count, (task + 1) * tiles_per_task); ++t) {
        input_tile pixels = tiles_.input(x, first + t);
        for (index_t panel = 0; panel < panels_; ++panel, pixels.first += width_)
          kernels_.transform_input(pixels, hd_min(width_, g_.C - panel * width_),
                                   x_points + (panel * count + t) * width_, x_stride(count));
        kernels_.transform_gradient(tiles_.gradient(dy, first + t), g_.K, dy_points + t * g_.K, dy_stride(count));
      }
    });
    constexpr index_t rows_per_task = 48;
    index_t const parts = ceil_div(g_.K, rows_per_task);
    ctx_.parallel(winograd_points * parts, [&](index_t task) {
      index_t const point = task / parts, k = task % parts * rows_per_task;
      product p;
      p.a = dy_points + point * dy_stride(count) + k;
      p.a_row = 1;
      p.a_step = g_.K;
      p.depth = count;
      p.c_row = g_.C;
      p.rows = hd_min(rows_per_task, g_.K - k);
      p.accumulate = first > 0;
      for (index_t panel = 0; panel < panels_; ++panel) {
        p.panel = x_points + point * x_stride(count) + panel * count * width_;
        p.c = sums + (point * g_.K + k) * g_.C + panel * width_;
        p.columns = hd_min(width_, g_.C - panel * width_);
        kernels_.multiply(p);
      }
    });
  }

  cpu_context const& ctx_;
  lane_kernels const& kernels_;
  kernels::conv_geometry g_;
  winograd_tiles tiles_;
  index_t width_, panels_;
};

}  // namespace detail
}  // namespace backend
}  // namespace v0
}  // namespace fsis
