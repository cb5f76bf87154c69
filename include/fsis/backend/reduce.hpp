// SPDX-License-Identifier: MIT
#pragma once

// The narrow waist, reductions: overloads found by the type of the context.
#include <fsis/backend/cpu/reduce.hpp>

namespace fsis {
inline namespace v0 {

class cuda_context;

namespace backend {

// Defined in backend/cuda/reduce.cuh, for nvcc.
template <class Kernel>
void reduce(cuda_context const& ctx, index_t outer, index_t axis, index_t inner, Kernel const& kernel);

}  // namespace backend
}  // namespace v0
}  // namespace fsis
