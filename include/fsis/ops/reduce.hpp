// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/reduce.hpp>
#include <fsis/kernels/reduction.hpp>
#include <fsis/ops/elementwise.hpp>

namespace fsis {
inline namespace v0 {
namespace ops {

/// A shape seen as (outer, axis, inner) around one axis; the other extents multiplied together.
struct axis_split {
  index_t outer = 1, axis = 1, inner = 1;
  shape without_axis;
};

/// Splits at `axis` (negative counts from the end). Throws `shape_error` when there is no such axis.
inline axis_split split_at(char const* op, shape const& s, int axis) {
  int const at = axis < 0 ? axis + s.rank() : axis;
  require<shape_error>(at >= 0 && at < s.rank(), op, ": axis ", axis, " of shape ", s, " with rank ", s.rank());
  axis_split split;
  for (int a = 0; a < s.rank(); ++a) {
    (a < at ? split.outer : a == at ? split.axis : split.inner) *= s[a];
    if (a != at) split.without_axis.push_back(s[a]);
  }
  return split;
}

namespace detail {

template <class T, class Context, class Function>
tensor<T, Context> sum_along(Context const& ctx, tensor<T, Context> const& x, axis_split const& s, double factor,
                             Function f) {
  tensor<T, Context> y(ctx, s.without_axis);
  backend::reduce(ctx, s.outer, s.axis, s.inner,
                  kernels::sum_of<T, Function>{{}, y.data(), x.data(), s.axis, s.inner, factor, f});
  return y;
}

inline axis_split whole(shape const& s) {
  axis_split split;
  split.axis = s.size();
  return split;
}

template <class T, class Context>
void check_not_empty(char const* op, tensor<T, Context> const& x, index_t axis) {
  require<shape_error>(axis > 0, op, ": nothing to reduce in shape ", x.extents());
}

}  // namespace detail

/// Sum over one axis, which disappears from the shape.
template <class T, class Context>
tensor<T, Context> sum(Context const& ctx, tensor<T, Context> const& x, int axis) {
  return detail::sum_along(ctx, x, split_at("sum", x.extents(), axis), 1.0, kernels::identity{});
}

/// Sum of all elements, a tensor of rank 0.
template <class T, class Context>
tensor<T, Context> sum(Context const& ctx, tensor<T, Context> const& x) {
  return detail::sum_along(ctx, x, detail::whole(x.extents()), 1.0, kernels::identity{});
}

/// Mean over one axis. Throws `shape_error` on an empty axis.
template <class T, class Context>
tensor<T, Context> mean(Context const& ctx, tensor<T, Context> const& x, int axis) {
  auto const s = split_at("mean", x.extents(), axis);
  detail::check_not_empty("mean", x, s.axis);
  return detail::sum_along(ctx, x, s, 1.0 / static_cast<double>(s.axis), kernels::identity{});
}

/// Mean of all elements.
template <class T, class Context>
tensor<T, Context> mean(Context const& ctx, tensor<T, Context> const& x) {
  detail::check_not_empty("mean", x, x.size());
  return detail::sum_along(ctx, x, detail::whole(x.extents()), 1.0 / static_cast<double>(x.size()),
                           kernels::identity{});
}

/// Sum of squares over one axis.
template <class T, class Context>
tensor<T, Context> sum_of_squares(Context const& ctx, tensor<T, Context> const& x, int axis) {
  return detail::sum_along(ctx, x, split_at("sum_of_squares", x.extents(), axis), 1.0, kernels::squared{});
}

/// Sum of squares of all elements.
template <class T, class Context>
tensor<T, Context> sum_of_squares(Context const& ctx, tensor<T, Context> const& x) {
  return detail::sum_along(ctx, x, detail::whole(x.extents()), 1.0, kernels::squared{});
}

/// Sum of absolute values of all elements (L1 norm).
template <class T, class Context>
tensor<T, Context> norm1(Context const& ctx, tensor<T, Context> const& x) {
  return detail::sum_along(ctx, x, detail::whole(x.extents()), 1.0, kernels::absolute{});
}

/// Euclidean norm of all elements.
template <class T, class Context>
tensor<T, Context> norm2(Context const& ctx, tensor<T, Context> const& x) {
  return map(ctx, sum_of_squares(ctx, x), kernels::square_root{});
}

/// Euclidean norm along one axis.
template <class T, class Context>
tensor<T, Context> norm2(Context const& ctx, tensor<T, Context> const& x, int axis) {
  return map(ctx, sum_of_squares(ctx, x, axis), kernels::square_root{});
}

/// Largest absolute value of all elements; 0 for an empty tensor.
template <class T, class Context>
tensor<T, Context> norm_inf(Context const& ctx, tensor<T, Context> const& x) {
  tensor<T, Context> y(ctx, shape{});
  if (x.size() == 0) return zeros<T>(ctx, shape{});
  backend::reduce(ctx, 1, x.size(), 1,
                  kernels::max_of<T, kernels::absolute>{{}, y.data(), x.data(), x.size(), 1, {}});
  return y;
}

/// Largest element along one axis; NaN where there is one. Throws `shape_error` on an empty axis.
template <class T, class Context>
tensor<T, Context> max(Context const& ctx, tensor<T, Context> const& x, int axis) {
  auto const s = split_at("max", x.extents(), axis);
  detail::check_not_empty("max", x, s.axis);
  tensor<T, Context> y(ctx, s.without_axis);
  backend::reduce(ctx, s.outer, s.axis, s.inner,
                  kernels::max_of<T, kernels::identity>{{}, y.data(), x.data(), s.axis, s.inner, {}});
  return y;
}

/// Smallest element along one axis; NaN where there is one. Throws `shape_error` on an empty axis.
template <class T, class Context>
tensor<T, Context> min(Context const& ctx, tensor<T, Context> const& x, int axis) {
  auto const s = split_at("min", x.extents(), axis);
  detail::check_not_empty("min", x, s.axis);
  tensor<T, Context> y(ctx, s.without_axis);
  backend::reduce(ctx, s.outer, s.axis, s.inner, kernels::min_of<T>{{}, y.data(), x.data(), s.axis, s.inner});
  return y;
}

/// Largest of all elements.
template <class T, class Context>
tensor<T, Context> max(Context const& ctx, tensor<T, Context> const& x) {
  return max(ctx, x.reshaped({x.size()}), 0);
}

/// Smallest of all elements.
template <class T, class Context>
tensor<T, Context> min(Context const& ctx, tensor<T, Context> const& x) {
  return min(ctx, x.reshaped({x.size()}), 0);
}

/// Inner product of all elements, accumulated and returned in double.
template <class T, class Context>
double dot(Context const& ctx, tensor<T, Context> const& x, tensor<T, Context> const& y) {
  check_same_shape("dot", x, y);
  tensor<double, Context> result(ctx, shape{});
  backend::reduce(ctx, 1, x.size(), 1, kernels::dot_in_double<T>{{}, result.data(), x.data(), y.data()});
  double value = 0;
  ctx.copy_to_host(&value, result.data(), sizeof value);
  return value;
}

/// Sum of x * y along one axis.
template <class T, class Context>
tensor<T, Context> dot(Context const& ctx, tensor<T, Context> const& x, tensor<T, Context> const& y, int axis) {
  check_same_shape("dot", x, y);
  auto const s = split_at("dot", x.extents(), axis);
  tensor<T, Context> out(ctx, s.without_axis);
  backend::reduce(ctx, s.outer, s.axis, s.inner,
                  kernels::dot_of<T>{{}, out.data(), x.data(), y.data(), s.axis, s.inner});
  return out;
}

/// The gradient of dot(y, dy) with respect to a bias per channel: the sum over all but the last axis.
template <class T, class Context>
tensor<T, Context> sum_to_channels(Context const& ctx, tensor<T, Context> const& dy) {
  require<shape_error>(dy.rank() >= 1, "sum_to_channels: shape ", dy.extents(), " has no channel axis");
  index_t const channels = dy.extent(-1);
  return sum(ctx, dy.reshaped({channels == 0 ? 0 : dy.size() / channels, channels}), 0);
}

}  // namespace ops
}  // namespace v0
}  // namespace fsis
