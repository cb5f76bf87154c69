// SPDX-License-Identifier: MIT
#pragma once

// The narrow waist, matrix products: overloads found by the type of the context.
#include <fsis/backend/cpu/gemm.hpp>

namespace fsis {
inline namespace v0 {

class cuda_context;

namespace backend {

// Defined in backend/cuda/gemm.cuh, for nvcc.
template <operand A, operand B, class T>
void gemm(cuda_context const& ctx, matrix<T const> const& a, matrix<T const> const& b, matrix<T> const& c);

}  // namespace backend
}  // namespace v0
}  // namespace fsis
