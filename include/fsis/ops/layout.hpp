// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/kernels/layout.hpp>
#include <fsis/ops/reduce.hpp>

#include <initializer_list>
#include <limits>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace ops {

/// Joins tensors along one axis; all other extents must agree.
template <class T, class Context>
tensor<T, Context> concatenate(Context const& ctx, std::vector<tensor<T, Context>> const& parts, int axis = -1) {
  require<shape_error>(!parts.empty(), "concatenate: no tensors");
  auto const first = split_at("concatenate", parts[0].extents(), axis);
  index_t total = 0;
  for (auto const& p : parts) {
    auto const s = split_at("concatenate", p.extents(), axis);
    require<shape_error>(s.without_axis == first.without_axis && p.rank() == parts[0].rank(), "concatenate: shapes ",
                         parts[0].extents(), " and ", p.extents(), " differ outside axis ", axis);
    total += s.axis;
  }
  tensor<T, Context> y(ctx, parts[0].extents().with(axis, total));
  index_t at = 0;
  for (auto const& p : parts) {
    index_t const count = p.extent(axis);
    index_t const run = count * first.inner, pitch = total * first.inner;
    backend::for_each(ctx, first.outer, run,
                      kernels::copy_runs<T>{y.data() + at * first.inner, p.data(), pitch, run});
    at += count;
  }
  return y;
}

/// Entries [first, first + count) of one axis, copied.
template <class T, class Context>
tensor<T, Context> slice(Context const& ctx, tensor<T, Context> const& x, int axis, index_t first, index_t count) {
  auto const s = split_at("slice", x.extents(), axis);
  require<shape_error>(first >= 0 && count >= 0 && first <= s.axis && count <= s.axis - first, "slice: ", count,
                       " entries from ", first, " of axis ", axis, " of ", x.extents());
  tensor<T, Context> y(ctx, x.extents().with(axis, count));
  backend::for_each(ctx, s.outer, count * s.inner,
                    kernels::copy_runs<T>{y.data(), x.data() + first * s.inner, count * s.inner, s.axis * s.inner});
  return y;
}

/// `before` and `after` entries of `value` around one axis.
template <class T, class Context>
tensor<T, Context> pad(Context const& ctx, tensor<T, Context> const& x, int axis, index_t before, index_t after,
                       T value = T(0)) {
  auto const s = split_at("pad", x.extents(), axis);
  constexpr index_t most = (std::numeric_limits<index_t>::max)();
  require<value_error>(before >= 0 && after >= 0 && before <= most - s.axis && after <= most - s.axis - before,
                       "pad: ", before, " before and ", after, " after axis ", axis, " of ", x.extents(),
                       ", must not be negative and fit into 64 bits");
  index_t const out_axis = s.axis + before + after;
  tensor<T, Context> y(ctx, x.extents().with(axis, out_axis));
  backend::for_each(ctx, s.outer * out_axis, s.inner,
                    kernels::pad_along_axis<T>{y.data(), x.data(), s.inner, out_axis, s.axis, before, value});
  return y;
}

/// Rows [y, y + height) and columns [x, x + width) of (N,H,W,C).
template <class T, class Context>
tensor<T, Context> crop(Context const& ctx, tensor<T, Context> const& in, index_t y, index_t x, index_t height,
                        index_t width) {
  require<shape_error>(in.rank() == 4, "crop: input ", in.extents(), ", wanted (N,H,W,C)");
  return slice(ctx, slice(ctx, in, 1, y, height), 2, x, width);
}

/// The order of one axis reversed; axis 2 of (N,H,W,C) mirrors a picture.
template <class T, class Context>
tensor<T, Context> flip(Context const& ctx, tensor<T, Context> const& x, int axis) {
  auto const s = split_at("flip", x.extents(), axis);
  tensor<T, Context> y(ctx, x.extents());
  backend::for_each(ctx, s.outer * s.axis, s.inner, kernels::flip_axis<T>{y.data(), x.data(), s.axis, s.inner});
  return y;
}

/// The matrix (rows, columns) transposed.
template <class T, class Context>
tensor<T, Context> transpose(Context const& ctx, tensor<T, Context> const& x) {
  require<shape_error>(x.rank() == 2, "transpose: shape ", x.extents(), ", wanted a matrix");
  tensor<T, Context> y(ctx, {x.extent(1), x.extent(0)});
  backend::for_each(ctx, x.extent(1), x.extent(0),
                    kernels::transpose<T, T>{y.data(), x.data(), x.extent(0), x.extent(1)});
  return y;
}

}  // namespace ops
}  // namespace v0
}  // namespace fsis
