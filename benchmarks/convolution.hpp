// SPDX-License-Identifier: MIT
#pragma once

namespace fsis_bench {

struct options {
  int threads = 0;  ///< 0: all
  int rounds = 11;
};

/// The 3x3 layers of VGG16 at 384x384, a dilated one and narrow ones, forward, with plain sums, and both gradients;
/// oneDNN beside them where it was found. One JSON line each.
void time_convolutions(options const& o);

}  // namespace fsis_bench
