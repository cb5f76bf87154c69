// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/mask.hpp>

#include <cstdint>

namespace fsis {
inline namespace v0 {
namespace vision {

/// How the bytes of a truth are read. `labels`: nonzero is object, except `mask::void_label` (255), which
/// counts neither for nor against a prediction. `binary`: every nonzero byte is object, for pictures of
/// 0 and 255.
enum class truth_reading { labels, binary };

inline bool is_void(std::uint8_t value, truth_reading reading) {
  return reading == truth_reading::labels && value == mask::void_label;
}

inline bool is_object(std::uint8_t value, truth_reading reading) {
  return value != 0 && !is_void(value, reading);
}

}  // namespace vision
}  // namespace v0
}  // namespace fsis
