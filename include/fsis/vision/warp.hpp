// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/image.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/core/math.hpp>
#include <fsis/vision/check.hpp>
#include <fsis/vision/resize_image.hpp>

#include <array>
#include <cmath>
#include <cstdint>

namespace fsis {
inline namespace v0 {
namespace vision {

/// Affine map of pixel coordinates, pixel centres at whole numbers:
/// y' = yy y + yx x + y0,  x' = xy y + xx x + x0.
struct affine {
  double yy = 1, yx = 0, y0 = 0;
  double xy = 0, xx = 1, x0 = 0;

  std::array<double, 2> operator()(double y, double x) const {
    return {{yy * y + yx * x + y0, xy * y + xx * x + x0}};
  }

  /// First `inner`, then this.
  affine after(affine const& inner) const {
    auto const origin = (*this)(inner.y0, inner.x0);
    return {yy * inner.yy + yx * inner.xy, yy * inner.yx + yx * inner.xx, origin[0],
            xy * inner.yy + xx * inner.xy, xy * inner.yx + xx * inner.xx, origin[1]};
  }

  /// Throws `value_error` where the map is flat or not finite.
  affine inverse() const {
    double const det = yy * xx - yx * xy;
    require<value_error>(std::isfinite(det) && det != 0, "affine: determinant ", det,
                         ", only a map that is finite and not flat can be inverted");
    affine const linear{xx / det, -yx / det, 0, -xy / det, yy / det, 0};
    auto const origin = linear(y0, x0);
    return {linear.yy, linear.yx, -origin[0], linear.xy, linear.xx, -origin[1]};
  }

  static affine translation(double y, double x) { return {1, 0, y, 0, 1, x}; }
};

namespace detail {

inline void check_affine(char const* op, affine const& a) {
  for (double v : {a.yy, a.yx, a.y0, a.xy, a.xx, a.x0})
    require<value_error>(std::isfinite(v), op, ": the map has an element ", v, ", wanted finite numbers");
}

/// Is the point on the picture, whose pixels reach half a pixel beyond their centres?
inline bool on_picture(std::array<double, 2> const& p, index_t height, index_t width) {
  return p[0] >= -0.5 && p[0] < static_cast<double>(height) - 0.5 && p[1] >= -0.5 &&
         p[1] < static_cast<double>(width) - 0.5;
}

}  // namespace detail

using rgb = std::array<std::uint8_t, 3>;

/// The picture seen through a map from output to source coordinates, bilinear; `fill` where the map leaves
/// the picture. At the picture's edge the border pixels are continued. A map that shrinks much aliases:
/// use `resize_image` first. Throws `value_error` on a size that is not positive or a map that is not finite.
inline image warp_image(image_view const& source, affine const& to_source, index_t height, index_t width,
                        rgb fill = {{0, 0, 0}}) {
  detail::check_target("warp_image", height, width);
  detail::check_affine("warp_image", to_source);
  image out = image::blank(height, width);
  index_t const H = source.height(), W = source.width();
  for (index_t y = 0; y < height; ++y)
    for (index_t x = 0; x < width; ++x) {
      auto const p = to_source(static_cast<double>(y), static_cast<double>(x));
      if (!detail::on_picture(p, H, W)) {
        for (index_t c = 0; c < 3; ++c) out(y, x, c) = fill[static_cast<std::size_t>(c)];
        continue;
      }
      double const py = hd_clamp(p[0], 0.0, static_cast<double>(H - 1));
      double const px = hd_clamp(p[1], 0.0, static_cast<double>(W - 1));
      index_t const top = static_cast<index_t>(py), left = static_cast<index_t>(px);
      index_t const bottom = hd_min(top + 1, H - 1), right = hd_min(left + 1, W - 1);
      float const dy = static_cast<float>(py - static_cast<double>(top));
      float const dx = static_cast<float>(px - static_cast<double>(left));
      for (index_t c = 0; c < 3; ++c) {
        float const a = source(top, left, c), b = source(top, right, c);
        float const d = source(bottom, left, c), e = source(bottom, right, c);
        float const upper = a + dx * (b - a), lower = d + dx * (e - d);
        out(y, x, c) = detail::to_byte(upper + dy * (lower - upper));
      }
    }
  return out;
}

/// The same for a mask or label map: the nearest pixel, never a mixture.
inline mask warp_mask(mask const& source, affine const& to_source, index_t height, index_t width,
                      std::uint8_t fill = 0) {
  detail::check_not_empty("warp_mask", "mask", source);
  detail::check_target("warp_mask", height, width);
  detail::check_affine("warp_mask", to_source);
  mask out = mask::blank(height, width, fill);
  for (index_t y = 0; y < height; ++y)
    for (index_t x = 0; x < width; ++x) {
      auto const p = to_source(static_cast<double>(y), static_cast<double>(x));
      if (detail::on_picture(p, source.height(), source.width()))
        out(y, x) = source(static_cast<index_t>(p[0] + 0.5), static_cast<index_t>(p[1] + 0.5));
    }
  return out;
}

}  // namespace vision
}  // namespace v0
}  // namespace fsis
