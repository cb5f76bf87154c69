// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/winograd.hpp>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

/// df = G' [sum over tiles of (A dy A') (B' x B)] G, the adjoint of the forward pass. The sums of each point are a
/// product over tiles. A small filter's stay in the cache, and tiles are added to them as many at a time as the cache
/// holds beside them. The sums of a large filter would fill the memory: where the points of all tiles find room, each task
/// makes those of a part of the filter and transforms them at once. Pictures and tiles are added in order.
class winograd_filter_gradient {
 public:
  /// `form` gives the size of the tiles.
  winograd_filter_gradient(cpu_context const& ctx, kernels::conv_geometry const& g, filter_form form)
      : ctx_(ctx),
        kernels_(kernels_of(ctx.instructions())),
        tile_kernels_(tiles_of(kernels_, form)),
        g_(g),
        tiles_(g, tile_kernels_.tile),
        points_(tile_kernels_.points),
        width_(kernels_.panel_width),
        panels_(ceil_div(g.C, width_)),
        parts_(ceil_div(g.K, part_width)) {}

  void run(float const* x, float const* dy, float* df) const {
    index_t const tiles = tiles_.count();
    index_t const floats_per_tile = points_ * (panels_ * width_ + parts_ * part_width);
    bool const is_small = g_.K * g_.C <= small_filter;
    index_t const most = is_small ? hd_max(small_floats / floats_per_tile, index_t{48})
                                  : hd_max(large_floats / floats_per_tile, index_t{96});
    index_t const at_once = tiles == 0 ? 0 : ceil_div(tiles, ceil_div(tiles, most));
    auto const points = allocate(x_stride(at_once) + dy_stride(at_once));
    float* const x_points = points.get();
    float* const dy_points = x_points + points_ * x_stride(at_once);
    if (at_once == tiles && !is_small) {
      transform_tiles(x, dy, 0, tiles, x_points, dy_points);
      return multiply_and_transform(tiles, x_points, dy_points, df);
    }
    auto const sums = allocate(sums_stride());
    for (index_t first = 0; first < tiles; first += at_once) {
      index_t const count = hd_min(at_once, tiles - first);
      transform_tiles(x, dy, first, count, x_points, dy_points);
      add_products(count, x_points, dy_points, first > 0, sums.get());
    }
    if (tiles == 0) std::fill_n(sums.get(), points_ * sums_stride(), 0.0f);
    ctx_.parallel(g_.K, [&](index_t k) {
      tile_kernels_.transform_filter_gradient(sums.get() + k * g_.C, sums_stride(), g_.C, df + k * 9 * g_.C, g_.C);
    });
  }

 private:
  static constexpr index_t small_filter = 128 * 128, small_floats = 300'000, large_floats = index_t{1} << 23;
  static constexpr index_t part_width = 48;  // outputs of a task

  // a line more than needed, as in packed_filter
  index_t sums_stride() const { return g_.K * g_.C + cache_line; }
  index_t part_stride() const { return part_width * width_ + cache_line; }
  index_t x_stride(index_t tiles) const { return tiles * panels_ * width_ + cache_line; }
  index_t dy_stride(index_t tiles) const { return tiles * parts_ * part_width + cache_line; }

  /// As many floats for each point.
  std::shared_ptr<float> allocate(index_t stride) const {
    return std::static_pointer_cast<float>(ctx_.allocate(static_cast<std::size_t>(points_ * stride) * sizeof(float)));
  }

  /// Points of x stand as (points, panel, tile, width), those of dy as (points, part, tile, part_width).
  void transform_tiles(float const* x, float const* dy, index_t first, index_t count, float* x_points,
                       float* dy_points) const {
    constexpr index_t tiles_per_task = 6;
    ctx_.parallel(ceil_div(count, tiles_per_task), [&](index_t task) {
      for (index_t t = task * tiles_per_task; t < hd_min(count, (task + 1) * tiles_per_task); ++t) {
        input_tile pixels = tiles_.input(x, first + t), gradients = tiles_.gradient(dy, first + t);
        for (index_t panel = 0; panel < panels_; ++panel, pixels.first += width_)
          tile_kernels_.transform_input(pixels, hd_min(width_, g_.C - panel * width_),
                                        x_points + (panel * count + t) * width_, x_stride(count));
        for (index_t part = 0; part < parts_; ++part, gradients.first += part_width)
          tile_kernels_.transform_gradient(gradients, hd_min(part_width, g_.K - part * part_width),
                                           dy_points + (part * count + t) * part_width, dy_stride(count));
      }
    });
  }

  /// The outputs of one part times the inputs of one panel, at one point; the place of the result is left open.
  product product_of(index_t count, float const* x_points, float const* dy_points, index_t point, index_t part,
                     index_t panel) const {
    product p;
    p.a = dy_points + point * dy_stride(count) + part * count * part_width;
    p.a_row = 1;
    p.a_step = part_width;
    p.depth = count;
    p.rows = hd_min(part_width, g_.K - part * part_width);
    p.panel = x_points + point * x_stride(count) + panel * count * width_;
    p.columns = hd_min(width_, g_.C - panel * width_);
    return p;
  }

  void add_products(index_t count, float const* x_points, float const* dy_points, bool accumulate,
                    float* sums) const {
    ctx_.parallel(points_ * parts_, [&](index_t task) {
      index_t const point = task / parts_, part = task % parts_;
      for (index_t panel = 0; panel < panels_; ++panel) {
        product p = product_of(count, x_points, dy_points, point, part, panel);
        p.c = sums + point * sums_stride() + part * part_width * g_.C + panel * width_;
        p.c_row = g_.C;
        p.accumulate = accumulate;
        kernels_.multiply(p);
      }
    });
  }

  void multiply_and_transform(index_t count, float const* x_points, float const* dy_points, float* df) const {
    ctx_.parallel(parts_ * panels_, [&](index_t task) {
      index_t const panel = task % panels_, part = task / panels_;
      auto const sums = allocate(part_stride());
      product p;
      for (index_t point = 0; point < points_; ++point) {
        p = product_of(count, x_points, dy_points, point, part, panel);
        p.c = sums.get() + point * part_stride();
        p.c_row = width_;
        kernels_.multiply(p);
      }
      for (index_t k = 0; k < p.rows; ++k)
        tile_kernels_.transform_filter_gradient(sums.get() + k * width_, part_stride(), p.columns,
                                                df + (part * part_width + k) * 9 * g_.C + panel * width_, g_.C);
    });
  }

  cpu_context const& ctx_;
  lane_kernels const& kernels_;
  tile_kernels const& tile_kernels_;
  kernels::conv_geometry g_;
  winograd_tiles tiles_;
  index_t points_, width_, panels_, parts_;
};

}  // namespace detail
}  // namespace backend
}  // namespace v0
}  // namespace fsis
