// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cuda/launch.cuh>
#include <fsis/backend/reduce.hpp>

#include <new>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

/// One pass of a reduction: each chunk of the axis to one value, which is stored where there is one chunk for each
/// (outer, inner), else kept in `partials` (outer, chunks, inner).
template <class Kernel>
struct reduce_pass {
  using value = typename Kernel::value_type;
  Kernel kernel;
  index_t outer, axis, inner, chunk, chunks;
  value* partials;

  /// Chunk `row % chunks` of `row / chunks`, every `step`-th element from the `first`-th on.
  __device__ value run(index_t row, index_t first, index_t step, index_t i) const {
    index_t const o = row / chunks, begin = (row - o * chunks) * chunk, last = hd_min(axis, begin + chunk);
    value v = kernel.identity();
    for (index_t a = begin + first; a < last; a += step) v = kernel.combine(v, kernel.load(o, a, i));
    return v;
  }

  __device__ void finish(index_t row, index_t i, value const& v) const {
    if (chunks == 1)
      kernel.store(row, i, v);
    else
      partials[row * inner + i] = v;
  }
};

/// Combines `part[t]`, `part[t + step]`, ... of `count` (a power of two) neighbours into the first.
template <class Kernel, class Value>
__device__ void combine_neighbours(Kernel const& kernel, Value* part, unsigned position, unsigned count,
                                   unsigned step) {
  for (unsigned width = count / 2; width > 0; width /= 2) {
    __syncthreads();
    if (position < width) *part = kernel.combine(*part, part[width * step]);
  }
  __syncthreads();
}

constexpr unsigned reduce_threads = 256;

/// inner is 1: `Lanes` threads for each chunk.
template <unsigned Lanes, class Kernel>
__global__ void reduce_rows(reduce_pass<Kernel> pass) {
  using value = typename Kernel::value_type;
  alignas(value) __shared__ unsigned char memory[reduce_threads * sizeof(value)];
  value* const part = reinterpret_cast<value*>(memory) + threadIdx.x;
  unsigned const lane = threadIdx.x % Lanes;
  index_t const row = static_cast<index_t>(blockIdx.x) * (reduce_threads / Lanes) + threadIdx.x / Lanes;
  bool const exists = row < pass.outer * pass.chunks;
  new (part) value(exists ? pass.run(row, lane, Lanes, 0) : pass.kernel.identity());
  combine_neighbours(pass.kernel, part, lane, Lanes, 1);
  if (exists && lane == 0) pass.finish(row, 0, *part);
}

constexpr unsigned reduce_columns_across = 32, reduce_columns_down = reduce_threads / reduce_columns_across;

/// Threads of a warp take neighbouring inner indices, warps of a block share a chunk.
template <class Kernel>
__global__ void reduce_columns(reduce_pass<Kernel> pass) {
  using value = typename Kernel::value_type;
  alignas(value) __shared__ unsigned char memory[reduce_threads * sizeof(value)];
  unsigned const thread = threadIdx.y * reduce_columns_across + threadIdx.x;
  value* const part = reinterpret_cast<value*>(memory) + thread;
  index_t const tiles = ceil_div(pass.inner, static_cast<index_t>(reduce_columns_across));
  index_t const row = static_cast<index_t>(blockIdx.x) / tiles;
  index_t const i = (static_cast<index_t>(blockIdx.x) - row * tiles) * reduce_columns_across + threadIdx.x;
  bool const exists = i < pass.inner;
  new (part) value(exists ? pass.run(row, threadIdx.y, reduce_columns_down, i) : pass.kernel.identity());
  combine_neighbours(pass.kernel, part, threadIdx.y, reduce_columns_down, reduce_columns_across);
  if (exists && threadIdx.y == 0) pass.finish(row, i, *part);
}

/// A kernel over the partial results of another one.
template <class Kernel>
struct combine_partials {
  using value_type = typename Kernel::value_type;
  Kernel kernel;
  value_type const* partials;
  index_t chunks, inner;

  FSIS_HD value_type identity() const { return kernel.identity(); }
  FSIS_HD value_type combine(value_type const& x, value_type const& y) const { return kernel.combine(x, y); }
  FSIS_HD value_type load(index_t o, index_t a, index_t i) const { return partials[(o * chunks + a) * inner + i]; }
  FSIS_HD void store(index_t o, index_t i, value_type const& v) const { kernel.store(o, i, v); }
};

template <class Kernel>
void run_pass(cuda_context const& ctx, reduce_pass<Kernel> const& pass) {
  constexpr unsigned warp = 32;
  index_t const rows = pass.outer * pass.chunks;
  if (pass.inner > 1) {
    index_t const blocks = rows * ceil_div(pass.inner, static_cast<index_t>(reduce_columns_across));
    launch(ctx, dim3(exactly(blocks)), dim3(reduce_columns_across, reduce_columns_down), reduce_columns<Kernel>,
           pass);
  } else if (pass.chunk <= 512) {
    launch(ctx, dim3(exactly(ceil_div(rows, static_cast<index_t>(reduce_threads / warp)))), dim3(reduce_threads),
           reduce_rows<warp, Kernel>, pass);
  } else {
    launch(ctx, dim3(exactly(rows)), dim3(reduce_threads), reduce_rows<reduce_threads, Kernel>, pass);
  }
}

}  // namespace detail

/// See the overload for `cpu_context`: two passes over a cut that depends on the shape alone, without atomics.
template <class Kernel>
void reduce(cuda_context const& ctx, index_t outer, index_t axis, index_t inner, Kernel const& kernel) {
  static_assert(std::is_trivially_copyable<Kernel>::value,
                "a kernel is copied to the device bit by bit: hold views and numbers, not tensors");
  using value = typename Kernel::value_type;
  if (outer <= 0 || inner <= 0) return;
  // elements for each block, so that there are enough blocks for a device and not too many partial results
  constexpr index_t least = 4096, blocks_wanted = 2048;
  index_t const wide = inner > 1 ? detail::reduce_columns_across : 1;
  index_t const per_block = hd_max(least, ceil_div(outer * axis * inner, blocks_wanted));
  index_t const chunk = hd_max(index_t{1}, per_block / wide);
  index_t const chunks = hd_max(index_t{1}, ceil_div(axis, chunk));
  auto const memory =
      chunks > 1 ? ctx.allocate(static_cast<std::size_t>(outer * chunks * inner) * sizeof(value)) : nullptr;
  value* const partials = static_cast<value*>(memory.get());
  detail::run_pass(ctx, detail::reduce_pass<Kernel>{kernel, outer, axis, inner, chunk, chunks, partials});
  if (chunks > 1)
    detail::run_pass(ctx, detail::reduce_pass<detail::combine_partials<Kernel>>{
                              {kernel, partials, chunks, inner}, outer, chunks, inner, chunks, 1, nullptr});
}

}  // namespace backend
}  // namespace v0
}  // namespace fsis
