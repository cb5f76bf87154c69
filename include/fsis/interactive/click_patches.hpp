// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/click.hpp>
#include <fsis/interactive/click_targets.hpp>
#include <fsis/nn/window.hpp>
#include <fsis/ops/patches.hpp>
#include <fsis/tensor/transfer.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace interactive {

/// All that the click loss depends on.
template <class Tensor>
struct click_patches {
  using context = typename Tensor::context;
  ops::patches<context> positions;   ///< of the feature map: all from which the logits of `pixels` are made
  ops::patch_pixels<context> pixels;  ///< of the frame, each once, that a click asks for something
  Tensor squares;                     ///< (pixels,1,1,1) what it asks for, as `click_targets`
  std::vector<index_t> places;        ///< of these pixels in maps (copies,H,W)
};

/// A picture's frame, and the features of it that a refinement changes.
struct feature_frame {
  index_t height, width;          ///< of the frame
  index_t map_height, map_width;  ///< of the features
  index_t copies;                 ///< 2 with the mirror image
};

using ops::patch_pixel;
using ops::patch_place;

namespace detail {

/// A pixel that clicks ask for something.
struct wanted_pixel {
  index_t picture, y, x;
  double wish;
};

/// The wishes of the clicks' squares, each pixel once; of the mirror image, too, where there are two copies.
template <class T>
std::vector<wanted_pixel> wanted_pixels(std::vector<click> const& clicks, index_t radius, std::vector<T> wanted,
                                        feature_frame const& frame) {
  std::vector<wanted_pixel> all;
  for (click const& c : clicks) {
    auto const nearest = [](double at, index_t size) {
      return static_cast<index_t>(std::nearbyint(hd_clamp(at, 0.0, static_cast<double>(size - 1))));
    };
    index_t const y = nearest(c.y, frame.height), x = nearest(c.x, frame.width);
    for (index_t r = hd_max(y - radius, index_t{0}); r <= hd_min(y + radius, frame.height - 1); ++r)
      for (index_t q = hd_max(x - radius, index_t{0}); q <= hd_min(x + radius, frame.width - 1); ++q) {
        T& w = wanted[static_cast<std::size_t>(r * frame.width + q)];
        if (w != T(0)) all.push_back({0, r, q, static_cast<double>(w)});
        w = T(0);  // taken
      }
  }
  if (frame.copies > 1)
    for (std::size_t i = 0, count = all.size(); i < count; ++i)
      all.push_back({1, all[i].y, frame.width - 1 - all[i].x, all[i].wish});
  return all;
}

/// Patches of height x width samples, found one after the other, that hold what the pixels lie between.
struct patch_cover {
  index_t height, width;
  std::vector<patch_place> places;
  std::vector<std::size_t> patch_of;  // each pixel

  patch_cover(std::vector<wanted_pixel> const& pixels, kernels::sample_positions const& down,
              kernels::sample_positions const& right, index_t side)
      : height(hd_min(side, down.in)), width(hd_min(side, right.in)) {
    for (wanted_pixel const& p : pixels) {
      index_t const y = static_cast<index_t>(down.at(p.y)), x = static_cast<index_t>(right.at(p.x));
      auto const holds = [&](patch_place const& at) {
        return at.picture == p.picture && y >= at.top && hd_min(y + 1, down.in - 1) < at.top + height &&
               x >= at.left && hd_min(x + 1, right.in - 1) < at.left + width;
      };
      auto const found = std::find_if(places.begin(), places.end(), holds);
      patch_of.push_back(static_cast<std::size_t>(found - places.begin()));
      if (found == places.end())
        places.push_back({p.picture, hd_min(y, down.in - height), hd_min(x, right.in - width)});
    }
  }

  /// Positions that a layer in the middle of the window computes.
  index_t work(index_t radius) const {
    return static_cast<index_t>(places.size()) * (height + radius) * (width + radius);
  }
};

}  // namespace detail

/// The patches around the clicks, where everything behind the features is local (`behind`: layers of stride 1, then
/// bilinear interpolation to the frame) and the patches together are smaller than the maps; else nothing. `wanted` are
/// the `click_targets` of the clicks with `radius`.
template <class T, class Context>
std::optional<click_patches<tensor<T, Context>>> patches_around(Context const& ctx, std::vector<click> const& clicks,
                                                                index_t radius, std::vector<T> wanted,
                                                                feature_frame const& frame,
                                                                nn::window const& behind) {
  if (behind.is_global || behind.stride != 1) return std::nullopt;
  auto const pixels = detail::wanted_pixels(clicks, radius, std::move(wanted), frame);
  if (pixels.empty()) return std::nullopt;
  kernels::sample_positions const down{frame.map_height, frame.height, true}, right{frame.map_width, frame.width, true};
  // the least that hold a pixel, or as many as a square of the clicks can lie between
  double const reach = static_cast<double>(2 * radius) * hd_max(down.at(1), right.at(1));
  detail::patch_cover cover(pixels, down, right, 2);
  detail::patch_cover large(pixels, down, right, static_cast<index_t>(reach) + 3);
  if (large.work(behind.radius) < cover.work(behind.radius)) cover = std::move(large);

  index_t const height = cover.height + 2 * behind.radius, width = cover.width + 2 * behind.radius;
  for (patch_place& p : cover.places) p.top -= behind.radius, p.left -= behind.radius;
  if (static_cast<index_t>(cover.places.size()) * height * width >= frame.copies * frame.map_height * frame.map_width) return std::nullopt;

  std::vector<std::size_t> order(pixels.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return cover.patch_of[a] < cover.patch_of[b]; });
  std::vector<patch_pixel> at;
  std::vector<T> squares;
  std::vector<index_t> places;
  for (std::size_t i : order) {
    at.push_back({static_cast<index_t>(cover.patch_of[i]), pixels[i].y, pixels[i].x});
    squares.push_back(static_cast<T>(pixels[i].wish));
    places.push_back((pixels[i].picture * frame.height + pixels[i].y) * frame.width + pixels[i].x);
  }
  ops::patches<Context> const positions(ctx, cover.places, height, width, frame.map_height, frame.map_width);
  return click_patches<tensor<T, Context>>{
      positions,
      {ctx, positions.inner(behind.radius), at, frame.height, frame.width},
      from_host<T>(ctx, {static_cast<index_t>(at.size()), 1, 1, 1}, squares), places};
}

}  // namespace interactive
}  // namespace v0
}  // namespace fsis
