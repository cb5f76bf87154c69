// SPDX-License-Identifier: MIT
// A whole session on the CUDA backend in emulation: nothing on the way touches device memory from the host.
#include <cuda/sessions.hpp>

#include <cuda/emulation.hpp>

using namespace fsis_test;

TEST_CASE("a session on CUDA answers as one on the processor") {
  fsis::cuda_options o;
  o.convolutions = fsis::convolution_algorithm::direct;
  fsis::cuda_context const ctx(o);
  check_sessions(ctx, 3, fsis::refinement::none, 1e-5);
  check_sessions(ctx, 2, fsis::refinement::aj, 1e-3);
}
