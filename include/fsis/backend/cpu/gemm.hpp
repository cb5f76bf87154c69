// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/packed_filter.hpp>
#include <fsis/backend/matrix.hpp>
#include <fsis/core/math.hpp>
#include <fsis/device/cpu_context.hpp>

#include <Eigen/Core>

#include <algorithm>

namespace fsis {
inline namespace v0 {
namespace backend {

namespace detail {

template <class T>
using row_major = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <class T>
auto mapped(matrix<T> const& m) {
  using plain = row_major<std::remove_const_t<T>>;
  using stored = std::conditional_t<std::is_const<T>::value, plain const, plain>;
  return Eigen::Map<stored, Eigen::Unaligned, Eigen::OuterStride<>>(m.data, m.rows, m.columns,
                                                                    Eigen::OuterStride<>(m.stride));
}

/// c += op(a) * op(b) on the calling thread.
template <operand A, operand B, class T>
void multiply_add(cpu_context const&, matrix<T const> const& a, matrix<T const> const& b, matrix<T> const& c) {
  auto out = mapped(c);
  if constexpr (A == operand::as_stored && B == operand::as_stored) {
    out.noalias() += mapped(a) * mapped(b);
  } else if constexpr (A == operand::as_stored) {
    out.noalias() += mapped(a) * mapped(b).transpose();
  } else if constexpr (B == operand::as_stored) {
    out.noalias() += mapped(a).transpose() * mapped(b);
  } else {
    out.noalias() += mapped(a).transpose() * mapped(b).transpose();
  }
}

/// In floats with the kernels of convolution: b is packed as a filter, panel after panel.
template <operand A, operand B>
void multiply_add(cpu_context const& ctx, matrix<float const> const& a, matrix<float const> const& b,
                  matrix<float> const& c) {
  lane_kernels const& kernels = kernels_of(ctx.instructions());
  index_t const depth = A == operand::as_stored ? a.columns : a.rows, width = kernels.panel_width;
  if (depth == 0) return;
  index_t const part = hd_min(depth, hd_max(index_t{1}, (index_t{1} << 16) / width));  // of a panel, for the cache
  auto const memory = ctx.allocate(static_cast<std::size_t>(part * width) * sizeof(float));
  float* const panel = static_cast<float*>(memory.get());
  for (index_t k = 0; k < depth; k += part) {
    product p;
    p.depth = hd_min(part, depth - k);
    p.a = a.data + k * (A == operand::as_stored ? 1 : a.stride);
    p.a_row = A == operand::as_stored ? a.stride : 1;
    p.a_step = A == operand::as_stored ? 1 : a.stride;
    p.panel = panel;
    p.c_row = c.stride;
    p.rows = c.rows;
    p.accumulate = true;
    filter_view const columns_of_b =
        B == operand::as_stored ? filter_view{b.data + k * b.stride, c.columns, p.depth, 1, 1, 1, b.stride, 0}
                                : filter_view{b.data + k, c.columns, p.depth, 1, 1, b.stride, 1, 0};
    for (index_t column = 0; column < c.columns; column += width) {
      kernels.pack_filter(columns_of_b, column, 0, p.depth, panel);
      p.c = c.data + column;
      p.columns = hd_min(width, c.columns - column);
      kernels.multiply(p);
    }
  }
}

template <class T>
void set_zero(matrix<T> const& m) {
  for (index_t r = 0; r < m.rows; ++r) std::fill_n(m.data + r * m.stride, m.columns, T(0));
}

/// c = op(a) * b in floats, b packed once for all tasks. Tasks take some rows and some panels.
template <operand A>
void packed_gemm(cpu_context const& ctx, matrix<float const> const& a, packed_filter const& b,
                 matrix<float> const& c) {
  lane_kernels const& kernels = kernels_of(ctx.instructions());
  constexpr index_t rows_per_task = 96, columns_per_task = 256;
  index_t const depth = A == operand::as_stored ? a.columns : a.rows, width = b.width();
  index_t const panels_per_task = hd_max(index_t{1}, columns_per_task / width);
  index_t const column_tasks = ceil_div(b.panels(), panels_per_task);
  index_t const parts = ceil_div(depth * width, index_t{1} << 16), part = ceil_div(depth, parts);  // for the cache
  ctx.parallel(ceil_div(c.rows, rows_per_task) * column_tasks, [&](index_t task) {
    index_t const first = task / column_tasks * rows_per_task, panel = task % column_tasks * panels_per_task;
    for (index_t i = panel; i < hd_min(b.panels(), panel + panels_per_task); ++i)
      for (index_t k = 0; k < depth; k += part) {
        product p;
        p.depth = hd_min(part, depth - k);
        p.a = A == operand::as_stored ? a.data + first * a.stride + k : a.data + k * a.stride + first;
        p.a_row = A == operand::as_stored ? a.stride : 1;
        p.a_step = A == operand::as_stored ? 1 : a.stride;
        p.panel = b.panel(i) + k * width;
        p.c = c.data + first * c.stride + i * width;
        p.c_row = c.stride;
        p.rows = hd_min(rows_per_task, c.rows - first);
        p.columns = hd_min(width, c.columns - i * width);
        p.accumulate = k > 0;
        kernels.multiply(p);
      }
  });
}

}  // namespace detail

/// c = op(a) * op(b). Cut into blocks of c; sizes must fit (the op has checked).
template <operand A, operand B, class T>
void gemm(cpu_context const& ctx, matrix<T const> const& a, matrix<T const> const& b, matrix<T> const& c) {
  index_t const depth = A == operand::as_stored ? a.columns : a.rows;
  if (c.rows <= 0 || c.columns <= 0) return;
  if constexpr (std::is_same<T, float>::value) {
    if (depth > 0) {
      detail::filter_view const columns_of_b =
          B == operand::as_stored ? detail::filter_view{b.data, c.columns, depth, 1, 1, 1, b.stride, 0}
                                  : detail::filter_view{b.data, c.columns, depth, 1, 1, b.stride, 1, 0};
      return detail::packed_gemm<A>(ctx, a, detail::packed_filter(ctx, columns_of_b, detail::filter_form::taps), c);
    }
  }
  constexpr index_t rows_per_task = 96;
  ctx.parallel(ceil_div(c.rows, rows_per_task), [&](index_t task) {
    index_t const first = task * rows_per_task, count = hd_min(rows_per_task, c.rows - first);
    matrix<T const> const rows_of_a = A == operand::as_stored
                                          ? matrix<T const>{a.data + first * a.stride, count, a.columns, a.stride}
                                          : matrix<T const>{a.data + first, a.rows, count, a.stride};
    matrix<T> const rows_of_c{c.data + first * c.stride, count, c.columns, c.stride};
    detail::set_zero(rows_of_c);
    detail::multiply_add<A, B>(ctx, rows_of_a, b, rows_of_c);
  });
}

}  // namespace backend
}  // namespace v0
}  // namespace fsis
