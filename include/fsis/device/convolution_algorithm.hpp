// SPDX-License-Identifier: MIT
#pragma once

namespace fsis {
inline namespace v0 {

/// Which algorithms convolutions may use: whichever is quickest for the shape, or only sums of products in the order of
/// the definition, which round less than Winograd's.
enum class convolution_algorithm { any, direct };

}  // namespace v0
}  // namespace fsis
