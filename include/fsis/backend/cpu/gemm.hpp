// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/instruction_sets.hpp>
#include <fsis/core/math.hpp>
#include <fsis/device/cpu_context.hpp>

#include <Eigen/Core>

#include <algorithm>

namespace fsis {
inline namespace v0 {
namespace backend {

/// A row-major matrix in memory, rows `stride` elements apart.
template <class T>
struct matrix {
  T* data;
  index_t rows, columns, stride;
};

/// How an operand of a product is read.
enum class operand { as_stored, transposed };

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

}  // namespace detail

/// c = op(a) * op(b). Cut into blocks of rows of c; sizes must fit (the op has checked).
template <operand A, operand B, class T>
void gemm(cpu_context const& ctx, matrix<T const> const& a, matrix<T const> const& b, matrix<T> const& c) {
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
