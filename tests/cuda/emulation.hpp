// SPDX-License-Identifier: MIT
#pragma once

// CUDA without a device, for tests: kernels run on the processor, one thread after the other, and the functions of the
// runtime that the library calls are those of emulation.cpp. Every file of such a program includes this header first
// (-include). The types are the toolkit's.
//
// Each thread of a block is a fiber, so that barriers and what follows them work. Device memory can be read and written
// in kernels and copies alone: the host's own hands on it end the program. Launches given to a stream that is captured
// are kept for the graph, and allocations, copies and waiting fail there.

#include <cuda_runtime.h>

#include <cstdint>
#include <functional>
#include <tuple>
#include <utility>

#undef __global__
#undef __device__
#undef __shared__
#define __global__
#define __device__
#define __shared__ static

namespace fsis_test {
namespace emulation {

/// Runs `body` for every thread of every block.
void run(dim3 const& grid, dim3 const& block, std::function<void()> const& body);

/// Where the thread that runs now stands.
uint3 const& thread();
uint3 const& block();
dim3 const& block_size();
dim3 const& grid_size();

/// Waits for all threads of the block that have not ended.
void barrier();

/// What happened since the program began.
struct counts {
  std::int64_t launches = 0, copies = 0, allocations = 0, synchronisations = 0, graphs = 0, graph_launches = 0;
};
counts const& counted();

/// How many devices there are from now on, 1 at the start: none is a machine without a driver.
void set_devices(int count);

/// From now on the n-th call of the runtime fails, counted from 1; 0: none does.
void fail_call(int n);

}  // namespace emulation
}  // namespace fsis_test

#define threadIdx (fsis_test::emulation::thread())
#define blockIdx (fsis_test::emulation::block())
#define blockDim (fsis_test::emulation::block_size())
#define gridDim (fsis_test::emulation::grid_size())

inline void __syncthreads() { fsis_test::emulation::barrier(); }

namespace fsis_test {
namespace emulation {

cudaError_t launch(dim3 const& grid, dim3 const& block, std::function<void()> const& body);

template <class... P, std::size_t... I>
cudaError_t launch_with(void (*kernel)(P...), dim3 const& grid, dim3 const& block, void** arguments,
                        std::index_sequence<I...>) {
  std::tuple<P...> const copied(*static_cast<P*>(arguments[I])...);
  return launch(grid, block, [kernel, copied] { kernel(std::get<I>(copied)...); });
}

}  // namespace emulation
}  // namespace fsis_test

/// The template that the runtime has for nvcc.
template <class... P>
cudaError_t cudaLaunchKernel(void (*kernel)(P...), dim3 const& grid, dim3 const& block, void** arguments, std::size_t,
                             cudaStream_t) {
  return fsis_test::emulation::launch_with(kernel, grid, block, arguments, std::index_sequence_for<P...>{});
}
