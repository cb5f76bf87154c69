// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

namespace fsis {
inline namespace v0 {
namespace nn {

/// What a layer looks at to make one output pixel: input pixels at most `radius` away (in input pixels) from
/// `stride` times its position, or the whole picture.
struct window {
  index_t radius = 0;
  index_t stride = 1;
  bool is_global = false;

  /// The window of this layer followed by another one.
  constexpr window then(window const& next) const {
    return {radius + stride * next.radius, stride * next.stride, is_global || next.is_global};
  }
};

/// Channel count of a layer that takes any and leaves it as it is.
constexpr index_t any_channels = -1;

}  // namespace nn
}  // namespace v0
}  // namespace fsis
