// SPDX-License-Identifier: MIT
// A whole session on the CUDA backend in emulation: nothing on the way touches device memory from the host.
#include <cuda/sessions.hpp>

#include <cuda/emulation.hpp>

using namespace fsis_test;

namespace {

/// Without cuDNN and cuBLAS, which emulation does not reach.
fsis::cuda_options plain_sums() {
  fsis::cuda_options o;
  o.convolutions = fsis::convolution_algorithm::direct;
  return o;
}

}  // namespace

TEST_CASE("a session on CUDA answers as one on the processor") {
  fsis::cuda_context const ctx(plain_sums());
  check_sessions(ctx, 3, fsis::refinement::none, 1e-5);
  check_sessions(ctx, 2, fsis::refinement::aj, 1e-3);
}

TEST_CASE("an evaluation of f-BRS is one graph, and only scalars leave the device") {
  fsis::cuda_context const ctx(plain_sums());
  auto const before = fsis_test::emulation::counted();
  answers_on(ctx, 1, fsis::refinement::aj);
  auto const after = fsis_test::emulation::counted();
  CHECK(after.graphs == before.graphs + 1);
  // twenty evaluations: the first is done as it stands, the second is recorded
  CHECK(after.graph_launches - before.graph_launches >= 18);
}

TEST_CASE("a graph takes no memory of its own, whatever rule ends a refinement") {
  fsis::cuda_context const ctx(plain_sums());
  for (auto const rule : {fsis::stop_rule::clicks_right, fsis::stop_rule::mask_settled}) {
    auto const before = fsis_test::emulation::counted();
    answers_on(ctx, 2, fsis::refinement::aj, rule);
    // what cannot be recorded, an allocation say, is done call by call: no graph would be launched
    auto const after = fsis_test::emulation::counted();
    CHECK(after.graph_launches - before.graph_launches >= after.graphs - before.graphs);
  }
}
