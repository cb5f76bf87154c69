// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/direct_convolution.hpp>
#include <fsis/backend/cpu/filter_forms.hpp>
#include <fsis/backend/cpu/patch_convolution.hpp>
#include <fsis/backend/cpu/winograd_filter_gradient.hpp>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

inline bool uses_winograd(cpu_context const& ctx, kernels::conv_geometry const& g) {
  return winograd_pays(g, ctx.instructions()) && ctx.convolutions() == convolution_algorithm::any;
}

/// A convolution of floats without groups by one of the kernels with lanes; false when none is made for it. `view` is
/// of the numbers of `filter`.
inline bool lane_convolution(cpu_context const& ctx, kernels::conv_geometry const& g, float const* x,
                             std::shared_ptr<float> const& filter, filter_view const& view, float const* bias,
                             activation act, float* y) {
  auto const form_of = [&](filter_form form) {
    return filter_forms::get(ctx, filter, view.outputs * view.inputs * view.height * view.width, view, form);
  };
  if (uses_winograd(ctx, g)) {
    winograd_convolution(ctx, g, *form_of(filter_form::winograd)).run(x, bias, act, y);
  } else if (is_direct(g)) {
    direct_convolution(ctx, g, *form_of(filter_form::taps)).run(x, bias, act, y);
  } else {
    return false;
  }
  return true;
}

/// Not with strides, nor where padding exceeds the reach of the filter.
inline bool data_gradient_is_convolution(kernels::conv_geometry const& g) {
  return g.groups == 1 && g.stride[0] == 1 && g.stride[1] == 1 && g.padding[0] <= g.dilation[0] * (g.R - 1) &&
         g.padding[1] <= g.dilation[1] * (g.S - 1);
}

}  // namespace detail

/// y = activation(conv(x, filter) + bias); `bias` (K) may be null. Forms of the filter may be kept with its memory.
template <class T>
void conv_forward(cpu_context const& ctx, kernels::conv_geometry const& g, T const* x,
                  std::shared_ptr<T> const& filter, T const* bias, activation act, T* y) {
  if constexpr (std::is_same<T, float>::value)
    if (g.groups == 1 &&
        detail::lane_convolution(ctx, g, x, filter, detail::forward_view(g, filter.get()), bias, act, y))
      return;
  detail::patch_forward(ctx, g, x, filter.get(), bias, act, y);
}

/// dx = the gradient of dot(y, dy) with respect to x. At stride 1 it is the convolution of dy with the turned filter.
template <class T>
void conv_backward_data(cpu_context const& ctx, kernels::conv_geometry const& g, T const* dy,
                        std::shared_ptr<T> const& filter, T* dx) {
  if constexpr (std::is_same<T, float>::value)
    if (detail::data_gradient_is_convolution(g) &&
        detail::lane_convolution(ctx, data_gradient_geometry(g), dy, filter,
                                 detail::data_gradient_view(g, filter.get()), nullptr, activation::none, dx))
      return;
  detail::patch_backward_data(ctx, g, dy, filter.get(), dx);
}

/// df = the gradient of dot(y, dy) with respect to the filter.
template <class T>
void conv_backward_filter(cpu_context const& ctx, kernels::conv_geometry const& g, T const* x, T const* dy, T* df) {
  if constexpr (std::is_same<T, float>::value)
    if (detail::uses_winograd(ctx, g)) return detail::winograd_filter_gradient(ctx, g).run(x, dy, df);
  detail::patch_backward_filter(ctx, g, x, dy, df);
}

}  // namespace backend
}  // namespace v0
}  // namespace fsis
