// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cuda/launch.cuh>
#include <fsis/backend/for_each.hpp>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

/// kernel(i) for i in [0, count).
template <class Kernel>
__global__ void each(index_t count, Kernel kernel) {
  index_t const step = static_cast<index_t>(gridDim.x) * blockDim.x;
  for (index_t i = static_cast<index_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += step) kernel(i);
}

/// kernel(row, column) over a rectangle: threads of a warp take neighbouring columns.
template <class Kernel>
__global__ void each_of_rows(index_t rows, index_t columns, Kernel kernel) {
  index_t const step = static_cast<index_t>(gridDim.x) * blockDim.y;
  for (index_t r = static_cast<index_t>(blockIdx.x) * blockDim.y + threadIdx.y; r < rows; r += step) {
    if constexpr (takes_columns<Kernel>::value) {
      auto const place = kernel.at(r);
      for (index_t c = threadIdx.x; c < columns; c += blockDim.x) kernel.template columns<1>(place, c);
    } else if constexpr (has_place<Kernel>::value) {
      auto const place = kernel.at(r);
      for (index_t c = threadIdx.x; c < columns; c += blockDim.x) kernel(place, c);
    } else {
      for (index_t c = threadIdx.x; c < columns; c += blockDim.x) kernel(r, c);
    }
  }
}

constexpr unsigned threads_per_block = 256;

}  // namespace detail

/// See the overload for `cpu_context`.
template <class Kernel>
void for_each(cuda_context const& ctx, index_t count, Kernel const& kernel) {
  static_assert(std::is_trivially_copyable<Kernel>::value,
                "a kernel is copied to the device bit by bit: hold views and numbers, not tensors");
  if (count <= 0) return;
  constexpr unsigned threads = detail::threads_per_block;
  detail::launch(ctx, dim3(detail::blocks_for(count, threads)), dim3(threads), detail::each<Kernel>, count, kernel);
}

template <class Kernel>
void for_each(cuda_context const& ctx, index_t rows, index_t columns, Kernel const& kernel) {
  static_assert(std::is_trivially_copyable<Kernel>::value,
                "a kernel is copied to the device bit by bit: hold views and numbers, not tensors");
  if (rows <= 0 || columns <= 0) return;
  unsigned across = 1;
  while (across < detail::threads_per_block && across < columns) across *= 2;
  unsigned const down = detail::threads_per_block / across;
  detail::launch(ctx, dim3(detail::blocks_for(rows, down)), dim3(across, down), detail::each_of_rows<Kernel>, rows,
                 columns, kernel);
}

}  // namespace backend
}  // namespace v0
}  // namespace fsis
