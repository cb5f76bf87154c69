// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/conv.hpp>
#include <fsis/ops/extent2.hpp>
#include <fsis/tensor/tensor.hpp>

namespace fsis {
inline namespace v0 {

struct conv_options {
  extent2 stride{1, 1};
  extent2 padding{0, 0};  ///< zeros on each side
  extent2 dilation{1, 1};
  index_t groups = 1;
};

namespace ops {

/// Sizes of y = conv2d(x, filter). Throws `shape_error` / `value_error` where they do not fit.
inline kernels::conv_geometry conv_geometry_of(shape const& x, shape const& filter, conv_options const& o) {
  require<shape_error>(x.rank() == 4 && filter.rank() == 4, "conv2d: input ", x, ", filter ", filter,
                       ", wanted (N,H,W,C) and (K,R,S,C/groups)");
  require<value_error>(o.stride.y > 0 && o.stride.x > 0 && o.dilation.y > 0 && o.dilation.x > 0 && o.groups > 0 &&
                           o.padding.y >= 0 && o.padding.x >= 0,
                       "conv2d: stride ", o.stride.y, "x", o.stride.x, ", dilation ", o.dilation.y, "x",
                       o.dilation.x, ", padding ", o.padding.y, "x", o.padding.x, ", groups ", o.groups,
                       ": all but padding must be positive");
  require<shape_error>(x[3] % o.groups == 0 && filter[0] % o.groups == 0, "conv2d: ", x[3], " input and ", filter[0],
                       " output channels do not divide into ", o.groups, " groups");
  require<shape_error>(x[3] == filter[3] * o.groups, "conv2d: input channels ", x[3], ", filter wants ",
                       filter[3] * o.groups, " (input ", x, ", filter ", filter, ", groups ", o.groups, ")");
  kernels::conv_geometry g;
  g.N = x[0], g.H = x[1], g.W = x[2], g.C = x[3];
  g.K = filter[0], g.R = filter[1], g.S = filter[2];
  g.stride[0] = o.stride.y, g.stride[1] = o.stride.x;
  g.padding[0] = o.padding.y, g.padding[1] = o.padding.x;
  g.dilation[0] = o.dilation.y, g.dilation[1] = o.dilation.x;
  g.groups = o.groups;
  index_t const reach_y = (g.R - 1) * o.dilation.y + 1, reach_x = (g.S - 1) * o.dilation.x + 1;
  require<shape_error>(g.R > 0 && g.S > 0 && g.H + 2 * o.padding.y >= reach_y && g.W + 2 * o.padding.x >= reach_x,
                       "conv2d: filter ", filter, " reaches over ", reach_y, "x", reach_x, ", input ", x,
                       " with padding has ", g.H + 2 * o.padding.y, "x", g.W + 2 * o.padding.x);
  g.P = (g.H + 2 * o.padding.y - reach_y) / o.stride.y + 1;
  g.Q = (g.W + 2 * o.padding.x - reach_x) / o.stride.x + 1;
  return g;
}

/// The same for tensors, with a bias (K) or none.
template <class T, class Context>
kernels::conv_geometry conv_geometry_of(tensor<T, Context> const& x, tensor<T, Context> const& filter,
                                        tensor<T, Context> const& bias, conv_options const& o) {
  auto const g = conv_geometry_of(x.extents(), filter.extents(), o);
  require<shape_error>(!bias.defined() || bias.extents() == shape{g.K}, "conv2d: bias ", bias.extents(),
                       ", wanted (", g.K, ") for filter ", filter.extents());
  return g;
}

/// Cross-correlation y (N,P,Q,K) of x (N,H,W,C) with filter (K,R,S,C/groups), plus bias (K) unless undefined,
/// then the activation.
template <class T, class Context>
tensor<T, Context> conv2d(Context const& ctx, tensor<T, Context> const& x, tensor<T, Context> const& filter,
                          tensor<T, Context> const& bias = {}, conv_options const& options = {},
                          activation act = activation::none) {
  auto const g = conv_geometry_of(x, filter, bias, options);
  tensor<T, Context> y(ctx, {g.N, g.P, g.Q, g.K});
  backend::conv_forward(ctx, g, x.data(), filter.elements(), bias.data(), act, y.data());
  return y;
}

/// max_pool(conv2d(...)) with windows of 2x2 side by side, (N,P/2,Q/2,K), an odd last row or column left out. Backends
/// that can do without storing what is pooled. Throws `shape_error` where `conv2d` does and on a result of one row.
template <class T, class Context>
tensor<T, Context> conv2d_max_pool(Context const& ctx, tensor<T, Context> const& x, tensor<T, Context> const& filter,
                                   tensor<T, Context> const& bias = {}, conv_options const& options = {},
                                   activation act = activation::none) {
  auto const g = conv_geometry_of(x, filter, bias, options);
  require<shape_error>(g.P > 1 && g.Q > 1, "conv2d_max_pool: the convolution gives ", g.P, "x", g.Q,
                       ", less than a window of 2x2 (input ", x.extents(), ", filter ", filter.extents(), ")");
  tensor<T, Context> y(ctx, {g.N, g.P / 2, g.Q / 2, g.K});
  backend::conv_max_pool_forward(ctx, g, x.data(), filter.elements(), bias.data(), act, y.data());
  return y;
}

/// The gradient of dot(y, dy) with respect to x, whose shape is given.
template <class T, class Context>
tensor<T, Context> conv2d_backward_data(Context const& ctx, tensor<T, Context> const& dy,
                                        tensor<T, Context> const& filter, shape const& x_extents,
                                        conv_options const& options = {}) {
  auto const g = conv_geometry_of(x_extents, filter.extents(), options);
  require<shape_error>((dy.extents() == shape{g.N, g.P, g.Q, g.K}), "conv2d_backward_data: gradient ", dy.extents(),
                       ", wanted ", shape{g.N, g.P, g.Q, g.K});
  tensor<T, Context> dx(ctx, x_extents);
  backend::conv_backward_data(ctx, g, dy.data(), filter.elements(), dx.data());
  return dx;
}

/// The gradient of dot(y, dy) with respect to the filter, whose shape is given.
template <class T, class Context>
tensor<T, Context> conv2d_backward_filter(Context const& ctx, tensor<T, Context> const& x,
                                          tensor<T, Context> const& dy, shape const& filter_extents,
                                          conv_options const& options = {}) {
  auto const g = conv_geometry_of(x.extents(), filter_extents, options);
  require<shape_error>((dy.extents() == shape{g.N, g.P, g.Q, g.K}), "conv2d_backward_filter: gradient ",
                       dy.extents(), ", wanted ", shape{g.N, g.P, g.Q, g.K});
  tensor<T, Context> df(ctx, filter_extents);
  backend::conv_backward_filter(ctx, g, x.data(), dy.data(), df.data());
  return df;
}

}  // namespace ops
}  // namespace v0
}  // namespace fsis
