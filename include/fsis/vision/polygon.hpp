// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/mask.hpp>
#include <fsis/core/math.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace vision {

/// A corner of a polygon in pixels; the pixel in column 0 of row 0 covers x and y from 0 to 1.
struct corner {
  double x, y;
};

/// Sets the pixels whose centre lies inside a closed polygon (by the even-odd rule: a part that is enclosed twice is
/// outside). Parts beyond the mask are left out. Throws `value_error` on fewer than three corners or coordinates that
/// are not finite.
///
/// The tools of COCO draw polygons on a finer grid and round to it, so that borders may differ by a pixel.
inline void fill_polygon(mask& out, std::vector<corner> const& polygon, std::uint8_t value = 1) {
  require<value_error>(polygon.size() >= 3, "fill_polygon: ", polygon.size(), " corners, wanted at least 3");
  double top = polygon[0].y, bottom = polygon[0].y;
  for (corner const& c : polygon) {
    require<value_error>(std::isfinite(c.x) && std::isfinite(c.y), "fill_polygon: corner (", c.x, ", ", c.y, ")");
    top = std::min(top, c.y);
    bottom = std::max(bottom, c.y);
  }
  double const height = static_cast<double>(out.height()), width = static_cast<double>(out.width());
  auto const first_row = static_cast<index_t>(hd_clamp(std::floor(top), 0.0, height));
  auto const end_row = static_cast<index_t>(hd_clamp(std::ceil(bottom), 0.0, height));
  std::vector<double> crossings;
  for (index_t row = first_row; row < end_row; ++row) {
    double const y = static_cast<double>(row) + 0.5;
    crossings.clear();
    for (std::size_t i = 0; i < polygon.size(); ++i) {
      corner const &p = polygon[i], &q = polygon[(i + 1) % polygon.size()];
      // half open, so that a corner on the line counts once; from above, so that neighbours agree on their border
      if ((p.y <= y) == (q.y <= y)) continue;
      corner const &a = p.y < q.y ? p : q, &b = p.y < q.y ? q : p;
      crossings.push_back(a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x));
    }
    std::sort(crossings.begin(), crossings.end());
    for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
      // centres c + 0.5 in [from, to)
      auto const from = static_cast<index_t>(hd_clamp(std::ceil(crossings[i] - 0.5), 0.0, width));
      auto const to = static_cast<index_t>(hd_clamp(std::ceil(crossings[i + 1] - 0.5), 0.0, width));
      for (index_t x = from; x < to; ++x) out(row, x) = value;
    }
  }
}

}  // namespace vision
}  // namespace v0
}  // namespace fsis
