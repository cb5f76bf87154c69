// SPDX-License-Identifier: MIT
#pragma once

#include "options.hpp"

namespace fsis_bench {

/// The 3x3 layers of VGG16 at 384x384, a dilated one and narrow ones, forward, with plain sums, and both gradients;
/// oneDNN beside them where it was found. One JSON line each.
void time_convolutions(options const& o);

}  // namespace fsis_bench
