// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/click.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/vision/check.hpp>
#include <fsis/vision/error_distance.hpp>

#include <algorithm>
#include <optional>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace vision {

/// The click of a user who points at the middle of the largest error, as benchmarks simulate one.
///
/// Missed object and spilled prediction are two masks; in each, the exact distance to the edge of the
/// error is taken with the border of the picture as an edge. Pixels clicked before are left out. The click
/// is positive if the deepest missed pixel lies strictly deeper than the deepest spilled one, else negative;
/// of equally deep pixels the first in reading order is clicked. The first click is made on an empty
/// prediction. Jang and Kim 2019 (BRS); Sofiiuk et al. 2020 (f-BRS).
///
/// Empty when nothing is left to correct: no error, or every wrong pixel has been clicked. The reference
/// evaluation makes a negative click at (0, 0) then, on whatever lies there; that is a bug and not copied.
///
/// Throws `value_error` when the truth has no object, or a click is not finite; `shape_error` when the sizes
/// differ.
inline std::optional<click> next_click(mask const& truth, mask const& prediction,
                                       std::vector<click> const& made = {},
                                       truth_reading reading = truth_reading::labels) {
  char const* op = "next_click";
  detail::check_finite(op, made);
  detail::error_distance errors = detail::measure_errors(op, truth, prediction, reading);
  bool const has_object = std::any_of(truth.data(), truth.data() + truth.size(),
                                      [reading](std::uint8_t v) { return is_object(v, reading); });
  require<value_error>(has_object, op, ": the truth has no object among ", truth.size(), " pixels, of which ",
                       std::count(truth.data(), truth.data() + truth.size(), mask::void_label),
                       " are 255; pass truth_reading::binary for a mask of 0 and 255");
  for (click const& c : made) {
    index_t const y = detail::round_half_even(c.y), x = detail::round_half_even(c.x);
    if (y < 0 || x < 0 || y >= truth.height() || x >= truth.width()) continue;
    errors.missed(y, x) = 0;
    errors.spilled(y, x) = 0;
  }
  index_t const missed = detail::error_distance::depth(errors.missed);
  index_t const spilled = detail::error_distance::depth(errors.spilled);
  if (missed == 0 && spilled == 0) return std::nullopt;
  bool const is_positive = missed > spilled;
  plane<index_t> const& chosen = is_positive ? errors.missed : errors.spilled;
  index_t const at = std::max_element(chosen.data(), chosen.data() + chosen.size()) - chosen.data();
  return click{static_cast<double>(at / truth.width()), static_cast<double>(at % truth.width()), is_positive};
}

}  // namespace vision
}  // namespace v0
}  // namespace fsis
