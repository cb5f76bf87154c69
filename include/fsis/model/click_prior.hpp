// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/click.hpp>
#include <fsis/model/likeness.hpp>

#include <vector>

namespace fsis {
inline namespace v0 {
namespace model {

/// How alike the positions of a picture are to what was clicked in it, from its features (1,h,w,C): the first channel
/// is the likeness to the clicks on the object, the second to those on the background; 0 where there are none.
/// (1,h,w,2). Clicks are in pixels of the picture, height x width; one outside counts for the nearest position. Throws
/// as `best_similarity`.
///
/// What the prior of the class (PFENet, Tian et al. 2020) asks of the support, this asks of the query itself, which was
/// photographed in the same light. Features that are not trained know as much of a new class as of others.
template <class T, class Context>
tensor<T, Context> click_prior(Context const& ctx, tensor<T, Context> const& features,
                               std::vector<click> const& clicks, index_t height, index_t width) {
  index_t const h = features.extent(1), w = features.extent(2);
  auto const cell = [](double at, index_t pixels, index_t cells) {
    double const c = (at + 0.5) * static_cast<double>(cells) / static_cast<double>(pixels);
    return static_cast<index_t>(hd_clamp(c, 0.0, static_cast<double>(cells - 1)));
  };
  std::vector<ops::patch_place> object, background;
  for (click const& c : clicks)
    (c.is_positive ? object : background).push_back({0, cell(c.y, height, h), cell(c.x, width, w)});
  return ops::concatenate(
      ctx, std::vector<tensor<T, Context>>{likeness(ctx, features, object), likeness(ctx, features, background)}, 3);
}

/// The same of picture `n` at every level that there is: (1,h,w,2) or (1,2h,2w,4).
template <class T, class Context>
tensor<T, Context> click_prior(Context const& ctx, frozen_features<tensor<T, Context>> const& seen, index_t n,
                               std::vector<click> const& clicks, index_t height, index_t width) {
  return at_every_level(ctx, seen, n,
                        [&](auto const& features) { return click_prior(ctx, features, clicks, height, width); });
}

}  // namespace model
}  // namespace v0
}  // namespace fsis
