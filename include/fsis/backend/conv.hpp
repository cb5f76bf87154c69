// SPDX-License-Identifier: MIT
#pragma once

// The narrow waist, convolutions: overloads found by the type of the context.
#include <fsis/backend/cpu/conv.hpp>

namespace fsis {
inline namespace v0 {

class cuda_context;

namespace backend {

// Defined in backend/cuda/conv.cuh, for nvcc.
template <class T>
void conv_forward(cuda_context const& ctx, kernels::conv_geometry const& g, T const* x,
                  std::shared_ptr<T> const& filter, T const* bias, activation act, T* y);
template <class T>
void conv_max_pool_forward(cuda_context const& ctx, kernels::conv_geometry const& g, T const* x,
                           std::shared_ptr<T> const& filter, T const* bias, activation act, T* y);
template <class T>
void conv_backward_data(cuda_context const& ctx, kernels::conv_geometry const& g, T const* dy,
                        std::shared_ptr<T> const& filter, T* dx);
template <class T>
void conv_backward_filter(cuda_context const& ctx, kernels::conv_geometry const& g, T const* x, T const* dy, T* df);

}  // namespace backend
}  // namespace v0
}  // namespace fsis
