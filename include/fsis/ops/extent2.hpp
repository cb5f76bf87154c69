// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

namespace fsis {
inline namespace v0 {

/// Vertical and horizontal number of a window, stride or padding.
struct extent2 {
  index_t y = 1, x = 1;
};

}  // namespace v0
}  // namespace fsis
