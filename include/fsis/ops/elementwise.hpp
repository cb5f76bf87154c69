// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/for_each.hpp>
#include <fsis/kernels/elementwise.hpp>
#include <fsis/tensor/tensor.hpp>

#include <string>

namespace fsis {
inline namespace v0 {
namespace ops {

/// Throws `shape_error` naming the op when two tensors differ in shape.
template <class T, class Context>
void check_same_shape(char const* op, tensor<T, Context> const& a, tensor<T, Context> const& b) {
  require<shape_error>(a.extents() == b.extents(), op, ": shapes ", a.extents(), " and ", b.extents(),
                       ", wanted the same");
}

/// Sets every element to `value`.
template <class T, class Context>
void fill(Context const& ctx, tensor<T, Context>& x, T value) {
  backend::for_each(ctx, x.size(), kernels::fill<T>{x.data(), value});
}

template <class T, class Context>
tensor<T, Context> full(Context const& ctx, shape const& extents, T value) {
  tensor<T, Context> x(ctx, extents);
  fill(ctx, x, value);
  return x;
}

template <class T, class Context>
tensor<T, Context> zeros(Context const& ctx, shape const& extents) {
  return full(ctx, extents, T(0));
}

/// A copy with its own elements.
template <class T, class Context>
tensor<T, Context> clone(Context const& ctx, tensor<T, Context> const& x) {
  tensor<T, Context> y(ctx, x.extents());
  backend::for_each(ctx, x.size(), kernels::convert<T, T>{y.data(), x.data()});
  return y;
}

/// Writes the elements of x over those of y (same shape).
template <class T, class Context>
void copy(Context const& ctx, tensor<T, Context> const& x, tensor<T, Context>& y) {
  check_same_shape("copy", x, y);
  backend::for_each(ctx, x.size(), kernels::convert<T, T>{y.data(), x.data()});
}

/// The elements converted to another number type.
template <class To, class From, class Context>
tensor<To, Context> cast(Context const& ctx, tensor<From, Context> const& x) {
  tensor<To, Context> y(ctx, x.extents());
  backend::for_each(ctx, x.size(), kernels::convert<To, From>{y.data(), x.data()});
  return y;
}

/// y = a * x + b * y in place (same shape).
template <class T, class Context>
void axpby(Context const& ctx, T a, tensor<T, Context> const& x, T b, tensor<T, Context>& y) {
  check_same_shape("axpby", x, y);
  backend::for_each(ctx, x.size(), kernels::axpby<T>{y.data(), x.data(), a, b});
}

/// y += x in place (same shape).
template <class T, class Context>
void accumulate(Context const& ctx, tensor<T, Context> const& x, tensor<T, Context>& y) {
  check_same_shape("accumulate", x, y);
  backend::for_each(ctx, x.size(), kernels::accumulate<T>{y.data(), x.data()});
}

/// y[i] = f(x[i]); `f` is one of the functions of kernels/elementwise.hpp.
template <class T, class Context, class Function>
tensor<T, Context> map(Context const& ctx, tensor<T, Context> const& x, Function f) {
  tensor<T, Context> y(ctx, x.extents());
  backend::for_each(ctx, x.size(), kernels::map<T, Function>{y.data(), x.data(), f});
  return y;
}

/// dx[i] = g[i] * f'(x[i]) for y = map(x, f).
template <class T, class Context, class Function>
tensor<T, Context> map_backward(Context const& ctx, tensor<T, Context> const& g, tensor<T, Context> const& x,
                                tensor<T, Context> const& y, Function f) {
  check_same_shape("map_backward", g, y);
  tensor<T, Context> dx(ctx, x.extents());
  backend::for_each(ctx, x.size(), kernels::map_backward<T, Function>{dx.data(), g.data(), x.data(), y.data(), f});
  return dx;
}

}  // namespace ops
}  // namespace v0
}  // namespace fsis
