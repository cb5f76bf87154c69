// SPDX-License-Identifier: MIT
#pragma once

namespace fsis {
inline namespace v0 {

/// What a convolution applies to its result before writing it.
enum class activation { none, relu };

}  // namespace v0
}  // namespace fsis
