// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/bench/registry.hpp>
#include <fsis/device/cuda_context.hpp>

#include <memory>

namespace fsis_bench {

/// A device with one stream that all contexts of the benchmarks work on: the clock listens to it.
struct bench_device {
  cudaStream_t stream;

  std::shared_ptr<fsis::cuda_context> context(fsis::cuda_precision precision) const {
    fsis::cuda_options o;
    o.stream = stream;
    o.precision = precision;
    return std::make_shared<fsis::cuda_context>(o);
  }
};

// Each adds the benchmarks of one file.
void add_device_kernels(fsis::bench::registry& to, bench_device const& device);
void add_device_networks(fsis::bench::registry& to, bench_device const& device);

}  // namespace fsis_bench
