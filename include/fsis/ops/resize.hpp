// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/kernels/resize.hpp>
#include <fsis/ops/reduce.hpp>

namespace fsis {
inline namespace v0 {

/// How samples of a resized picture lie on the source. `align_corners`: first and last samples coincide
/// (src = dst*(in-1)/(out-1)); `half_pixel`: pixels are areas (src = (dst+0.5)*in/out - 0.5, as OpenCV);
/// `nearest`: src = floor(dst*in/out). No antialiasing.
enum class resize_mode { align_corners, half_pixel, nearest };

namespace ops {
namespace detail {

template <class T, class Context>
tensor<T, Context> resize_axis(Context const& ctx, tensor<T, Context> const& x, int axis, index_t out,
                               resize_mode mode) {
  auto const s = split_at("resize", x.extents(), axis);
  if (out == s.axis) return x;
  tensor<T, Context> y(ctx, x.extents().with(axis, out));
  if (mode == resize_mode::nearest)
    backend::for_each(ctx, s.outer * out, s.inner,
                      kernels::resize_nearest<T>{y.data(), x.data(), s.inner, s.axis, out});
  else
    backend::for_each(ctx, s.outer * out, s.inner,
                      kernels::resize_linear<T>{
                          y.data(), x.data(), s.inner, {s.axis, out, mode == resize_mode::align_corners}});
  return y;
}

template <class T, class Context>
tensor<T, Context> resize_axis_backward(Context const& ctx, tensor<T, Context> const& dy, int axis, index_t in,
                                        resize_mode mode) {
  auto const s = split_at("resize_backward", dy.extents(), axis);
  if (in == s.axis) return dy;
  tensor<T, Context> dx(ctx, dy.extents().with(axis, in));
  if (mode == resize_mode::nearest)
    backend::for_each(ctx, s.outer * in, s.inner,
                      kernels::resize_nearest_backward<T>{dx.data(), dy.data(), s.inner, in, s.axis});
  else
    backend::for_each(ctx, s.outer * in, s.inner,
                      kernels::resize_linear_backward<T>{
                          dx.data(), dy.data(), s.inner, {in, s.axis, mode == resize_mode::align_corners}});
  return dx;
}

}  // namespace detail

/// x (N,H,W,C) resampled to (N,height,width,C), bilinear or nearest, one axis after the other. The size of x gives x
/// itself, without a copy. Throws `shape_error` on an empty source or target.
template <class T, class Context>
tensor<T, Context> resize(Context const& ctx, tensor<T, Context> const& x, index_t height, index_t width,
                          resize_mode mode = resize_mode::align_corners) {
  require<shape_error>(x.rank() == 4 && x.size() > 0, "resize: input ", x.extents(), ", wanted (N,H,W,C), not empty");
  require<shape_error>(height > 0 && width > 0, "resize: target ", height, "x", width, ", both must be positive");
  return detail::resize_axis(ctx, detail::resize_axis(ctx, x, 2, width, mode), 1, height, mode);
}

/// The gradient of dot(y, dy) with respect to x (N,height,width,C) for y = resize(x).
template <class T, class Context>
tensor<T, Context> resize_backward(Context const& ctx, tensor<T, Context> const& dy, index_t height, index_t width,
                                   resize_mode mode = resize_mode::align_corners) {
  require<shape_error>(dy.rank() == 4 && height > 0 && width > 0, "resize_backward: gradient ", dy.extents(),
                       ", source ", height, "x", width);
  return detail::resize_axis_backward(ctx, detail::resize_axis_backward(ctx, dy, 1, height, mode), 2, width, mode);
}

}  // namespace ops
}  // namespace v0
}  // namespace fsis
