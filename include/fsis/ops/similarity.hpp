// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/kernels/channels.hpp>
#include <fsis/kernels/similarity.hpp>
#include <fsis/ops/matmul.hpp>
#include <fsis/ops/reduce.hpp>

namespace fsis {
inline namespace v0 {

struct prior_options {
  double cosine_epsilon = 0;       ///< added to the product of lengths; PFENet 1e-7
  double min_max_epsilon = 1e-8;   ///< thesis 1e-8, PFENet 1e-7
  bool count_outside = false;      ///< masked-out support positions take part as similarity 0 (PFENet)
};

namespace ops {
namespace detail {

/// A tile of the similarity matrix, which never exists as a whole: the processor's stays in a cache, and its vectors
/// lie along a row. Elsewhere it fills a device, whose threads share a row.
template <class Context>
struct similarity_tile {
  static constexpr index_t rows = 4096, columns = 4096;

  template <class T>
  static void take_best(Context const& ctx, index_t count, kernels::best_similarity<T> const& k) {
    backend::reduce(ctx, count, k.C, 1, kernels::best_of_row<T>{{}, k});
  }
};
template <>
struct similarity_tile<cpu_context> {
  static constexpr index_t rows = 1024, columns = 256;

  template <class T>
  static void take_best(cpu_context const& ctx, index_t count, kernels::best_similarity<T> const& k) {
    backend::for_each(ctx, count, k);
  }
};

}  // namespace detail

/// Largest cosine similarity of every query position with the support positions of weight > 0.
/// query (1,H,W,C), support (1,h,w,C), weight (1,h,w,1); result (1,H,W,1), -1 where the support is empty
/// (0 with `count_outside`). Memory beside the result grows with the positions of one of
/// them, not with their product. No gradient: the features it reads are frozen.
template <class T, class Context>
tensor<T, Context> best_similarity(Context const& ctx, tensor<T, Context> const& query,
                                   tensor<T, Context> const& support, tensor<T, Context> const& weight,
                                   prior_options const& options = {}) {
  require<shape_error>(query.rank() == 4 && support.rank() == 4 && query.extent(0) == 1 && support.extent(0) == 1 &&
                           query.extent(3) == support.extent(3) && query.extent(3) > 0,
                       "best_similarity: query ", query.extents(), " and support ", support.extents(),
                       ", wanted (1,H,W,C) and (1,h,w,C)");
  require<shape_error>(weight.extents() == support.extents().with(3, 1), "best_similarity: weights ",
                       weight.extents(), ", wanted ", support.extents().with(3, 1));
  index_t const C = query.extent(3), rows = query.size() / C, columns = support.size() / C;
  auto const q = query.reshaped({rows, C}), s = support.reshaped({columns, C});
  tensor<T, Context> norm_q(ctx, {rows}), norm_s(ctx, {columns});
  backend::for_each(ctx, rows, kernels::row_norm<T>{norm_q.data(), q.data(), C});
  backend::for_each(ctx, columns, kernels::row_norm<T>{norm_s.data(), s.data(), C});
  auto best = full(ctx, {1, query.extent(1), query.extent(2), 1}, T(-1));
  using tile = detail::similarity_tile<Context>;
  for (index_t column = 0; column < columns; column += tile::columns) {
    index_t const width = hd_min(tile::columns, columns - column);
    auto const some = s.slice(column, width);
    for (index_t first = 0; first < rows; first += tile::rows) {
      index_t const count = hd_min(tile::rows, rows - first);
      auto const dot = matmul<operand::as_stored, operand::transposed>(ctx, q.slice(first, count), some);
      tile::take_best(ctx, count,
                      kernels::best_similarity<T>{best.data() + first, dot.data(), norm_q.data() + first,
                                                  norm_s.data() + column, weight.data() + column, width,
                                                  static_cast<T>(options.cosine_epsilon), options.count_outside});
    }
  }
  return best;
}

/// (x - min) / (max - min + epsilon) over all elements.
template <class T, class Context>
tensor<T, Context> min_max_normalized(Context const& ctx, tensor<T, Context> const& x, double epsilon) {
  auto const low = min(ctx, x), high = max(ctx, x);
  tensor<T, Context> y(ctx, x.extents());
  backend::for_each(ctx, x.size(),
                    kernels::min_max<T>{y.data(), x.data(), low.data(), high.data(), static_cast<T>(epsilon)});
  return y;
}

/// Weighted mean of x (N,H,W,C) over the pixels of each picture: sum(x * w) / (sum(w) + epsilon), (N,1,1,C).
/// weight (N,H,W,1) >= 0. A picture without weight gives zeros.
template <class T, class Context>
tensor<T, Context> masked_average(Context const& ctx, tensor<T, Context> const& x, tensor<T, Context> const& weight,
                                  double epsilon = 0) {
  require<shape_error>(x.rank() == 4 && weight.extents() == x.extents().with(3, 1), "masked_average: features ",
                       x.extents(), ", weights ", weight.extents(), ", wanted (N,H,W,C) and (N,H,W,1)");
  index_t const N = x.extent(0), pixels = x.extent(1) * x.extent(2), C = x.extent(3);
  tensor<T, Context> y(ctx, {N, 1, 1, C});
  backend::reduce(ctx, N, pixels, C, kernels::weighted_sum<T>{{}, y.data(), x.data(), weight.data(), pixels, C});
  auto const total = sum(ctx, weight.reshaped({N, pixels}), 1);
  backend::for_each(ctx, N, C, kernels::masked_mean_finish<T>{y.data(), total.data(), C, static_cast<T>(epsilon)});
  return y;
}

/// The gradient of dot(y, dy) with respect to x for y = masked_average(x, weight).
template <class T, class Context>
tensor<T, Context> masked_average_backward(Context const& ctx, tensor<T, Context> const& dy,
                                           tensor<T, Context> const& weight, double epsilon = 0) {
  require<shape_error>(dy.rank() == 4 && weight.rank() == 4 && weight.extent(3) == 1 &&
                           (dy.extents() == shape{weight.extent(0), 1, 1, dy.extent(3)}),
                       "masked_average_backward: gradient ", dy.extents(), ", weights ", weight.extents(),
                       ", wanted (N,1,1,C) and (N,H,W,1)");
  index_t const N = weight.extent(0), pixels = weight.extent(1) * weight.extent(2), C = dy.extent(3);
  tensor<T, Context> dx(ctx, weight.extents().with(3, C));
  auto const total = sum(ctx, weight.reshaped({N, pixels}), 1);
  backend::for_each(ctx, N * pixels, C,
                    kernels::masked_mean_backward<T>{dx.data(), dy.data(), weight.data(), total.data(), pixels, C,
                                                     static_cast<T>(epsilon)});
  return dx;
}

}  // namespace ops
}  // namespace v0
}  // namespace fsis
