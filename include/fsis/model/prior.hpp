// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/kernels/support_weight.hpp>
#include <fsis/ops/broadcast.hpp>
#include <fsis/ops/pool.hpp>
#include <fsis/ops/similarity.hpp>

#include <vector>

namespace fsis {
inline namespace v0 {
namespace model {

/// A mask (N,H,W,1) of 0 and 1 on a grid of cells of `stride` pixels: the share of each cell that is object,
/// (N,H/stride,W/stride,1). Area means, not samples: a small object is never missed. Throws `shape_error` unless
/// cells fill the mask.
template <class T, class Context>
tensor<T, Context> cell_coverage(Context const& ctx, tensor<T, Context> const& mask, index_t stride) {
  bool const filled = mask.rank() == 4 && stride > 0 && mask.extent(1) % stride == 0 && mask.extent(2) % stride == 0;
  require<shape_error>(filled, "cell_coverage: mask ", mask.extents(),
                       ", wanted (N,H,W,1) with H and W multiples of ", stride);
  return ops::average_pool(ctx, mask, {{stride, stride}, {stride, stride}});
}

/// Which cells of a coverage map (1,h,w,1) stand for the object in the prior: those at least half object, or, for an
/// object smaller than that, the fullest ones. Others become 0. Cells of the rim would bring background into a
/// maximum over similarities.
template <class T, class Context>
tensor<T, Context> core_cells(Context const& ctx, tensor<T, Context> const& coverage) {
  tensor<T, Context> out(ctx, coverage.extents());
  auto const fullest = ops::max(ctx, coverage);
  backend::for_each(ctx, coverage.size(),
                    kernels::core_cell<T>{out.data(), coverage.data(), fullest.data(), T(0.5)});
  return out;
}

/// High-level features of one support picture and the cells that are object.
template <class Tensor>
struct support_view {
  Tensor high;     // (1,h,w,C)
  Tensor weight;   // (1,h,w,1), > 0 on the object
};

/// The prior of the class on the query (1,h,w,1) in [0,1]: for each position the largest cosine similarity with the
/// object's positions in a support, min-max normalised, averaged over supports (PFENet, Tian et al. 2020, section
/// 3.2; thesis, chapter 2). Throws `value_error` without support.
template <class T, class Context>
tensor<T, Context> prior_of(Context const& ctx, tensor<T, Context> const& query_high,
                            std::vector<support_view<tensor<T, Context>>> const& supports,
                            prior_options const& options = {}) {
  require<value_error>(!supports.empty(), "prior: no support pictures, wanted at least one");
  tensor<T, Context> total;
  for (auto const& s : supports) {
    auto const similarity = ops::best_similarity(ctx, query_high, s.high, s.weight, options);
    auto const one = ops::min_max_normalized(ctx, similarity, options.min_max_epsilon);
    if (!total.defined())
      total = one;
    else
      ops::axpby(ctx, T(1), one, T(1), total);
  }
  return ops::affine(ctx, total, 1.0 / static_cast<double>(supports.size()), 0);
}

}  // namespace model
}  // namespace v0
}  // namespace fsis
