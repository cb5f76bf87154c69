// SPDX-License-Identifier: MIT
#pragma once

#include "convolution.hpp"

namespace fsis_bench {

/// The convolutions and pools of VGG16 at 384x384, batch 1: forward, forward by plain sums, forward with all gradients of
/// the filters; oneDNN's convolutions one after the other, without its pools, where it was found. One JSON line each,
/// and one with the bytes that fsis held at most.
void time_trunk(options const& o);

}  // namespace fsis_bench
