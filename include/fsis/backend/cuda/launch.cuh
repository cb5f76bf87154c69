// SPDX-License-Identifier: MIT
#pragma once

#if !defined(__CUDACC__) && !defined(FSIS_CUDA_EMULATION)
#error \
    "<fsis/cuda.cuh> launches kernels: compile the file with nvcc (name it .cu), or include <fsis/cuda.hpp> instead"
#endif

#include <fsis/core/math.hpp>
#include <fsis/device/cuda_context.hpp>

#include <cuda_runtime.h>

#include <type_traits>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

/// Gives a kernel to the stream of a context.
template <class... Parameters>
void launch(cuda_context const& ctx, dim3 const& grid, dim3 const& block, void (*kernel)(Parameters...),
            std::common_type_t<Parameters>... arguments) {
  cuda_device_scope const scope(ctx.device());
  void* pointers[] = {static_cast<void*>(&arguments)...};
  cuda_check(cudaLaunchKernel(kernel, grid, block, pointers, 0, ctx.stream()), "cudaLaunchKernel");
}

/// Blocks for `count` pieces of work, of which a kernel strides over the grid where there are more.
inline unsigned blocks_for(index_t count, index_t per_block) {
  constexpr index_t most = index_t{1} << 16;
  return static_cast<unsigned>(hd_clamp(ceil_div(count, per_block), index_t{1}, most));
}

/// One block for each of `count`, for kernels that do not stride; `most` along the axis of the grid.
inline unsigned exactly(index_t count, index_t most = (index_t{1} << 31) - 1) {
  require<device_error>(count <= most, "cudaLaunchKernel: ", count, " blocks, a grid takes up to ", most);
  return static_cast<unsigned>(count);
}

}  // namespace detail
}  // namespace backend
}  // namespace v0
}  // namespace fsis
