// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/device/cpu_context.hpp>

namespace fsis_bench {

struct options {
  int threads = 0;  ///< 0: all
  int rounds = 11;
};

inline fsis::cpu_context context_of(options const& o, fsis::convolution_algorithm convolutions) {
  fsis::cpu_options c;
  c.threads = o.threads;
  c.convolutions = convolutions;
  return fsis::cpu_context(c);
}

}  // namespace fsis_bench
