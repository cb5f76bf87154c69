// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/kernels/pooling.hpp>
#include <fsis/ops/extent2.hpp>
#include <fsis/ops/reduce.hpp>

#include <limits>

namespace fsis {
inline namespace v0 {

/// How the number of windows is rounded when the stride does not divide: PyTorch's default is down, Caffe's up.
enum class rounding { down, up };

struct pool_options {
  extent2 window{2, 2};
  extent2 stride{2, 2};
  extent2 padding{0, 0};
  rounding round = rounding::down;
  bool count_padding = true;  ///< average: padded zeros count in the divisor, as in PyTorch
};

namespace ops {

/// Sizes of a pooling. Throws `shape_error` / `value_error` where they do not fit.
inline kernels::pool_geometry pool_geometry_of(char const* op, shape const& x, pool_options const& o) {
  require<shape_error>(x.rank() == 4, op, ": input ", x, ", wanted (N,H,W,C)");
  require<value_error>(o.window.y > 0 && o.window.x > 0 && o.stride.y > 0 && o.stride.x > 0 && o.padding.y >= 0 &&
                           o.padding.x >= 0 && 2 * o.padding.y <= o.window.y && 2 * o.padding.x <= o.window.x,
                       op, ": window ", o.window.y, "x", o.window.x, ", stride ", o.stride.y, "x", o.stride.x,
                       ", padding ", o.padding.y, "x", o.padding.x,
                       ": all but padding must be positive, padding at most half the window");
  kernels::pool_geometry g;
  g.N = x[0], g.H = x[1], g.W = x[2], g.C = x[3];
  g.window[0] = o.window.y, g.window[1] = o.window.x;
  g.stride[0] = o.stride.y, g.stride[1] = o.stride.x;
  g.padding[0] = o.padding.y, g.padding[1] = o.padding.x;
  auto const windows = [&](index_t extent, int axis) {
    index_t const room = extent + 2 * g.padding[axis] - g.window[axis];
    require<shape_error>(room >= 0 && extent > 0, op, ": window ", g.window[axis], " on an input of ", extent,
                         " with padding ", g.padding[axis], " (input ", x, ")");
    if (o.round == rounding::down) return room / g.stride[axis] + 1;
    index_t const count = ceil_div(room, g.stride[axis]) + 1;
    return (count - 1) * g.stride[axis] >= extent + g.padding[axis] ? count - 1 : count;  // none starts outside
  };
  g.P = windows(g.H, 0);
  g.Q = windows(g.W, 1);
  return g;
}

/// A maximum per window, and where it came from.
template <class T, class Context>
struct max_pool_result {
  tensor<T, Context> y;                 // (N,P,Q,C)
  tensor<std::int32_t, Context> from;   // (N,P,Q,C), h * W + w
};

/// Largest value of each window (N,P,Q,C) with its origin, which the backward pass reads.
template <class T, class Context>
max_pool_result<T, Context> max_pool_with_origin(Context const& ctx, tensor<T, Context> const& x,
                                                 pool_options const& options = {}) {
  auto const g = pool_geometry_of("max_pool", x.extents(), options);
  require<shape_error>(g.H * g.W <= (std::numeric_limits<std::int32_t>::max)(), "max_pool: input ", x.extents(),
                       " has more pixels than 32-bit origins can tell apart");
  max_pool_result<T, Context> result{tensor<T, Context>(ctx, {g.N, g.P, g.Q, g.C}),
                                     tensor<std::int32_t, Context>(ctx, {g.N, g.P, g.Q, g.C})};
  backend::for_each(ctx, g.N * g.P * g.Q, g.C,
                    kernels::max_pool_origin<T>{result.y.data(), result.from.data(), x.data(), g});
  return result;
}

/// Largest value of each window (N,P,Q,C).
template <class T, class Context>
tensor<T, Context> max_pool(Context const& ctx, tensor<T, Context> const& x, pool_options const& options = {}) {
  auto const g = pool_geometry_of("max_pool", x.extents(), options);
  tensor<T, Context> y(ctx, {g.N, g.P, g.Q, g.C});
  backend::for_each(ctx, g.N * g.P * g.Q, g.C, kernels::max_pool<T>{y.data(), x.data(), g});
  return y;
}

template <class T, class Context>
tensor<T, Context> max_pool_backward(Context const& ctx, tensor<T, Context> const& dy,
                                     tensor<std::int32_t, Context> const& from, shape const& x_extents,
                                     pool_options const& options = {}) {
  auto const g = pool_geometry_of("max_pool_backward", x_extents, options);
  require<shape_error>((dy.extents() == shape{g.N, g.P, g.Q, g.C}) && from.extents() == dy.extents(),
                       "max_pool_backward: gradient ", dy.extents(), ", origins ", from.extents(), ", wanted ",
                       shape{g.N, g.P, g.Q, g.C});
  tensor<T, Context> dx(ctx, x_extents);
  backend::for_each(ctx, g.N * g.H * g.W, g.C, kernels::max_pool_backward<T>{dx.data(), dy.data(), from.data(), g});
  return dx;
}

/// Mean of each window (N,P,Q,C).
template <class T, class Context>
tensor<T, Context> average_pool(Context const& ctx, tensor<T, Context> const& x, pool_options const& options = {}) {
  auto const g = pool_geometry_of("average_pool", x.extents(), options);
  tensor<T, Context> y(ctx, {g.N, g.P, g.Q, g.C});
  backend::for_each(ctx, g.N * g.P * g.Q, g.C,
                    kernels::average_pool<T>{y.data(), x.data(), g, options.count_padding});
  return y;
}

template <class T, class Context>
tensor<T, Context> average_pool_backward(Context const& ctx, tensor<T, Context> const& dy, shape const& x_extents,
                                         pool_options const& options = {}) {
  auto const g = pool_geometry_of("average_pool_backward", x_extents, options);
  require<shape_error>((dy.extents() == shape{g.N, g.P, g.Q, g.C}), "average_pool_backward: gradient ", dy.extents(),
                       ", wanted ", shape{g.N, g.P, g.Q, g.C});
  tensor<T, Context> dx(ctx, x_extents);
  backend::for_each(ctx, g.N * g.H * g.W, g.C,
                    kernels::average_pool_backward<T>{dx.data(), dy.data(), g, options.count_padding});
  return dx;
}

/// Mean over all pixels of each picture, (N,1,1,C).
template <class T, class Context>
tensor<T, Context> global_average_pool(Context const& ctx, tensor<T, Context> const& x) {
  require<shape_error>(x.rank() == 4, "global_average_pool: input ", x.extents(), ", wanted (N,H,W,C)");
  auto const y = mean(ctx, x.reshaped({x.extent(0), x.extent(1) * x.extent(2), x.extent(3)}), 1);
  return y.reshaped({x.extent(0), 1, 1, x.extent(3)});
}

}  // namespace ops
}  // namespace v0
}  // namespace fsis
