// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/winograd.hpp>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

/// df = G' [sum over tiles of (A dy A') (B' x B)] G, the adjoint of the forward pass. The sums of each point are a
/// product over tiles, and all tasks add some tiles at a time. The sums of the smallest filters fit a core's own cache:
/// there each task adds the tiles of its piece of the pictures, and the pieces are added in order. Those of large filters
/// would fill the memory: where the points of all tiles find room, each task makes the sums of a part of the filter and
/// transforms them at once.
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
    if (g_.K * g_.C <= tiny_filter) return add_in_parts(tiles, x, dy, df);
    index_t const at_once = tiles_at_once(tiles, most_at_once());
    auto const points = allocate(x_stride(at_once) + dy_stride(at_once));
    float* const x_points = points.get();
    float* const dy_points = x_points + points_ * x_stride(at_once);
    std::shared_ptr<float> sums;
    if (at_once < tiles) sums = allocate(sums_stride());
    for (index_t first = 0; first < tiles; first += at_once) {
      index_t const count = hd_min(at_once, tiles - first);
      constexpr index_t tiles_per_task = 6;
      ctx_.parallel(ceil_div(count, tiles_per_task), [&](index_t task) {
        index_t const begin = task * tiles_per_task, end = hd_min(count, begin + tiles_per_task);
        transform_tiles(x, dy, first, begin, end, count, x_points, dy_points);
      });
      if (sums != nullptr)
        ctx_.parallel(points_ * parts_, [&](index_t task) {
          add_products(task / parts_, task % parts_, count, x_points, dy_points, first > 0, sums.get());
        });
    }
    if (sums == nullptr) return multiply_and_transform(tiles, x_points, dy_points, df);
    ctx_.parallel(g_.K, [&](index_t k) { transform_sums(k, sums.get(), df); });
  }

 private:
  static constexpr index_t tiny_filter = 64 * 64, small_filter = 128 * 128;
  static constexpr index_t part_width = 48;  // outputs of a task

  // a line more than needed, as in packed_filter
  index_t sums_stride() const { return g_.K * g_.C + cache_line; }
  index_t part_stride() const { return part_width * width_ + cache_line; }
  index_t x_stride(index_t tiles) const { return tiles * panels_ * width_ + cache_line; }
  index_t dy_stride(index_t tiles) const { return tiles * parts_ * part_width + cache_line; }

  index_t floats_per_tile() const { return points_ * (panels_ * width_ + parts_ * part_width); }

  /// Tiles whose points the second-level cache holds beside the sums of a small filter, the last one those of a large.
  index_t most_at_once() const {
    return g_.K * g_.C <= small_filter ? hd_max(300'000 / floats_per_tile(), index_t{48})
                                       : hd_max((index_t{1} << 23) / floats_per_tile(), index_t{96});
  }

  /// At most `most`, and no few at the end.
  static index_t tiles_at_once(index_t tiles, index_t most) {
    return tiles == 0 ? 0 : ceil_div(tiles, ceil_div(tiles, most));
  }

  /// As many floats for each point.
  std::shared_ptr<float> allocate(index_t stride) const {
    return std::static_pointer_cast<float>(ctx_.allocate(static_cast<std::size_t>(points_ * stride) * sizeof(float)));
  }

  /// Tiles [begin, end) of the `count` from `first` on. Points of x stand as (points, panel, tile, width), those of dy as
  /// (points, part, tile, part_width).
  void transform_tiles(float const* x, float const* dy, index_t first, index_t begin, index_t end, index_t count,
                       float* x_points, float* dy_points) const {
    for (index_t t = begin; t < end; ++t) {
      input_tile pixels = tiles_.input(x, first + t), gradients = tiles_.gradient(dy, first + t);
      for (index_t panel = 0; panel < panels_; ++panel, pixels.first += width_)
        tile_kernels_.transform_input(pixels, hd_min(width_, g_.C - panel * width_),
                                      x_points + (panel * count + t) * width_, x_stride(count));
      for (index_t part = 0; part < parts_; ++part, gradients.first += part_width)
        tile_kernels_.transform_gradient(gradients, hd_min(part_width, g_.K - part * part_width),
                                         dy_points + (part * count + t) * part_width, dy_stride(count));
    }
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

  /// One point's products of `count` tiles with the outputs of one part.
  void add_products(index_t point, index_t part, index_t count, float const* x_points, float const* dy_points,
                    bool accumulate, float* sums) const {
    for (index_t panel = 0; panel < panels_; ++panel) {
      product p = product_of(count, x_points, dy_points, point, part, panel);
      p.c = sums + point * sums_stride() + part * part_width * g_.C + panel * width_;
      p.c_row = g_.C;
      p.accumulate = accumulate;
      kernels_.multiply(p);
    }
  }

  void transform_sums(index_t k, float const* sums, float* df) const {
    tile_kernels_.transform_filter_gradient(sums + k * g_.C, sums_stride(), g_.C, df + k * 9 * g_.C, g_.C);
  }

  void add_in_parts(index_t tiles, float const* x, float const* dy, float* df) const {
    index_t const most = most_at_once();
    index_t const pieces = hd_clamp(tiles / most, index_t{1}, index_t{8}), piece = ceil_div(tiles, pieces);
    index_t const at_once = tiles_at_once(piece, most), piece_floats = points_ * sums_stride();
    auto const sums = allocate(pieces * sums_stride());
    ctx_.parallel(pieces, [&](index_t task) {
      auto const points = allocate(x_stride(at_once) + dy_stride(at_once));
      float* const x_points = points.get();
      float* const dy_points = x_points + points_ * x_stride(at_once);
      float* const own = sums.get() + task * piece_floats;
      index_t const begin = task * piece, end = hd_min(tiles, begin + piece);
      if (begin >= end) std::fill_n(own, piece_floats, 0.0f);
      for (index_t first = begin; first < end; first += at_once) {
        index_t const count = hd_min(at_once, end - first);
        transform_tiles(x, dy, first, 0, count, count, x_points, dy_points);
        for (index_t i = 0; i < points_ * parts_; ++i)
          add_products(i / parts_, i % parts_, count, x_points, dy_points, first > begin, own);
      }
    });
    ctx_.parallel(g_.K, [&](index_t k) {
      for (index_t from = 1; from < pieces; ++from)
        for (index_t point = 0; point < points_; ++point) {
          float* const to = sums.get() + point * sums_stride() + k * g_.C;
          kernels_.add(to + from * piece_floats, g_.C, to);
        }
      transform_sums(k, sums.get(), df);
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
