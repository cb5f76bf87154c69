// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/click.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/core/math.hpp>
#include <fsis/vision/check.hpp>
#include <fsis/vision/region.hpp>

#include <optional>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace vision {

/// Where a pixel of a region lies in its resized crop. A click must move as the picture does:
///   `aligned_corners`  y' = (y - top) (H'-1)/(H-1), exact for a resize of corner pixel on corner pixel
///   `half_pixel`       y' = (y - top + 1/2) H'/H - 1/2, exact for a resize by pixel areas
///   `size_ratio`       y' = (y - top) H'/H, what the reference code of f-BRS does: exact for neither, with
///                      its own aligned-corners resize off by up to one pixel at the far side
enum class crop_mapping { aligned_corners, half_pixel, size_ratio };

struct zoom_options {
  index_t target = 400;      ///< longer side of the crop in pixels of the network's input
  double ratio = 1.4;        ///< region size over the size of the object's box
  index_t min_size = 200;    ///< least height and width of a region, where the picture has them
  double adopt_below = 0.5;  ///< a region that overlaps the old one less than this replaces it
  crop_mapping mapping = crop_mapping::aligned_corners;
};

/// A region of the photo, resized to a crop. Sofiiuk et al. 2020 (f-BRS), zoom-in.
struct zoom {
  region from;
  index_t height = 0, width = 0;  ///< of the crop
  crop_mapping mapping = crop_mapping::aligned_corners;

  click to_crop(click c) const {
    c.y = forward(c.y - static_cast<double>(from.top), from.height(), height);
    c.x = forward(c.x - static_cast<double>(from.left), from.width(), width);
    return c;
  }

  click to_photo(click c) const {
    c.y = static_cast<double>(from.top) + backward(c.y, from.height(), height);
    c.x = static_cast<double>(from.left) + backward(c.x, from.width(), width);
    return c;
  }

  std::vector<click> to_crop(std::vector<click> clicks) const {
    for (click& c : clicks) c = to_crop(c);
    return clicks;
  }

 private:
  /// Crop pixels per photo pixel. A side of one pixel has no corners apart: it moves by the ratio of sizes.
  double scale(index_t in, index_t out) const {
    bool const corners = mapping == crop_mapping::aligned_corners && in > 1 && out > 1;
    return corners ? static_cast<double>(out - 1) / static_cast<double>(in - 1)
                   : static_cast<double>(out) / static_cast<double>(in);
  }
  double shift() const { return mapping == crop_mapping::half_pixel ? 0.5 : 0.0; }
  double forward(double v, index_t in, index_t out) const {
    return (v + shift()) * scale(in, out) - shift();
  }
  double backward(double v, index_t in, index_t out) const {
    return (v + shift()) / scale(in, out) - shift();
  }
};

/// The zoom of a region: its longer side becomes `target` pixels, the other keeps the ratio, both rounded
/// half to even and at least one pixel. Throws `value_error` on an empty region or a target below 1.
inline zoom make_zoom(region const& from, zoom_options const& options = {}) {
  detail::check_region("make_zoom", from);
  require<value_error>(options.target >= 1, "make_zoom: target ", options.target,
                       ", wanted at least 1 pixel");
  double const scale =
      static_cast<double>(options.target) / static_cast<double>(hd_max(from.height(), from.width()));
  auto const resized = [scale](index_t n) {
    return hd_max(detail::round_half_even(static_cast<double>(n) * scale), index_t{1});
  };
  return {from, resized(from.height()), resized(from.width()), options.mapping};
}

/// The region that a prediction and its clicks ask for: the box of the predicted object and of every
/// positive click, expanded and cut at the picture. Empty when nothing is predicted: then the whole picture
/// is used. A click beyond the border counts at the border. Throws `value_error` on a 0x0 mask or clicks
/// that are not finite.
inline std::optional<region> propose_region(mask const& prediction, std::vector<click> const& clicks,
                                            zoom_options const& options = {}) {
  detail::check_finite("propose_region", clicks);
  std::optional<region> box = bounding_box(prediction);
  if (!box) return std::nullopt;
  for (click const& c : clicks) {
    if (!c.is_positive) continue;
    index_t const y = hd_clamp(detail::round_half_even(c.y), index_t{0}, prediction.height() - 1);
    index_t const x = hd_clamp(detail::round_half_even(c.x), index_t{0}, prediction.width() - 1);
    *box = {hd_min(box->top, y), hd_max(box->bottom, y), hd_min(box->left, x), hd_max(box->right, x)};
  }
  return clamp(expand(*box, options.ratio, options.min_size), prediction.height(), prediction.width());
}

/// Does the proposed region replace the old one? Yes where there is none, where a positive click lies
/// outside the old one, or where they overlap less than `adopt_below`; otherwise the old crop stays, and what
/// was computed on it. The reference counts the old region's last row and column as outside, so that a click
/// on the last row of a photo would adopt a new region every time; here a region contains its ends.
inline bool adopts(std::optional<region> const& old, region const& proposed, std::vector<click> const& clicks,
                   zoom_options const& options = {}) {
  detail::check_finite("adopts", clicks);
  detail::check_region("adopts", proposed);
  if (!old) return true;
  for (click const& c : clicks)
    if (c.is_positive && !old->contains(c.y, c.x)) return true;
  return overlap(proposed, *old) < options.adopt_below;
}

}  // namespace vision
}  // namespace v0
}  // namespace fsis
