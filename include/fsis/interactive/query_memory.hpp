// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/interactive/frame.hpp>
#include <fsis/interactive/picture_evidence.hpp>
#include <fsis/interactive/support_memory.hpp>
#include <fsis/model/prior.hpp>

#include <vector>

namespace fsis {
inline namespace v0 {
namespace interactive {

/// What clicks do not change, of the photo or of a part of it. N is 2 with flip averaging, the mirror image second.
template <class Network>
struct query_view {
  using tensor_type = typename Network::tensor_type;

  vision::zoom frame;
  tensor_type image;  // (N,H,W,3), normalised
  model::frozen_features<tensor_type> frozen;  // for the priors; of a part of the photo for the click prior alone
  tensor_type prior;  // (N,H/16,W/16,1); undefined without prior or before the support is known
  picture_evidence evidence;
};

/// The picture in a frame as network input. `picture` shows the frame's region.
template <class Network>
query_view<Network> look_at(typename Network::context const& ctx, network_settings const& settings,
                            vision::zoom const& frame, image_view const& picture,
                            session_options const& options) {
  using T = typename Network::tensor_type::scalar;
  query_view<Network> view;
  view.frame = frame;
  auto const seen = vision::resize_image(picture, frame.height, frame.width);
  view.image = with_mirror_image(ctx, model::image_tensor<T>(ctx, seen, settings.pixels), copies_of(options));
  view.evidence = picture_evidence(seen, options);
  return view;
}

/// The prior of the class on the whole photo, (N,H/16,W/16,1).
template <class Network>
typename Network::tensor_type prior_on(typename Network::context const& ctx, network_settings const& settings,
                                       query_view<Network> const& whole, support_memory<Network> const& support) {
  std::vector<typename Network::tensor_type> copies;
  for (index_t n = 0; n < whole.frozen.high.extent(0); ++n)
    copies.push_back(model::prior_of(ctx, whole.frozen.high.slice(n, 1), support.views, settings.prior));
  return ops::concatenate(ctx, copies, 0);
}

namespace detail {

/// Where the cells of one axis of a crop's prior lie on the prior of the whole photo. First and last cell of a prior
/// stand at the first and last pixel of its frame, as the network resizes it.
struct prior_axis {
  std::vector<index_t> low;
  std::vector<double> share;  // of the cell behind `low`

  /// `photo_of(v)`: crop pixel to pixel of the whole frame.
  template <class Map>
  prior_axis(index_t cells, index_t crop_pixels, index_t whole_cells, index_t whole_pixels, Map to_whole) {
    for (index_t j = 0; j < cells; ++j) {
      double const last = static_cast<double>(crop_pixels - 1);
      double const v = cells > 1 ? static_cast<double>(j) * last / static_cast<double>(cells - 1) : 0.5 * last;
      double const end = static_cast<double>(whole_cells - 1);
      double const at = hd_clamp(to_whole(v) * end / static_cast<double>(whole_pixels - 1), 0.0, end);
      index_t const cell = hd_min(static_cast<index_t>(at), hd_max(whole_cells - 2, index_t{0}));
      low.push_back(cell);
      share.push_back(whole_cells > 1 ? at - static_cast<double>(cell) : 0.0);
    }
  }
};

}  // namespace detail

/// The part of the whole photo's prior (N,h,w,1) that a crop shows, on the crop's own grid: what is probable for the
/// class does not change with the part one looks at, and the crop alone could not be normalised.
template <class T, class Context>
tensor<T, Context> prior_in(Context const& ctx, tensor<T, Context> const& prior, vision::zoom const& whole,
                            vision::zoom const& crop, index_t stride) {
  index_t const N = prior.extent(0), h = prior.extent(1), w = prior.extent(2);
  index_t const rows = crop.height / stride, columns = crop.width / stride;
  auto const to_whole = [&](double y, double x) { return whole.to_crop(crop.to_photo(click{y, x, true})); };
  detail::prior_axis const ys(rows, crop.height, h, whole.height, [&](double v) { return to_whole(v, 0).y; });
  detail::prior_axis const xs(columns, crop.width, w, whole.width, [&](double v) { return to_whole(0, v).x; });
  std::vector<tensor<T, Context>> copies;
  for (index_t n = 0; n < N; ++n) {
    auto const upright = n == 0 ? prior.slice(0, 1) : ops::flip(ctx, prior.slice(n, 1), 2);
    auto const from = to_host(ctx, upright);
    auto const at = [&](index_t y, index_t x) {
      return static_cast<double>(from[static_cast<std::size_t>(hd_min(y, h - 1) * w + hd_min(x, w - 1))]);
    };
    std::vector<T> to;
    for (std::size_t i = 0; i < ys.low.size(); ++i)
      for (std::size_t j = 0; j < xs.low.size(); ++j) {
        index_t const y = ys.low[i], x = xs.low[j];
        double const top = at(y, x) + xs.share[j] * (at(y, x + 1) - at(y, x));
        double const bottom = at(y + 1, x) + xs.share[j] * (at(y + 1, x + 1) - at(y + 1, x));
        to.push_back(static_cast<T>(top + ys.share[i] * (bottom - top)));
      }
    auto const sampled = from_host<T>(ctx, {1, rows, columns, 1}, to);
    copies.push_back(n == 0 ? sampled : ops::flip(ctx, sampled, 2));
  }
  return ops::concatenate(ctx, copies, 0);
}

}  // namespace interactive
}  // namespace v0
}  // namespace fsis
