// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/kernels/resize.hpp>
#include <fsis/ops/reduce.hpp>

#include <limits>

namespace fsis {
inline namespace v0 {

/// How samples of a resized picture lie on the source. `align_corners`: first and last samples coincide
/// (src = dst*(in-1)/(out-1)); `half_pixel`: pixels are areas (src = (dst+0.5)*in/out - 0.5, as OpenCV);
/// `nearest`: src = floor(dst*in/out). No antialiasing.
enum class resize_mode { align_corners, half_pixel, nearest };

namespace ops {
namespace detail {

/// The taps of one axis, and where the destinations of each source begin.
template <class T, class Context>
struct axis_taps {
  tensor<std::int32_t, Context> low, start;
  tensor<T, Context> share;

  axis_taps(Context const& ctx, index_t in, index_t out, resize_mode mode)
      : low(ctx, {out}), start(ctx, {in + 1}), share(ctx, {out}) {
    require<shape_error>(in < (std::numeric_limits<std::int32_t>::max)() &&
                             out < (std::numeric_limits<std::int32_t>::max)(),
                         "resize: from ", in, " to ", out, " samples, wanted fewer than 2^31");
    backend::for_each(
        ctx, out, kernels::resize_taps<T>{low.data(), share.data(), {in, out, mode == resize_mode::align_corners}});
    backend::for_each(ctx, in + 1, kernels::resize_starts{start.data(), low.data(), out});
  }

  kernels::linear_taps<T> view() const { return {low.data(), share.data()}; }
};

/// From so many channels on, both axes are resized at once: vectors lie along the channels. With fewer they lie along
/// rows of pixels, axis after axis.
constexpr index_t channels_for_both_axes = 8;

template <class T, class Context>
tensor<T, Context> resize_axis(Context const& ctx, tensor<T, Context> const& x, int axis, index_t out,
                               resize_mode mode) {
  auto const s = split_at("resize", x.extents(), axis);
  if (out == s.axis) return x;
  tensor<T, Context> y(ctx, x.extents().with(axis, out));
  if (mode == resize_mode::nearest) {
    backend::for_each(ctx, s.outer * out, s.inner,
                      kernels::resize_nearest<T>{y.data(), x.data(), s.inner, s.axis, out});
    return y;
  }
  axis_taps<T, Context> const taps(ctx, s.axis, out, mode);
  if (s.inner < channels_for_both_axes)
    backend::for_each(
        ctx, s.outer, out * s.inner,
        kernels::resize_linear_narrow<T>{y.data(), x.data(), s.axis, out, s.inner, taps.view()});
  else
    backend::for_each(ctx, s.outer * out, s.inner,
                      kernels::resize_linear<T>{y.data(), x.data(), s.axis, out, s.inner, taps.view()});
  return y;
}

template <class T, class Context>
tensor<T, Context> resize_axis_backward(Context const& ctx, tensor<T, Context> const& dy, int axis, index_t in,
                                        resize_mode mode) {
  auto const s = split_at("resize_backward", dy.extents(), axis);
  if (in == s.axis) return dy;
  tensor<T, Context> dx(ctx, dy.extents().with(axis, in));
  if (mode == resize_mode::nearest) {
    backend::for_each(ctx, s.outer * in, s.inner,
                      kernels::resize_nearest_backward<T>{dx.data(), dy.data(), s.inner, in, s.axis});
    return dx;
  }
  axis_taps<T, Context> const taps(ctx, in, s.axis, mode);
  if (s.inner < channels_for_both_axes)
    backend::for_each(ctx, s.outer, in * s.inner,
                      kernels::resize_linear_backward_narrow<T>{dx.data(), dy.data(), in, s.axis, s.inner, taps.view(),
                                                                taps.start.data()});
  else
    backend::for_each(ctx, s.outer * in, s.inner,
                      kernels::resize_linear_backward<T>{dx.data(), dy.data(), in, s.axis, s.inner, taps.view(),
                                                         taps.start.data()});
  return dx;
}

/// Is a resize from (H,W) to (P,Q) with C channels one over both axes?
inline bool resizes_both_axes(resize_mode mode, index_t H, index_t W, index_t P, index_t Q, index_t C) {
  return mode != resize_mode::nearest && C >= channels_for_both_axes && H != P && W != Q;
}

}  // namespace detail

/// x (N,H,W,C) resampled to (N,height,width,C), bilinear or nearest, one axis after the other. The size of x gives x
/// itself, without a copy. Throws `shape_error` on an empty source or target.
template <class T, class Context>
tensor<T, Context> resize(Context const& ctx, tensor<T, Context> const& x, index_t height, index_t width,
                          resize_mode mode = resize_mode::align_corners) {
  require<shape_error>(x.rank() == 4 && x.size() > 0, "resize: input ", x.extents(), ", wanted (N,H,W,C), not empty");
  require<shape_error>(height > 0 && width > 0, "resize: target ", height, "x", width, ", both must be positive");
  index_t const N = x.extent(0), H = x.extent(1), W = x.extent(2), C = x.extent(3);
  if (!detail::resizes_both_axes(mode, H, W, height, width, C))
    return detail::resize_axis(ctx, detail::resize_axis(ctx, x, 2, width, mode), 1, height, mode);
  tensor<T, Context> y(ctx, {N, height, width, C});
  detail::axis_taps<T, Context> const rows(ctx, H, height, mode), columns(ctx, W, width, mode);
  backend::for_each(ctx, N * height * width, C,
                    kernels::resize_bilinear<T>{y.data(), x.data(), H, W, height, width, C, rows.view(),
                                                columns.view()});
  return y;
}

/// The gradient of dot(y, dy) with respect to x (N,height,width,C) for y = resize(x).
template <class T, class Context>
tensor<T, Context> resize_backward(Context const& ctx, tensor<T, Context> const& dy, index_t height, index_t width,
                                   resize_mode mode = resize_mode::align_corners) {
  require<shape_error>(dy.rank() == 4 && height > 0 && width > 0, "resize_backward: gradient ", dy.extents(),
                       ", source ", height, "x", width);
  index_t const N = dy.extent(0), P = dy.extent(1), Q = dy.extent(2), C = dy.extent(3);
  if (!detail::resizes_both_axes(mode, height, width, P, Q, C))
    return detail::resize_axis_backward(ctx, detail::resize_axis_backward(ctx, dy, 1, height, mode), 2, width, mode);
  tensor<T, Context> dx(ctx, {N, height, width, C});
  detail::axis_taps<T, Context> const rows(ctx, height, P, mode), columns(ctx, width, Q, mode);
  backend::for_each(ctx, N * height * width, C,
                    kernels::resize_bilinear_backward<T>{dx.data(), dy.data(), height, width, P, Q, C, rows.view(),
                                                         columns.view(), rows.start.data(), columns.start.data()});
  return dx;
}

}  // namespace ops
}  // namespace v0
}  // namespace fsis
