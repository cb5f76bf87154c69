// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/mask.hpp>
#include <fsis/vision/check.hpp>
#include <fsis/vision/distance_transform.hpp>
#include <fsis/vision/truth.hpp>

#include <algorithm>
#include <utility>

namespace fsis {
inline namespace v0 {
namespace vision {
namespace detail {

/// Where a prediction is wrong, and how deep inside the error each pixel lies: squared distances to the
/// edge of the error, the border of the picture being an edge.
struct error_distance {
  plane<index_t> missed;   ///< object that was not predicted
  plane<index_t> spilled;  ///< predicted, but not object

  /// Largest squared distance of a plane; 0 says that there is no error of the kind.
  static index_t depth(plane<index_t> const& p) { return *std::max_element(p.data(), p.data() + p.size()); }
};

/// Compares a prediction (nonzero is object) with the truth. Void pixels are no error.
/// Throws `value_error` on a 0x0 truth, `shape_error` on different sizes.
inline error_distance measure_errors(char const* op, mask const& truth, mask const& prediction,
                                     truth_reading reading = truth_reading::labels) {
  check_same_size(op, "truth", truth, "prediction", prediction);
  mask missed = mask::blank(truth.height(), truth.width());
  mask spilled = missed;
  for (index_t i = 0; i < truth.size(); ++i) {
    std::uint8_t const t = truth.data()[i];
    if (is_void(t, reading)) continue;
    bool const object = is_object(t, reading), predicted = prediction.data()[i] != 0;
    missed.data()[i] = object && !predicted;
    spilled.data()[i] = predicted && !object;
  }
  return {squared_distance_to_background(missed, frame::boundary),
          squared_distance_to_background(spilled, frame::boundary)};
}

}  // namespace detail
}  // namespace vision
}  // namespace v0
}  // namespace fsis
