// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/ops/elementwise.hpp>
#include <fsis/ops/layout.hpp>
#include <fsis/ops/patches.hpp>
#include <fsis/ops/resize.hpp>
#include <fsis/ops/similarity.hpp>

#include <vector>

namespace fsis {
inline namespace v0 {
namespace model {

/// What a frozen trunk sees in pictures.
template <class Tensor>
struct frozen_features {
  Tensor high;  ///< (N,h,w,C)
  Tensor deep;  ///< (N,2h,2w,D); undefined where nobody looks at it
};

/// How alike the positions of a picture are to some of its cells, from its features (1,h,w,C): for each the largest
/// cosine similarity with one of them, min-max normalised as the prior of the class; 0 without cells. (1,h,w,1)
template <class T, class Context>
tensor<T, Context> likeness(Context const& ctx, tensor<T, Context> const& features,
                            std::vector<ops::patch_place> const& cells) {
  index_t const h = features.extent(1), w = features.extent(2), count = static_cast<index_t>(cells.size());
  if (cells.empty()) return ops::zeros<T>(ctx, {1, h, w, 1});
  ops::patches<Context> const at(ctx, cells, 1, 1, h, w);
  auto const chosen = ops::gather_patches(ctx, features, at).reshaped({1, 1, count, features.extent(3)});
  auto const all = ops::full(ctx, {1, 1, count, 1}, T(1));
  return ops::min_max_normalized(ctx, ops::best_similarity(ctx, features, chosen, all), 1e-8);
}

/// The maps `of(features)` (1,h,w,2) of picture `n` at every level that there is, side by side: (1,h,w,2) or
/// (1,2h,2w,4).
template <class T, class Context, class Maps>
tensor<T, Context> at_every_level(Context const& ctx, frozen_features<tensor<T, Context>> const& seen, index_t n,
                                  Maps const& of) {
  auto const high = of(seen.high.slice(n, 1));
  if (!seen.deep.defined()) return high;
  auto const deep = of(seen.deep.slice(n, 1));
  auto const fitted = ops::resize(ctx, high, deep.extent(1), deep.extent(2));
  return ops::concatenate(ctx, std::vector<tensor<T, Context>>{fitted, deep}, 3);
}

}  // namespace model
}  // namespace v0
}  // namespace fsis
