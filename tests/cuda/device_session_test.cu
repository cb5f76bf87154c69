// SPDX-License-Identifier: MIT
// Sessions on a device.
#include <cuda/device.hpp>
#include <cuda/sessions.hpp>

using namespace fsis_test;

TEST_CASE("a session of twenty clicks on a device answers as one on the processor") {
  on_device({}, [](fsis::cuda_context const& ctx) { check_sessions(ctx, 20, fsis::refinement::none, 1e-4); });
}

TEST_CASE("refinement on a device ends where it ends on the processor") {
  // a search of twenty evaluations carries roundings on
  on_device({}, [](fsis::cuda_context const& ctx) { check_sessions(ctx, 3, fsis::refinement::aj, 1e-2); });
}
