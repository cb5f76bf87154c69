// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/click.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/core/math.hpp>
#include <fsis/vision/check.hpp>

#include <optional>
#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace vision {

/// A rectangle of pixels; both ends belong to it.
struct region {
  index_t top = 0, bottom = 0, left = 0, right = 0;

  index_t height() const { return bottom - top + 1; }
  index_t width() const { return right - left + 1; }
  bool contains(double y, double x) const {
    return y >= static_cast<double>(top) && y <= static_cast<double>(bottom) &&
           x >= static_cast<double>(left) && x <= static_cast<double>(right);
  }

  friend bool operator==(region const& a, region const& b) {
    return a.top == b.top && a.bottom == b.bottom && a.left == b.left && a.right == b.right;
  }
  friend bool operator!=(region const& a, region const& b) { return !(a == b); }
};

/// "rows 8..22, columns 21..79"
inline std::string to_string(region const& r) {
  return message("rows ", r.top, "..", r.bottom, ", columns ", r.left, "..", r.right);
}

namespace detail {
inline void check_region(char const* op, region const& r) {
  require<value_error>(r.top <= r.bottom && r.left <= r.right, op, ": ", to_string(r),
                       ", wanted at least one row and one column");
}
}  // namespace detail

/// The whole picture.
inline region whole(index_t height, index_t width) {
  require<value_error>(height > 0 && width > 0, "region: size ", height, "x", width,
                       ", both must be positive");
  return {0, height - 1, 0, width - 1};
}

/// Smallest region that holds every nonzero pixel; empty if there is none.
inline std::optional<region> bounding_box(mask const& m) {
  detail::check_not_empty("bounding_box", "mask", m);
  region r{m.height(), -1, m.width(), -1};
  for (index_t y = 0; y < m.height(); ++y)
    for (index_t x = 0; x < m.width(); ++x)
      if (m(y, x)) r = {hd_min(r.top, y), y, hd_min(r.left, x), hd_max(r.right, x)};
  if (r.bottom < 0) return std::nullopt;
  return r;
}

/// The region grown about its centre to `ratio` times its height and width, and to at least `min_size`
/// pixels: corners at centre -+ half the wanted size, halves rounded to even. As both ends belong to it,
/// the result may be one pixel larger than asked for. It may reach beyond the picture: see `clamp`.
inline region expand(region const& r, double ratio = 1.4, index_t min_size = 0) {
  detail::check_region("expand", r);
  detail::check_positive("expand", "ratio", ratio);
  auto const grown = [&](index_t low, index_t high, index_t& new_low, index_t& new_high) {
    double const centre = 0.5 * static_cast<double>(low + high);
    double const size = hd_max(ratio * static_cast<double>(high - low + 1), static_cast<double>(min_size));
    new_low = detail::round_half_even(centre - 0.5 * size);
    new_high = detail::round_half_even(centre + 0.5 * size);
  };
  region out;
  grown(r.top, r.bottom, out.top, out.bottom);
  grown(r.left, r.right, out.left, out.right);
  return out;
}

/// The part of the region inside a picture. Throws `value_error` where nothing is left.
inline region clamp(region const& r, index_t height, index_t width) {
  detail::check_region("clamp", r);
  region const inside = whole(height, width);
  require<value_error>(r.bottom >= 0 && r.right >= 0 && r.top < height && r.left < width, "clamp: ",
                       to_string(r), " lies outside a picture of ", height, "x", width);
  return {hd_max(r.top, inside.top), hd_min(r.bottom, inside.bottom), hd_max(r.left, inside.left),
          hd_min(r.right, inside.right)};
}

/// Product of the rows' and the columns' intersection over union, in [0, 1].
inline double overlap(region const& a, region const& b) {
  detail::check_region("overlap", a);
  detail::check_region("overlap", b);
  auto const one = [](index_t a0, index_t a1, index_t b0, index_t b1) {
    index_t const shared = hd_min(a1, b1) - hd_max(a0, b0) + 1;
    index_t const joined = hd_max(a1, b1) - hd_min(a0, b0) + 1;
    return shared <= 0 ? 0.0 : static_cast<double>(shared) / static_cast<double>(joined);
  };
  return one(a.top, a.bottom, b.top, b.bottom) * one(a.left, a.right, b.left, b.right);
}

}  // namespace vision
}  // namespace v0
}  // namespace fsis
