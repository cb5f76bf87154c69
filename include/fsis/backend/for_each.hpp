// SPDX-License-Identifier: MIT
#pragma once

// The narrow waist, index kernels: overloads found by the type of the context.
#include <fsis/backend/cpu/for_each.hpp>

namespace fsis {
inline namespace v0 {

class cuda_context;

namespace backend {

// Defined in backend/cuda/for_each.cuh, for nvcc.
template <class Kernel>
void for_each(cuda_context const& ctx, index_t count, Kernel const& kernel);
template <class Kernel>
void for_each(cuda_context const& ctx, index_t rows, index_t columns, Kernel const& kernel);

}  // namespace backend
}  // namespace v0
}  // namespace fsis
