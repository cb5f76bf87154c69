// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/kernels/channels.hpp>
#include <fsis/ops/broadcast.hpp>

namespace fsis {
inline namespace v0 {
namespace ops {
namespace detail {

/// Rows of channels of a tensor (..., C). Throws where there is no channel axis or the vector is not (C).
template <class T, class Context>
index_t rows_of(char const* op, tensor<T, Context> const& x) {
  require<shape_error>(x.rank() >= 1 && x.extent(-1) > 0, op, ": shape ", x.extents(), " has no channels");
  return x.size() / x.extent(-1);
}

template <class T, class Context>
void check_per_channel(char const* op, char const* what, tensor<T, Context> const& v, tensor<T, Context> const& x) {
  require<shape_error>(v.size() == x.extent(-1), op, ": ", what, " ", v.extents(), " has ", v.size(),
                       " numbers, input ", x.extents(), " has ", x.extent(-1), " channels");
}

}  // namespace detail

/// y[..., c] = scale[c] * x[..., c] + bias[c]
template <class T, class Context>
tensor<T, Context> scale_bias(Context const& ctx, tensor<T, Context> const& x, tensor<T, Context> const& scale,
                              tensor<T, Context> const& bias) {
  index_t const rows = detail::rows_of("scale_bias", x);
  detail::check_per_channel("scale_bias", "scale", scale, x);
  detail::check_per_channel("scale_bias", "bias", bias, x);
  tensor<T, Context> y(ctx, x.extents());
  backend::for_each(ctx, rows, x.extent(-1),
                    kernels::scale_bias<T>{y.data(), x.data(), scale.data(), bias.data(), x.extent(-1)});
  return y;
}

/// y[..., c] = scale[c] * x[..., c]
template <class T, class Context>
tensor<T, Context> scale_channels(Context const& ctx, tensor<T, Context> const& x, tensor<T, Context> const& scale) {
  index_t const rows = detail::rows_of("scale_channels", x);
  detail::check_per_channel("scale_channels", "scale", scale, x);
  tensor<T, Context> y(ctx, x.extents());
  backend::for_each(ctx, rows, x.extent(-1),
                    kernels::scale_channels<T>{y.data(), x.data(), scale.data(), x.extent(-1)});
  return y;
}

/// Sum over all pixels of x * y, per channel (C).
template <class T, class Context>
tensor<T, Context> dot_to_channels(Context const& ctx, tensor<T, Context> const& x, tensor<T, Context> const& y) {
  shape const rows{detail::rows_of("dot_to_channels", x), x.extent(-1)};
  check_same_shape("dot_to_channels", x, y);
  return dot(ctx, x.reshaped(rows), y.reshaped(rows), 0);
}

/// Softmax over the last axis.
template <class T, class Context>
tensor<T, Context> softmax(Context const& ctx, tensor<T, Context> const& x) {
  index_t const rows = detail::rows_of("softmax", x);
  tensor<T, Context> y(ctx, x.extents());
  backend::for_each(ctx, rows, kernels::softmax_row<T, false>{y.data(), x.data(), x.extent(-1)});
  return y;
}

/// Logarithm of the softmax over the last axis.
template <class T, class Context>
tensor<T, Context> log_softmax(Context const& ctx, tensor<T, Context> const& x) {
  index_t const rows = detail::rows_of("log_softmax", x);
  tensor<T, Context> y(ctx, x.extents());
  backend::for_each(ctx, rows, kernels::softmax_row<T, true>{y.data(), x.data(), x.extent(-1)});
  return y;
}

namespace detail {

template <bool Logarithm, class T, class Context>
tensor<T, Context> softmax_backward(Context const& ctx, tensor<T, Context> const& dy, tensor<T, Context> const& y) {
  check_same_shape("softmax_backward", dy, y);
  tensor<T, Context> dx(ctx, y.extents());
  backend::for_each(ctx, rows_of("softmax_backward", y),
                    kernels::softmax_row_backward<T, Logarithm>{dx.data(), dy.data(), y.data(), y.extent(-1)});
  return dx;
}

}  // namespace detail

template <class T, class Context>
tensor<T, Context> softmax_backward(Context const& ctx, tensor<T, Context> const& dy, tensor<T, Context> const& y) {
  return detail::softmax_backward<false>(ctx, dy, y);
}
template <class T, class Context>
tensor<T, Context> log_softmax_backward(Context const& ctx, tensor<T, Context> const& dy,
                                        tensor<T, Context> const& y) {
  return detail::softmax_backward<true>(ctx, dy, y);
}

/// Rows of channels scaled to unit length, x / (norm2(x) + epsilon), and the lengths (rows).
template <class T, class Context>
struct unit_rows_result {
  tensor<T, Context> y, norm;
};
template <class T, class Context>
unit_rows_result<T, Context> unit_rows(Context const& ctx, tensor<T, Context> const& x, T epsilon = T(0)) {
  index_t const rows = detail::rows_of("unit_rows", x);
  unit_rows_result<T, Context> r{tensor<T, Context>(ctx, x.extents()), tensor<T, Context>(ctx, {rows})};
  backend::for_each(ctx, rows,
                    kernels::unit_row<T>{r.y.data(), r.norm.data(), x.data(), x.extent(-1), epsilon});
  return r;
}

template <class T, class Context>
tensor<T, Context> unit_rows_backward(Context const& ctx, tensor<T, Context> const& dy,
                                      unit_rows_result<T, Context> const& forward, T epsilon = T(0)) {
  check_same_shape("unit_rows_backward", dy, forward.y);
  tensor<T, Context> dx(ctx, dy.extents());
  backend::for_each(ctx, forward.norm.size(),
                    kernels::unit_row_backward<T>{dx.data(), dy.data(), forward.y.data(), forward.norm.data(),
                                                  dy.extent(-1), epsilon});
  return dx;
}

}  // namespace ops
}  // namespace v0
}  // namespace fsis
