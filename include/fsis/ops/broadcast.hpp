// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/kernels/broadcast.hpp>
#include <fsis/ops/reduce.hpp>

#include <algorithm>

namespace fsis {
inline namespace v0 {
namespace ops {

/// Common shape of two operands: axes are matched from the last; an extent of 1, or a missing axis, repeats.
/// Throws `shape_error` naming the op where two extents differ.
inline shape broadcast_shape(char const* op, shape const& a, shape const& b) {
  int const rank = a.rank() > b.rank() ? a.rank() : b.rank();
  shape out;
  for (int axis = 0; axis < rank; ++axis) {
    int const ia = axis - (rank - a.rank()), ib = axis - (rank - b.rank());
    index_t const ea = ia < 0 ? 1 : a[ia], eb = ib < 0 ? 1 : b[ib];
    require<shape_error>(ea == eb || ea == 1 || eb == 1, op, ": shapes ", a, " and ", b, " do not broadcast (", ea,
                         " against ", eb, ")");
    out.push_back(ea == 1 ? eb : ea);
  }
  return out;
}

namespace detail {

/// Counts the axis that was just added, outside the one before it, unless both run through memory as one.
template <class Kernel>
void join_or_keep(Kernel& k) {
  int const inner = k.rank - 1, outer = k.rank;
  auto const as_one = [&](index_t const* stride) { return stride[outer] == stride[inner] * k.extent[inner]; };
  if (inner >= 0 && as_one(k.a_stride) && as_one(k.b_stride))
    k.extent[inner] *= k.extent[outer];
  else
    ++k.rank;
}

}  // namespace detail

/// f(a, b) elementwise with broadcasting.
template <class T, class Context, class Function>
tensor<T, Context> zip(Context const& ctx, char const* op, tensor<T, Context> const& a, tensor<T, Context> const& b,
                       Function f) {
  shape const extents = broadcast_shape(op, a.extents(), b.extents());
  tensor<T, Context> out(ctx, extents);
  if (a.extents() == b.extents() || extents.rank() == 0) {
    backend::for_each(ctx, out.size(), kernels::zip<T, Function>{out.data(), a.data(), b.data(), f});
    return out;
  }
  kernels::zip_broadcast<T, Function> kernel{out.data(), a.data(), b.data(), f, 0, {}, {}, {}};
  index_t a_step = 1, b_step = 1;
  for (int axis = 1; axis <= extents.rank(); ++axis) {  // from the last
    index_t const extent = extents[-axis];
    index_t const in_a = axis > a.rank() ? 1 : a.extent(-axis), in_b = axis > b.rank() ? 1 : b.extent(-axis);
    kernel.extent[kernel.rank] = extent;
    kernel.a_stride[kernel.rank] = in_a == 1 ? 0 : a_step;
    kernel.b_stride[kernel.rank] = in_b == 1 ? 0 : b_step;
    a_step *= in_a, b_step *= in_b;
    if (extent != 1) detail::join_or_keep(kernel);
  }
  if (kernel.rank == 0) kernel.extent[kernel.rank++] = 1;
  std::reverse(kernel.extent, kernel.extent + kernel.rank);
  std::reverse(kernel.a_stride, kernel.a_stride + kernel.rank);
  std::reverse(kernel.b_stride, kernel.b_stride + kernel.rank);
  index_t const columns = kernel.extent[kernel.rank - 1];
  backend::for_each(ctx, columns == 0 ? 0 : out.size() / columns, columns, kernel);
  return out;
}

template <class T, class Context>
tensor<T, Context> add(Context const& ctx, tensor<T, Context> const& a, tensor<T, Context> const& b) {
  return zip(ctx, "add", a, b, kernels::add{});
}
template <class T, class Context>
tensor<T, Context> subtract(Context const& ctx, tensor<T, Context> const& a, tensor<T, Context> const& b) {
  return zip(ctx, "subtract", a, b, kernels::subtract{});
}
template <class T, class Context>
tensor<T, Context> multiply(Context const& ctx, tensor<T, Context> const& a, tensor<T, Context> const& b) {
  return zip(ctx, "multiply", a, b, kernels::multiply{});
}
template <class T, class Context>
tensor<T, Context> divide(Context const& ctx, tensor<T, Context> const& a, tensor<T, Context> const& b) {
  return zip(ctx, "divide", a, b, kernels::divide{});
}

/// a * x + b elementwise.
template <class T, class Context>
tensor<T, Context> affine(Context const& ctx, tensor<T, Context> const& x, double a, double b) {
  return map(ctx, x, kernels::affine{a, b});
}

/// Sums x over the axes that broadcasting added or repeated, so that the result has shape `target`:
/// the adjoint of broadcasting. The shape of x gives x itself, without a copy.
template <class T, class Context>
tensor<T, Context> sum_to_shape(Context const& ctx, tensor<T, Context> const& x, shape const& target) {
  tensor<T, Context> y = x;
  while (y.rank() > target.rank()) y = sum(ctx, y, 0);
  for (int axis = 0; axis < target.rank(); ++axis)
    if (target[axis] == 1 && y.extent(axis) != 1) {
      shape const kept = y.extents().with(axis, 1);
      y = sum(ctx, y, axis).reshaped(kept);
    }
  require<shape_error>(y.extents() == target, "sum_to_shape: ", x.extents(), " is no broadcast of ", target);
  return y;
}

/// x repeated to shape `target`.
template <class T, class Context>
tensor<T, Context> broadcast_to(Context const& ctx, tensor<T, Context> const& x, shape const& target) {
  auto const y = add(ctx, x, zeros<T>(ctx, target));
  require<shape_error>(y.extents() == target, "broadcast_to: ", x.extents(), " does not broadcast to ", target);
  return y;
}

}  // namespace ops
}  // namespace v0
}  // namespace fsis
