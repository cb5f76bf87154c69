// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/kernels/elementwise.hpp>
#include <fsis/model/likeness.hpp>
#include <fsis/model/prior.hpp>

#include <vector>

namespace fsis {
inline namespace v0 {
namespace model {

/// What a first answer makes of a picture: the first channel is the likeness of every position to what is surely
/// object, the second to what is surely background; 0 where nothing is sure. (1,h,w,2) from features (1,h,w,C) and
/// probabilities (1,H,W,1). A cell of the features is sure when its mean probability is above 0.9 or below 0.1. Throws
/// as `cell_coverage`.
///
/// Similar features of one picture often belong to one thing, more often than those of two pictures of a class (Fan et
/// al. 2022, "Self-Support Few-Shot Semantic Segmentation", section 3.2).
template <class T, class Context>
tensor<T, Context> self_support(Context const& ctx, tensor<T, Context> const& features,
                                tensor<T, Context> const& probability) {
  index_t const h = features.extent(1), w = features.extent(2);
  auto const shares = to_host(ctx, cell_coverage(ctx, probability, probability.extent(1) / h));
  std::vector<ops::patch_place> object, background;
  for (index_t y = 0; y < h; ++y)
    for (index_t x = 0; x < w; ++x) {
      T const share = shares[static_cast<std::size_t>(y * w + x)];
      if (share > T(0.9)) object.push_back({0, y, x});
      if (share < T(0.1)) background.push_back({0, y, x});
    }
  return ops::concatenate(
      ctx, std::vector<tensor<T, Context>>{likeness(ctx, features, object), likeness(ctx, features, background)}, 3);
}

/// The same of all pictures at every level that there is, from the logits (N,H,W,1) of a first answer: (N,h,w,2) or
/// (N,2h,2w,4).
template <class T, class Context>
tensor<T, Context> self_support(Context const& ctx, frozen_features<tensor<T, Context>> const& seen,
                                tensor<T, Context> const& logits) {
  auto const probability = ops::map(ctx, logits, kernels::sigmoid{});
  std::vector<tensor<T, Context>> all;
  for (index_t n = 0; n < logits.extent(0); ++n)
    all.push_back(at_every_level(
        ctx, seen, n, [&](auto const& features) { return self_support(ctx, features, probability.slice(n, 1)); }));
  return ops::concatenate(ctx, all, 0);
}

}  // namespace model
}  // namespace v0
}  // namespace fsis
