// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cuda/cublas.hpp>
#include <fsis/backend/cuda/launch.cuh>
#include <fsis/backend/gemm.hpp>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

constexpr unsigned gemm_tile = 16;

/// c = op(a) * op(b), tiles of both operands in shared memory, sums in the order of the depth.
template <operand A, operand B, class T>
__global__ void tiled_gemm(matrix<T const> a, matrix<T const> b, matrix<T> c, index_t depth) {
  __shared__ T a_tile[gemm_tile][gemm_tile + 1], b_tile[gemm_tile][gemm_tile + 1];
  index_t const row = static_cast<index_t>(blockIdx.x) * gemm_tile + threadIdx.y;
  index_t const column = static_cast<index_t>(blockIdx.y) * gemm_tile + threadIdx.x;
  T sum = 0;
  for (index_t k = 0; k < depth; k += gemm_tile) {
    index_t const a_k = k + threadIdx.x, b_k = k + threadIdx.y;
    bool const has_a = row < c.rows && a_k < depth, has_b = column < c.columns && b_k < depth;
    index_t const a_at = A == operand::as_stored ? row * a.stride + a_k : a_k * a.stride + row;
    index_t const b_at = B == operand::as_stored ? b_k * b.stride + column : column * b.stride + b_k;
    a_tile[threadIdx.y][threadIdx.x] = has_a ? a.data[a_at] : T(0);
    b_tile[threadIdx.y][threadIdx.x] = has_b ? b.data[b_at] : T(0);
    __syncthreads();
    for (unsigned i = 0; i < gemm_tile; ++i) sum += a_tile[threadIdx.y][i] * b_tile[i][threadIdx.x];
    __syncthreads();
  }
  if (row < c.rows && column < c.columns) c.data[row * c.stride + column] = sum;
}

}  // namespace detail

/// See the overload for `cpu_context`: cuBLAS, or a kernel of our own where only plain sums are wanted.
template <operand A, operand B, class T>
void gemm(cuda_context const& ctx, matrix<T const> const& a, matrix<T const> const& b, matrix<T> const& c) {
  if (c.rows <= 0 || c.columns <= 0) return;
  index_t const depth = A == operand::as_stored ? a.columns : a.rows;
  if (ctx.convolutions() == convolution_algorithm::any && depth > 0)
    return ctx.part<detail::cublas_products>().template multiply<A, B>(a, b, c);
  constexpr index_t tile = detail::gemm_tile;
  constexpr index_t most_down = 65535;
  detail::launch(ctx,
                 dim3(detail::exactly(ceil_div(c.rows, tile)), detail::exactly(ceil_div(c.columns, tile), most_down)),
                 dim3(detail::gemm_tile, detail::gemm_tile), detail::tiled_gemm<A, B, T>, a, b, c, depth);
}

}  // namespace backend
}  // namespace v0
}  // namespace fsis
