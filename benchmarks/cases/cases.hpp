// SPDX-License-Identifier: MIT
#pragma once

#include "peers/peers.hpp"

#include <fsis/bench/registry.hpp>

namespace fsis_bench {

// Each adds the benchmarks of one kind, with the contenders of other libraries that were found.
void add_convolutions(fsis::bench::registry& to, peers const& others);
void add_trunk(fsis::bench::registry& to, peers const& others);
void add_pooling(fsis::bench::registry& to);
void add_resizing(fsis::bench::registry& to, peers const& others);
void add_elementwise(fsis::bench::registry& to);
void add_reductions(fsis::bench::registry& to);
void add_losses(fsis::bench::registry& to);
void add_optimisers(fsis::bench::registry& to);
void add_similarity(fsis::bench::registry& to);
void add_vision(fsis::bench::registry& to, peers const& others);
void add_layers(fsis::bench::registry& to);
void add_networks(fsis::bench::registry& to);
void add_refinements(fsis::bench::registry& to);
void add_sessions(fsis::bench::registry& to);
void add_vgg16_sessions(fsis::bench::registry& to);

/// Everything that fsis-bench can run.
inline fsis::bench::registry all_cases(peers const& others) {
  fsis::bench::registry all;
  add_convolutions(all, others);
  add_pooling(all);
  add_resizing(all, others);
  add_elementwise(all);
  add_reductions(all);
  add_losses(all);
  add_optimisers(all);
  add_similarity(all);
  add_vision(all, others);
  add_layers(all);
  add_trunk(all, others);
  add_networks(all);
  add_refinements(all);
  add_sessions(all);
  add_vgg16_sessions(all);
  return all;
}

}  // namespace fsis_bench
