// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/math.hpp>
#include <fsis/device/cpu_context.hpp>

#include <type_traits>

namespace fsis {
inline namespace v0 {
namespace backend {

/// Elements that one task handles. A constant, so that the cut never depends on the number of threads.
constexpr index_t elements_per_task = index_t{1} << 14;

/// Runs `kernel(i)` for every i in [0, count).
template <class Kernel>
void for_each(cpu_context const& ctx, index_t count, Kernel const& kernel) {
  static_assert(std::is_trivially_copyable<Kernel>::value,
                "a kernel is copied to the device bit by bit: hold views and numbers, not tensors");
  ctx.parallel(ceil_div(count, elements_per_task), [&](index_t task) {
    Kernel const k = kernel;  // a local copy tells the optimiser that nothing else writes to its members
    index_t const end = hd_min(count, (task + 1) * elements_per_task);
    for (index_t i = task * elements_per_task; i < end; ++i) k(i);
  });
}

/// Runs `kernel(row, column)` over a rectangle. Columns are the contiguous direction (channels): the inner loop
/// vectorises, and what depends on the row alone is computed once per row.
template <class Kernel>
void for_each(cpu_context const& ctx, index_t rows, index_t columns, Kernel const& kernel) {
  static_assert(std::is_trivially_copyable<Kernel>::value,
                "a kernel is copied to the device bit by bit: hold views and numbers, not tensors");
  if (rows <= 0 || columns <= 0) return;
  index_t const rows_per_task = hd_max(index_t{1}, elements_per_task / columns);
  ctx.parallel(ceil_div(rows, rows_per_task), [&](index_t task) {
    Kernel const k = kernel;
    index_t const end = hd_min(rows, (task + 1) * rows_per_task);
    for (index_t r = task * rows_per_task; r < end; ++r)
      for (index_t c = 0; c < columns; ++c) k(r, c);
  });
}

}  // namespace backend
}  // namespace v0
}  // namespace fsis
