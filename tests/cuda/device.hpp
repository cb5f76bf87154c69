// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/cuda.hpp>

#include <cstdio>

namespace fsis_test {

/// Calls test(context) where there is a device, else says why it is skipped.
template <class Test>
void on_device(fsis::cuda_options const& options, Test const& test) {
  auto const available = fsis::cuda_available();
  if (!available) {
    std::printf("skipped: %s\n", available.reason.c_str());
    return;
  }
  fsis::cuda_context const ctx(options);
  test(ctx);
}

}  // namespace fsis_test
