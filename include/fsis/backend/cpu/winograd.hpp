// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/packed_filter.hpp>
#include <fsis/kernels/convolution.hpp>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

/// The square tiles of a result. With dilation d the result falls into d x d pictures of every d-th pixel, its phases:
/// each is a plain convolution of a phase of the input.
class winograd_tiles {
 public:
  winograd_tiles(kernels::conv_geometry const& g, index_t tile) : g_(g), tile_(tile) {
    for (int axis = 0; axis < 2; ++axis) {
      index_t const results = axis == 0 ? g.P : g.Q;
      per_phase_[axis] = ceil_div(ceil_div(results, g.dilation[axis]), tile);
    }
  }

  index_t count() const { return g_.N * g_.dilation[0] * g_.dilation[1] * per_phase_[0] * per_phase_[1]; }

  input_tile input(float const* x, index_t i) const {
    place const at = place_of(i);
    index_t const h = at.p - g_.padding[0], w = at.q - g_.padding[1];
    input_tile t;
    t.x = x;
    t.first = ((at.n * g_.H + h) * g_.W + w) * g_.C;
    t.row = g_.dilation[0] * g_.W * g_.C;
    t.column = g_.dilation[1] * g_.C;
    t.top = first_inside(h, g_.dilation[0]);
    t.bottom = end_inside(h, g_.dilation[0], g_.H);
    t.left = first_inside(w, g_.dilation[1]);
    t.right = end_inside(w, g_.dilation[1], g_.W);
    return t;
  }

  /// The place of `output` for reading.
  input_tile gradient(float const* dy, index_t i) const {
    place const at = place_of(i);
    input_tile t;
    t.x = dy;
    t.first = ((at.n * g_.P + at.p) * g_.Q + at.q) * g_.K;
    t.row = g_.dilation[0] * g_.Q * g_.K;
    t.column = g_.dilation[1] * g_.K;
    t.top = t.left = 0;
    t.bottom = end_inside(at.p, g_.dilation[0], g_.P);
    t.right = end_inside(at.q, g_.dilation[1], g_.Q);
    return t;
  }

  output_tile output(float* y, index_t i) const {
    place const at = place_of(i);
    output_tile t;
    t.y = y + ((at.n * g_.P + hd_min(at.p, g_.P - 1)) * g_.Q + hd_min(at.q, g_.Q - 1)) * g_.K;
    t.row = g_.dilation[0] * g_.Q * g_.K;
    t.column = g_.dilation[1] * g_.K;
    t.rows = end_inside(at.p, g_.dilation[0], g_.P);
    t.columns = end_inside(at.q, g_.dilation[1], g_.Q);
    t.pooled = false;
    return t;
  }

  /// The same in the pooled result (N,P/2,Q/2,K), for which there must be no dilation.
  output_tile pooled_output(float* y, index_t i) const {
    place const at = place_of(i);
    index_t const P = g_.P / 2, Q = g_.Q / 2, p = at.p / 2, q = at.q / 2;  // tiles begin at even places
    output_tile t;
    t.y = y + ((at.n * P + hd_min(p, P - 1)) * Q + hd_min(q, Q - 1)) * g_.K;
    t.row = Q * g_.K;
    t.column = g_.K;
    t.rows = P - hd_min(p, P);
    t.columns = Q - hd_min(q, Q);
    t.pooled = true;
    return t;
  }

 private:
  struct place {
    index_t n, p, q;  // of the first result, which need not exist in a later phase
  };

  place place_of(index_t i) const {
    index_t const tx = i % per_phase_[1], ty = i / per_phase_[1] % per_phase_[0];
    i /= per_phase_[0] * per_phase_[1];
    index_t const dy = g_.dilation[0], dx = g_.dilation[1];
    return {i / (dx * dy), i / dx % dy + dy * tile_ * ty, i % dx + dx * tile_ * tx};
  }

  static index_t first_inside(index_t begin, index_t step) { return begin < 0 ? ceil_div(-begin, step) : 0; }
  static index_t end_inside(index_t begin, index_t step, index_t size) {
    return begin < size ? (size - 1 - begin) / step + 1 : 0;
  }

  kernels::conv_geometry g_;
  index_t tile_, per_phase_[2];
};

/// What reading a number of a filter costs beside a product (benchmarks/convolution.md).
constexpr double number_read = 5;

/// What Winograd's algorithm costs with tiles of this size, in products for each pair of channels.
inline double winograd_cost(kernels::conv_geometry const& g, tile_kernels const& kernels) {
  constexpr double tile_share = 1.3;  // products and transforms of a tile over its products
  double const tiles = static_cast<double>(winograd_tiles(g, kernels.tile).count());
  return static_cast<double>(kernels.points) * (tile_share * tiles + number_read);
}

/// The form of the filter for Winograd's algorithm where that applies and pays, else `taps`: a rule on shape and
/// instruction set (benchmarks/convolution.md).
inline filter_form winograd_form(kernels::conv_geometry const& g, instruction_set set) {
  index_t const least = set == instruction_set::avx512 ? 16 : 12, most = 256 * 256;
  if (g.R != 3 || g.S != 3 || g.stride[0] != 1 || g.stride[1] != 1 || g.groups != 1 || g.C < least || g.K < least)
    return filter_form::taps;
  // the larger tiles save a fifth of the products, which ragged borders may lose again, and twice the memory is too
  // much for the largest filters
  lane_kernels const& kernels = kernels_of(set);
  bool const large_pays = winograd_cost(g, kernels.winograd_6) < winograd_cost(g, kernels.winograd_4);
  return large_pays && g.C * g.K <= most ? filter_form::winograd_6 : filter_form::winograd_4;
}

