// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/click.hpp>
#include <fsis/core/math.hpp>
#include <fsis/core/shape.hpp>

#include <cmath>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace interactive {

/// What the clicks ask of each pixel, row by row: 0 nothing, 1 object, 2 background, 3 both. A click asks for a square
/// of 2 radius + 1 pixels around the nearest pixel (halves to even); the part of a square outside the grid is cut off.
/// (The released f-BRS slices arrays by negative numbers there: a click on the first row or column asks for nothing,
/// and one beyond it for pixels of the opposite side.)
template <class T>
std::vector<T> click_targets(index_t height, index_t width, std::vector<click> const& clicks, index_t radius) {
  std::vector<T> wanted(static_cast<std::size_t>(checked_product(height, width)), T(0));
  for (click const& c : clicks) {
    // far outside, so that the square stays there and whole numbers do not overflow
    double const far = static_cast<double>(height + width + radius) * 2.0 + 2.0;
    index_t const y = static_cast<index_t>(std::nearbyint(hd_clamp(c.y, -far, far)));
    index_t const x = static_cast<index_t>(std::nearbyint(hd_clamp(c.x, -far, far)));
    for (index_t r = hd_max(y - radius, index_t{0}); r <= hd_min(y + radius, height - 1); ++r)
      for (index_t q = hd_max(x - radius, index_t{0}); q <= hd_min(x + radius, width - 1); ++q) {
        T& w = wanted[static_cast<std::size_t>(r * width + q)];
        T const other = c.is_positive ? T(2) : T(1);
        w = w == other || w == T(3) ? T(3) : (c.is_positive ? T(1) : T(2));
      }
  }
  return wanted;
}

}  // namespace interactive
}  // namespace v0
}  // namespace fsis
