// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/click.hpp>
#include <fsis/core/error.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/core/math.hpp>

#include <cmath>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace vision {
namespace detail {

inline void check_not_empty(char const* op, char const* what, mask const& m) {
  require<value_error>(!m.empty(), op, ": the ", what, " is 0x0, wanted at least one pixel");
}

inline void check_same_size(char const* op, char const* what_a, mask const& a, char const* what_b,
                            mask const& b) {
  check_not_empty(op, what_a, a);
  require<shape_error>(a.height() == b.height() && a.width() == b.width(), op, ": the ", what_a, " is ",
                       a.height(), "x", a.width(), ", the ", what_b, " is ", b.height(), "x", b.width(),
                       ", wanted equal sizes");
}

inline void check_finite(char const* op, click const& c) {
  require<value_error>(std::isfinite(c.y) && std::isfinite(c.x), op, ": click at (", c.y, ", ", c.x,
                       "), wanted finite coordinates (y, x)");
}

inline void check_finite(char const* op, std::vector<click> const& clicks) {
  for (click const& c : clicks) check_finite(op, c);
}

/// NaN fails too.
inline void check_positive(char const* op, char const* what, double value) {
  require<value_error>(value > 0 && std::isfinite(value), op, ": ", what, " ", value,
                       ", wanted a positive finite number");
}

inline void check_probability(char const* op, char const* what, double value) {
  require<value_error>(value >= 0 && value <= 1, op, ": ", what, " ", value, ", wanted a number in [0, 1]");
}

/// Nearest whole number, halves to even as in Python's round: every golden number of regions and click
/// squares was made that way. Coordinates too large for a picture stay too large.
inline index_t round_half_even(double v) {
  return static_cast<index_t>(std::nearbyint(hd_clamp(v, -1e15, 1e15)));
}

}  // namespace detail
}  // namespace vision
}  // namespace v0
}  // namespace fsis
