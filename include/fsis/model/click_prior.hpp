// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/click.hpp>
#include <fsis/ops/elementwise.hpp>
#include <fsis/ops/layout.hpp>
#include <fsis/ops/patches.hpp>
#include <fsis/ops/resize.hpp>
#include <fsis/ops/similarity.hpp>

#include <vector>

namespace fsis {
inline namespace v0 {
namespace model {

/// How alike the positions of a picture are to what was clicked in it, from its features (1,h,w,C): for each the largest
/// cosine similarity with a clicked position, min-max normalised as the prior of the class. The first channel is of the
/// clicks on the object, the second of those on the background; 0 where there are none. (1,h,w,2). Clicks are in pixels
/// of the picture, height x width; one outside counts for the nearest position. Throws as `best_similarity`.
///
/// What the prior of the class (PFENet, Tian et al. 2020) asks of the support, this asks of the query itself, which was
/// photographed in the same light: similar features of one picture often belong to one thing (Fan et al. 2022,
/// "Self-Support Few-Shot Semantic Segmentation"). Features that are not trained know as much of a new class as of others.
template <class T, class Context>
tensor<T, Context> click_prior(Context const& ctx, tensor<T, Context> const& features,
                               std::vector<click> const& clicks, index_t height, index_t width) {
  index_t const h = features.extent(1), w = features.extent(2);
  auto const cell = [](double at, index_t pixels, index_t cells) {
    double const c = (at + 0.5) * static_cast<double>(cells) / static_cast<double>(pixels);
    return static_cast<index_t>(hd_clamp(c, 0.0, static_cast<double>(cells - 1)));
  };
  auto const likeness = [&](bool positive) {
    std::vector<ops::patch_place> clicked;
    for (click const& c : clicks)
      if (c.is_positive == positive) clicked.push_back({0, cell(c.y, height, h), cell(c.x, width, w)});
    if (clicked.empty()) return ops::zeros<T>(ctx, {1, h, w, 1});
    ops::patches<Context> const at(ctx, clicked, 1, 1, h, w);
    auto const count = static_cast<index_t>(clicked.size());
    auto const seen = ops::gather_patches(ctx, features, at).reshaped({1, 1, count, features.extent(3)});
    auto const all = ops::full(ctx, {1, 1, count, 1}, T(1));
    return ops::min_max_normalized(ctx, ops::best_similarity(ctx, features, seen, all), 1e-8);
  };
  return ops::concatenate(ctx, std::vector<tensor<T, Context>>{likeness(true), likeness(false)}, 3);
}

/// What a frozen trunk sees in pictures.
template <class Tensor>
struct frozen_features {
  Tensor high;  ///< (N,h,w,C)
  Tensor deep;  ///< (N,2h,2w,D); undefined where nobody looks at it
};

/// The same of picture `n` at every level that there is, side by side: (1,h,w,2) or (1,2h,2w,4).
template <class T, class Context>
tensor<T, Context> click_prior(Context const& ctx, frozen_features<tensor<T, Context>> const& seen, index_t n,
                               std::vector<click> const& clicks, index_t height, index_t width) {
  auto const high = click_prior(ctx, seen.high.slice(n, 1), clicks, height, width);
  if (!seen.deep.defined()) return high;
  auto const deep = click_prior(ctx, seen.deep.slice(n, 1), clicks, height, width);
  auto const fitted = ops::resize(ctx, high, deep.extent(1), deep.extent(2));
  return ops::concatenate(ctx, std::vector<tensor<T, Context>>{fitted, deep}, 3);
}

}  // namespace model
}  // namespace v0
}  // namespace fsis
