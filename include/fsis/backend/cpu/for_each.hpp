// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/dispatch.hpp>
#include <fsis/core/math.hpp>
#include <fsis/device/cpu_context.hpp>

#include <type_traits>

namespace fsis {
inline namespace v0 {
namespace backend {

/// Elements that one task handles. A constant, so that the cut never depends on the number of threads.
constexpr index_t elements_per_task = index_t{1} << 14;

namespace detail {

/// Does a kernel say apart what depends on the row alone (`place at(row)`)?
template <class Kernel, class = void>
struct has_place : std::false_type {};
template <class Kernel>
struct has_place<Kernel, std::void_t<typename Kernel::place>> : std::true_type {};

/// Does it take several columns of a place at a time (`columns<N>(place, first)`)?
template <class Kernel, class = void>
struct takes_columns : std::false_type {};
template <class Kernel>
struct takes_columns<Kernel, std::void_t<typename Kernel::place, decltype(&Kernel::template columns<1>)>>
    : std::true_type {};

/// Is one index of it a whole row, of `C` elements?
template <class Kernel, class = void>
struct takes_rows : std::false_type {};
template <class Kernel>
struct takes_rows<Kernel, std::void_t<decltype(Kernel::takes_rows)>> : std::true_type {};

/// Columns [c, end) of a row.
template <class Kernel>
[[gnu::always_inline]] inline void run_columns(Kernel const& k, index_t row, index_t c, index_t end) {
  if constexpr (takes_columns<Kernel>::value) {
    auto const place = k.at(row);
    for (; end - c >= 32; c += 32) k.template columns<32>(place, c);
    for (; end - c >= 8; c += 8) k.template columns<8>(place, c);
    for (; c < end; ++c) k.template columns<1>(place, c);
  } else if constexpr (has_place<Kernel>::value) {
    auto const place = k.at(row);
    run_independent(c, end, [&](index_t i) __attribute__((always_inline)) { k(place, i); });
  } else {
    run_independent(c, end, [&](index_t i) __attribute__((always_inline)) { k(row, i); });
  }
}

}  // namespace detail

/// Runs `kernel(i)` for every i in [0, count), in any order and several at a time. A kernel whose `takes_rows` is true
/// does the `C` elements of a row with each i.
template <class Kernel>
void for_each(cpu_context const& ctx, index_t count, Kernel const& kernel) {
  static_assert(std::is_trivially_copyable<Kernel>::value,
                "a kernel is copied to the device bit by bit: hold views and numbers, not tensors");
  index_t per_task = elements_per_task;
  if constexpr (detail::takes_rows<Kernel>::value)
    per_task = hd_max(index_t{1}, elements_per_task / hd_max(index_t{1}, kernel.C));
  ctx.parallel(ceil_div(count, per_task), [&](index_t task) {
    index_t const begin = task * per_task, end = hd_min(count, begin + per_task);
    run_for(ctx.instructions(), [&, begin, end]() __attribute__((always_inline)) {
      Kernel const k = kernel;  // a local copy tells the optimiser that nothing else writes to its members
      if constexpr (detail::takes_rows<Kernel>::value)
        for (index_t i = begin; i < end; ++i) k(i);
      else
        run_independent(begin, end, [&](index_t i) __attribute__((always_inline)) { k(i); });
    });
  });
}

/// Runs `kernel(row, column)` over a rectangle. Columns are the contiguous direction (channels), which vectors lie
/// along. A kernel may make this easier in two ways: `place at(row)` with `operator()(place, column)` says apart what
/// depends on the row alone, and is computed once for it; `columns<N>(place, column)` takes N neighbouring columns at a
/// time, which a loop over sources in each of them asks for.
template <class Kernel>
void for_each(cpu_context const& ctx, index_t rows, index_t columns, Kernel const& kernel) {
  static_assert(std::is_trivially_copyable<Kernel>::value,
                "a kernel is copied to the device bit by bit: hold views and numbers, not tensors");
  if (rows <= 0 || columns <= 0) return;
  // several rows to a task, or several tasks to a row
  index_t const rows_per_task = hd_max(index_t{1}, elements_per_task / columns);
  index_t const parts = ceil_div(columns, elements_per_task), part = parts == 1 ? columns : elements_per_task;
  ctx.parallel(ceil_div(rows, rows_per_task) * parts, [&](index_t task) {
    index_t const begin = task / parts * rows_per_task, end = hd_min(rows, begin + rows_per_task);
    index_t const first = task % parts * part, last = hd_min(columns, first + part);
    run_for(ctx.instructions(), [&, begin, end, first, last]() __attribute__((always_inline)) {
      Kernel const k = kernel;
      for (index_t r = begin; r < end; ++r) detail::run_columns(k, r, first, last);
    });
  });
}

}  // namespace backend
}  // namespace v0
}  // namespace fsis
