// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/click.hpp>
#include <fsis/core/image.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/core/math.hpp>
#include <fsis/vision/check.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace vision {

/// Looks of an overlay.
struct overlay_options {
  std::array<std::uint8_t, 3> tint{{255, 140, 0}};
  double opacity = 0.4;                             ///< of the tint, 0 shows the photo
  std::array<std::uint8_t, 3> contour{{255, 255, 0}};
  double contour_width = 0;                         ///< pixels inside the object; 0 fits the picture
  std::array<std::uint8_t, 3> positive{{0, 170, 0}};
  std::array<std::uint8_t, 3> negative{{220, 0, 0}};
  double marker_radius = 0;                         ///< pixels, rim included; 0 fits the picture
};

namespace detail {

inline void mix(image& out, index_t y, index_t x, std::array<std::uint8_t, 3> const& colour, double share) {
  for (index_t c = 0; c < 3; ++c) {
    double const old = out(y, x, c), now = colour[static_cast<std::size_t>(c)];
    out(y, x, c) = static_cast<std::uint8_t>(old + share * (now - old) + 0.5);
  }
}

/// A disc with a soft edge; the part outside the picture is left out.
inline void draw_disc(image& out, double cy, double cx, double radius,
                      std::array<std::uint8_t, 3> const& colour) {
  auto const bound = [](double v, index_t n) {
    return round_half_even(hd_clamp(v, 0.0, static_cast<double>(n)));
  };
  index_t const bottom = bound(cy + radius + 2, out.height()), right = bound(cx + radius + 2, out.width());
  for (index_t y = bound(cy - radius - 2, out.height()); y < bottom; ++y)
    for (index_t x = bound(cx - radius - 2, out.width()); x < right; ++x) {
      double const d = std::hypot(static_cast<double>(y) - cy, static_cast<double>(x) - cx);
      mix(out, y, x, colour, hd_clamp(radius + 0.5 - d, 0.0, 1.0));
    }
}

/// Is there background within `width` pixels up, down, left or right?
inline bool on_contour(mask const& m, index_t y, index_t x, index_t width) {
  for (index_t k = 1; k <= width; ++k) {
    bool const open = (y >= k && !m(y - k, x)) || (y + k < m.height() && !m(y + k, x)) ||
                      (x >= k && !m(y, x - k)) || (x + k < m.width() && !m(y, x + k));
    if (open) return true;
  }
  return false;
}

inline void check_options(char const* op, overlay_options const& o) {
  check_probability(op, "opacity", o.opacity);
  for (double v : {o.contour_width, o.marker_radius})
    require<value_error>(v >= 0 && v <= 10000, op, ": a width of ", v, " pixels, wanted 0 to 10000");
}

}  // namespace detail

/// Tints the object (nonzero) and draws its contour, inside the object; the border of the picture is no
/// contour. Throws `shape_error` when the sizes differ, `value_error` on options out of range; the picture
/// is unchanged then.
inline void draw_mask(image& out, mask const& m, overlay_options const& options = {}) {
  detail::check_options("draw_mask", options);
  require<shape_error>(out.height() == m.height() && out.width() == m.width(), "draw_mask: the picture is ",
                       out.height(), "x", out.width(), ", the mask ", m.height(), "x", m.width(),
                       ", wanted equal sizes");
  double const fit = static_cast<double>(hd_min(m.height(), m.width())) / 250;
  double const wanted = options.contour_width > 0 ? options.contour_width : fit;
  index_t const width = hd_max(detail::round_half_even(wanted), index_t{1});
  for (index_t y = 0; y < m.height(); ++y)
    for (index_t x = 0; x < m.width(); ++x) {
      if (!m(y, x)) continue;
      bool const edge = detail::on_contour(m, y, x, width);
      detail::mix(out, y, x, edge ? options.contour : options.tint, edge ? 1.0 : options.opacity);
    }
}

/// Draws each click as a disc, green if positive and red if negative, with a white rim. A click outside the
/// picture shows as much of its disc as lies inside. Throws `value_error` on an empty picture or
/// coordinates that are not finite; the picture is unchanged then.
inline void draw_clicks(image& out, std::vector<click> const& clicks, overlay_options const& options = {}) {
  detail::check_options("draw_clicks", options);
  detail::check_finite("draw_clicks", clicks);
  require<value_error>(!out.empty(), "draw_clicks: the picture is 0x0");
  double const fit = hd_max(3.0, static_cast<double>(hd_min(out.height(), out.width())) / 60);
  double const radius = options.marker_radius > 0 ? options.marker_radius : fit;
  for (click const& c : clicks) {
    detail::draw_disc(out, c.y, c.x, radius, {{255, 255, 255}});
    detail::draw_disc(out, c.y, c.x, 0.7 * radius, c.is_positive ? options.positive : options.negative);
  }
}

/// A copy of the photo with mask and clicks drawn on it. Throws as `draw_mask` and `draw_clicks`.
inline image overlay(image_view const& photo, mask const& m, std::vector<click> const& clicks,
                     overlay_options const& options = {}) {
  image out(photo);
  draw_mask(out, m, options);
  draw_clicks(out, clicks, options);
  return out;
}

}  // namespace vision
}  // namespace v0
}  // namespace fsis
