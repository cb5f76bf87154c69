// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/gemm.hpp>
#include <fsis/tensor/tensor.hpp>

namespace fsis {
inline namespace v0 {

using backend::operand;

namespace ops {

/// op(a) * op(b) of two matrices, where op transposes on demand: `matmul<operand::as_stored, operand::transposed>`.
/// Throws `shape_error` when the inner extents differ.
template <operand A = operand::as_stored, operand B = operand::as_stored, class T, class Context>
tensor<T, Context> matmul(Context const& ctx, tensor<T, Context> const& a, tensor<T, Context> const& b) {
  require<shape_error>(a.rank() == 2 && b.rank() == 2, "matmul: shapes ", a.extents(), " and ", b.extents(),
                       ", wanted two matrices");
  constexpr int a_inner = A == operand::as_stored ? 1 : 0, b_inner = B == operand::as_stored ? 0 : 1;
  require<shape_error>(a.extent(a_inner) == b.extent(b_inner), "matmul: inner extents ", a.extent(a_inner), " and ",
                       b.extent(b_inner), " (", a.extents(), A == operand::transposed ? " transposed" : "", " times ",
                       b.extents(), B == operand::transposed ? " transposed)" : ")");
  tensor<T, Context> c(ctx, {a.extent(1 - a_inner), b.extent(1 - b_inner)});
  backend::gemm<A, B>(ctx, backend::matrix<T const>{a.data(), a.extent(0), a.extent(1), a.extent(1)},
                      backend::matrix<T const>{b.data(), b.extent(0), b.extent(1), b.extent(1)},
                      backend::matrix<T>{c.data(), c.extent(0), c.extent(1), c.extent(1)});
  return c;
}

}  // namespace ops
}  // namespace v0
}  // namespace fsis
