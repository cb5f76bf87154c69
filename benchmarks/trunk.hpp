// SPDX-License-Identifier: MIT
#pragma once

#include "options.hpp"

namespace fsis_bench {

/// The convolutions and pools of VGG16 at 384x384, batch 1: forward, forward by plain sums, forward with all gradients
/// of the filters; oneDNN's convolutions one after the other, without its pools, where it was found. One JSON line
/// each, and one with the bytes that fsis held at most. Filters stay as they are, so that their forms are kept, also
/// those of the data gradients.
void time_trunk(options const& o);

}  // namespace fsis_bench
