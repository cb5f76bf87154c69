// SPDX-License-Identifier: MIT
// Compiled with -march=haswell.
#include "convolution.hpp"

std::vector<float> convolved_elsewhere(fsis::cpu_context const& ctx) { return fsis_test::convolved(ctx); }