/// What becomes of sums: y = activation(sums + bias), `bias` (K) null or not. Pooled, the largest of each 2x2 of these.
struct conv_results {
  float const* bias;
  activation act;
  float* y;
  bool pooled;
};

/// Where there are tiles for many tasks, each takes a block of them from picture to result: what is between the
/// transforms stays in the second-level cache. Where there are few, they are transformed together, and tasks share
/// the products out by panels: a large filter is then read once.
class winograd_convolution {
 public:
  winograd_convolution(cpu_context const& ctx, kernels::conv_geometry const& g, packed_filter const& filter)
      : ctx_(ctx),
        kernels_(kernels_of(ctx.instructions())),
        tile_kernels_(tiles_of(kernels_, filter.form())),
        g_(g),
        filter_(filter),
        tiles_(g, tile_kernels_.tile),
        most_tiles_(ceil_div(products_at_once / tile_kernels_.points, at_once) * at_once) {}

  void run(float const* x, conv_results const& to) const {
    index_t const tiles = tiles_.count();
    if (tiles == 0) return;
    if (tiles >= 8 * most_tiles_)
      run_by_blocks(tiles, x, to);
    else
      run_by_panels(tiles, x, to);
  }

 private:
  static constexpr index_t products_at_once = 48 * 36;  // for each output: those of a panel fit the cache
  static constexpr index_t at_once = 6;                 // rows of a product: tiles are shared out by so many

  void run_by_blocks(index_t tiles, float const* x, conv_results const& to) const {
    ctx_.parallel(ceil_div(tiles, most_tiles_), [&](index_t task) {
      index_t const first = task * most_tiles_, count = hd_min(most_tiles_, tiles - first);
      auto const memory = allocate(input_floats(count) + product_floats(count));
      transform_input(x, first, count, memory.get(), count);
      for (index_t panel = 0; panel < filter_.panels(); ++panel)
        multiply(memory.get(), count, first, count, panel, memory.get() + input_floats(count), to);
    });
  }

  void run_by_panels(index_t tiles, float const* x, conv_results const& to) const {
    auto const points = allocate(input_floats(tiles));
    ctx_.parallel(ceil_div(tiles, at_once), [&](index_t task) {
      index_t const first = task * at_once;
      transform_input(x, first, hd_min(at_once, tiles - first), points.get() + first * g_.C, tiles);
    });
    index_t const blocks = ceil_div(tiles, most_tiles_), block = ceil_div(ceil_div(tiles, blocks), at_once) * at_once;
    ctx_.parallel(blocks * filter_.panels(), [&](index_t task) {
      index_t const panel = task / blocks, first = task % blocks * block, count = hd_min(block, tiles - first);
      if (count <= 0) return;
      auto const memory = allocate(product_floats(count));
      multiply(points.get() + first * g_.C, tiles, first, count, panel, memory.get(), to);
    });
  }

  // a line more than needed, as in packed_filter
  index_t input_stride(index_t tiles) const { return tiles * g_.C + cache_line; }
  index_t product_stride(index_t tiles) const { return tiles * filter_.width() + cache_line; }
  index_t input_floats(index_t tiles) const { return tile_kernels_.points * input_stride(tiles); }
  index_t product_floats(index_t tiles) const { return tile_kernels_.points * product_stride(tiles); }

  std::shared_ptr<float> allocate(index_t floats) const {
    return std::static_pointer_cast<float>(ctx_.allocate(static_cast<std::size_t>(floats) * sizeof(float)));
  }

  /// Points of tiles [first, first + count) to (points, stride_tiles, C).
  void transform_input(float const* x, index_t first, index_t count, float* to, index_t stride_tiles) const {
    for (index_t t = 0; t < count; ++t)
      tile_kernels_.transform_input(tiles_.input(x, first + t), g_.C, to + t * g_.C, input_stride(stride_tiles));
  }

  /// Points of `count` tiles times one panel, and the results of the tiles from `first_tile` on.
  void multiply(float const* points, index_t stride_tiles, index_t first_tile, index_t count, index_t panel,
                float* products, conv_results const& to) const {
    index_t const width = filter_.width(), k = panel * width, columns = hd_min(width, g_.K - k);
    product p;
    p.a_row = g_.C;
    p.depth = g_.C;
    p.c_row = width;
    p.rows = count;
    p.columns = hd_min(width, ceil_div(columns, cache_line) * cache_line);  // whole lines: what follows reads them
    for (index_t point = 0; point < tile_kernels_.points; ++point) {
      p.a = points + point * input_stride(stride_tiles);
      p.panel = filter_.panel(panel) + point * filter_.point_stride();
      p.c = products + point * product_stride(count);
      kernels_.multiply(p);
    }
    float const* const bias = to.bias == nullptr ? nullptr : to.bias + k;
    for (index_t t = first_tile; t < first_tile + count; ++t, products += width)
      tile_kernels_.transform_output(products, product_stride(count), columns, bias, to.act,
                                     to.pooled ? tiles_.pooled_output(to.y + k, t) : tiles_.output(to.y + k, t));
  }

  cpu_context const& ctx_;
  lane_kernels const& kernels_;
  tile_kernels const& tile_kernels_;
  kernels::conv_geometry g_;
  packed_filter const& filter_;
  winograd_tiles tiles_;
  index_t most_tiles_;  // that meet a panel
};

}  // namespace detail
}  // namespace backend
}  // namespace v0
}  // namespace fsis
