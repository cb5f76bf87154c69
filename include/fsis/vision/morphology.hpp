// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/mask.hpp>
#include <fsis/core/math.hpp>
#include <fsis/vision/check.hpp>

#include <cmath>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace vision {

/// What erosion finds outside the picture. OpenCV's erosion counts it as object: an object that touches
/// the border does not shrink there.
enum class outside { object, background };

namespace detail {

/// Sets every pixel with a `wanted` pixel in the (2 steps + 1)^2 square around it: the same as `steps`
/// passes of 3x3, in time that does not grow with `steps`.
inline mask near_any(mask const& m, bool wanted, index_t steps, bool outside_wanted) {
  index_t const H = m.height(), W = m.width();
  index_t const reach = hd_min(steps, H + W);
  // walks since the last wanted pixel: first along each row, then along each column of the result
  mask rows = mask::blank(H, W);
  index_t const start = outside_wanted ? 0 : reach;
  for (index_t y = 0; y < H; ++y) {
    index_t since = start;
    for (index_t x = 0; x < W; ++x) {
      since = (m(y, x) != 0) == wanted ? 0 : since + 1;
      rows(y, x) = since <= reach;
    }
    since = start;
    for (index_t x = W - 1; x >= 0; --x) {
      since = (m(y, x) != 0) == wanted ? 0 : since + 1;
      if (since <= reach) rows(y, x) = 1;
    }
  }
  mask out = mask::blank(H, W);
  std::vector<index_t> since(static_cast<std::size_t>(W), start);
  auto const visit = [&](index_t y) {
    for (index_t x = 0; x < W; ++x) {
      index_t& s = since[static_cast<std::size_t>(x)];
      s = rows(y, x) ? 0 : s + 1;
      if (s <= reach) out(y, x) = 1;
    }
  };
  for (index_t y = 0; y < H; ++y) visit(y);
  since.assign(since.size(), start);
  for (index_t y = H - 1; y >= 0; --y) visit(y);
  return out;
}

inline void check_steps(char const* op, mask const& m, index_t steps) {
  check_not_empty(op, "mask", m);
  require<value_error>(steps >= 0, op, ": ", steps, " steps, wanted 0 or more");
}

}  // namespace detail

/// The object (nonzero) after `steps` dilations by a 3x3 square, as 0 and 1; outside the picture there is
/// no object. Throws `value_error` on a 0x0 mask or negative steps.
inline mask dilate(mask const& m, index_t steps = 1) {
  detail::check_steps("dilate", m, steps);
  return detail::near_any(m, true, steps, false);
}

/// The object after `steps` erosions by a 3x3 square, as 0 and 1. Throws as `dilate`.
inline mask erode(mask const& m, index_t steps = 1, outside beyond = outside::object) {
  detail::check_steps("erode", m, steps);
  mask out = detail::near_any(m, false, steps, beyond == outside::background);
  for (index_t i = 0; i < out.size(); ++i) out.data()[i] = !out.data()[i];
  return out;
}

/// The ring around an object that is ceil(ratio * sqrt(area)) pixels wide, as 0 and 1: where a user who
/// wants the prediction to shrink clicks. Empty for an empty object. Sofiiuk et al. 2020, training.
inline mask border_ring(mask const& object, double ratio = 0.1) {
  detail::check_not_empty("border_ring", "mask", object);
  detail::check_positive("border_ring", "ratio", ratio);
  double const width = std::ceil(ratio * std::sqrt(static_cast<double>(object.count())));
  mask ring = dilate(object, detail::round_half_even(width));
  for (index_t i = 0; i < ring.size(); ++i)
    if (object.data()[i]) ring.data()[i] = 0;
  return ring;
}

}  // namespace vision
}  // namespace v0
}  // namespace fsis
