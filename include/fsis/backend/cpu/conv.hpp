// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/direct_convolution.hpp>
#include <fsis/backend/cpu/few_pixels.hpp>
#include <fsis/backend/cpu/filter_forms.hpp>
#include <fsis/backend/cpu/for_each.hpp>
#include <fsis/backend/cpu/patch_convolution.hpp>
#include <fsis/backend/cpu/winograd_filter_gradient.hpp>
#include <fsis/kernels/pooling.hpp>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

/// `taps` for plain sums, else a form for Winograd's algorithm.
inline filter_form form_for(cpu_context const& ctx, kernels::conv_geometry const& g) {
  return ctx.convolutions() == convolution_algorithm::any ? winograd_form(g, ctx.instructions()) : filter_form::taps;
}

inline std::shared_ptr<packed_filter const> form_of(cpu_context const& ctx, std::shared_ptr<float> const& filter,
                                                    filter_view const& view, filter_form form) {
  return filter_in_form(ctx, filter, view.outputs * view.inputs * view.height * view.width, view, form);
}

/// A convolution of floats without groups by one of the kernels with lanes; false when none is made for it. `form` is
/// `form_for` it, `view` is of the numbers of `filter`.
inline bool lane_convolution(cpu_context const& ctx, kernels::conv_geometry const& g, filter_form form, float const* x,
                             std::shared_ptr<float> const& filter, filter_view const& view, float const* bias,
                             activation act, float* y) {
  if (form != filter_form::taps) {
    winograd_convolution(ctx, g, *form_of(ctx, filter, view, form)).run(x, {bias, act, y, false});
  } else if (is_direct(g)) {
    direct_convolution(ctx, g, *form_of(ctx, filter, view, filter_form::taps)).run(x, bias, act, y);
  } else {
    return false;
  }
  return true;
}

/// Floats without groups; false when no kernel with lanes is made for the shape.
inline bool lane_forward(cpu_context const& ctx, kernels::conv_geometry const& g, float const* x,
                         std::shared_ptr<float> const& filter, float const* bias, activation act, float* y) {
  filter_view const view = forward_view(g, filter.get());
  filter_form const form = form_for(ctx, g);
  if (!has_few_pixels(g.N * g.P * g.Q, g.R * g.S, g, form, ctx.instructions()))
    return lane_convolution(ctx, g, form, x, filter, view, bias, act, y);
  few_pixel_convolution(ctx, g).forward(x, *form_of(ctx, filter, view, filter_form::taps), bias, act, y);
  return true;
}

/// `lane_forward` and the largest of each 2x2 results in one pass; false where Winograd's algorithm does not run.
inline bool lane_pooled_forward(cpu_context const& ctx, kernels::conv_geometry const& g, float const* x,
                                std::shared_ptr<float> const& filter, float const* bias, activation act, float* y) {
  filter_form const form = form_for(ctx, g);
  if (form == filter_form::taps || g.dilation[0] != 1 || g.dilation[1] != 1 ||
      has_few_pixels(g.N * g.P * g.Q, g.R * g.S, g, form, ctx.instructions()))
    return false;
  auto const transformed = form_of(ctx, filter, forward_view(g, filter.get()), form);
  winograd_convolution(ctx, g, *transformed).run(x, {bias, act, y, true});
  return true;
}

/// At stride 1 the data gradient is the convolution of dy with the turned filter, unless padding exceeds the reach of
/// the filter.
inline bool data_gradient_is_convolution(kernels::conv_geometry const& g) {
  return g.stride[0] == 1 && g.stride[1] == 1 && g.padding[0] <= g.dilation[0] * (g.R - 1) &&
         g.padding[1] <= g.dilation[1] * (g.S - 1);
}

inline bool lane_backward_data(cpu_context const& ctx, kernels::conv_geometry const& g, float const* dy,
                               std::shared_ptr<float> const& filter, float* dx) {
  bool const is_convolution = data_gradient_is_convolution(g);
  kernels::conv_geometry const turned = is_convolution ? data_gradient_geometry(g) : g;
  filter_form const form = is_convolution ? form_for(ctx, turned) : filter_form::taps;
  if (has_few_pixels(g.N * g.P * g.Q, g.R * g.S, turned, form, ctx.instructions())) {
    filter_view const view = few_pixel_convolution::backward_view(g, filter.get());
    few_pixel_convolution(ctx, g).backward_data(dy, *form_of(ctx, filter, view, filter_form::taps), dx);
    return true;
  }
  return is_convolution && lane_convolution(ctx, turned, form, dy, filter, data_gradient_view(g, filter.get()),
                                            nullptr, activation::none, dx);
}

}  // namespace detail

/// y = activation(conv(x, filter) + bias); `bias` (K) may be null. Forms of the filter may be kept with its memory.
template <class T>
void conv_forward(cpu_context const& ctx, kernels::conv_geometry const& g, T const* x,
                  std::shared_ptr<T> const& filter, T const* bias, activation act, T* y) {
  if constexpr (std::is_same<T, float>::value)
    if (g.groups == 1 && detail::lane_forward(ctx, g, x, filter, bias, act, y)) return;
  detail::patch_forward(ctx, g, x, filter.get(), bias, act, y);
}

/// y (N,P/2,Q/2,K) = the largest of each 2x2 results of `conv_forward`, which need not be stored.
template <class T>
void conv_max_pool_forward(cpu_context const& ctx, kernels::conv_geometry const& g, T const* x,
                           std::shared_ptr<T> const& filter, T const* bias, activation act, T* y) {
  if constexpr (std::is_same<T, float>::value)
    if (detail::lane_pooled_forward(ctx, g, x, filter, bias, act, y)) return;
  kernels::pool_geometry const pool = kernels::pairs_of(g.N, g.P, g.Q, g.K);
  auto const results = ctx.allocate(static_cast<std::size_t>(g.N * g.P * g.Q * g.K) * sizeof(T));
  conv_forward(ctx, g, x, filter, bias, act, static_cast<T*>(results.get()));
  for_each(ctx, pool.N * pool.P * pool.Q, pool.C, kernels::max_pool<T>{y, static_cast<T const*>(results.get()), pool});
}

/// dx = the gradient of dot(y, dy) with respect to x.
template <class T>
void conv_backward_data(cpu_context const& ctx, kernels::conv_geometry const& g, T const* dy,
                        std::shared_ptr<T> const& filter, T* dx) {
  if constexpr (std::is_same<T, float>::value)
    if (g.groups == 1 && detail::lane_backward_data(ctx, g, dy, filter, dx)) return;
  detail::patch_backward_data(ctx, g, dy, filter.get(), dx);
}

/// df = the gradient of dot(y, dy) with respect to the filter.
template <class T>
void conv_backward_filter(cpu_context const& ctx, kernels::conv_geometry const& g, T const* x, T const* dy, T* df) {
  if constexpr (std::is_same<T, float>::value)
    if (auto const form = detail::form_for(ctx, g); form != detail::filter_form::taps)
      return detail::winograd_filter_gradient(ctx, g, form).run(x, dy, df);
  detail::patch_backward_filter(ctx, g, x, dy, df);
}

}  // namespace backend
}  // namespace v0
}  // namespace fsis
