// SPDX-License-Identifier: MIT
#pragma once

#include "cases/problems.hpp"

#include <fsis/bench/contest.hpp>

#include <vector>

namespace fsis_bench {

/// What other libraries bring to the benchmarks, by the kind of problem. A peer takes its inputs from the problem, may
/// turn them into a form of its own beforehand, and is checked like everybody else.
struct peers {
  std::vector<fsis::bench::contender_for<convolution_problem>> convolution, data_gradient, filter_gradient;
  std::vector<fsis::bench::contender_for<trunk_problem>> trunk, trunk_gradient;
  std::vector<fsis::bench::contender_for<resize_problem>> resize;
  std::vector<fsis::bench::contender_for<distance_problem>> distance;
};

// Each adds one library; only those that CMake found are compiled.
void add_libtorch(peers& to);
void add_onednn(peers& to);
void add_onnxruntime(peers& to);
void add_opencv(peers& to);

/// Those that were found when this program was built; written by CMake.
peers installed_peers();

}  // namespace fsis_bench
