// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/for_each.hpp>

#include <memory>

namespace fsis {
inline namespace v0 {
namespace backend {

/// Reduces the middle axis of an (outer, axis, inner) array in two passes with a fixed cut: partial results of
/// chunks of the axis, then their combination in order. The same bytes for any number of threads.
///
/// `kernel` has `value_type identity()`, `value_type load(o, a, i)`, `value_type combine(x, y)` and
/// `void store(o, i, value)`, all const.
template <class Kernel>
void reduce(cpu_context const& ctx, index_t outer, index_t axis, index_t inner, Kernel const& kernel) {
  static_assert(std::is_trivially_copyable<Kernel>::value,
                "a kernel is copied to the device bit by bit: hold views and numbers, not tensors");
  using value = typename Kernel::value_type;
  if (outer <= 0 || inner <= 0) return;
  index_t const chunk = hd_max(index_t{1}, elements_per_task / inner);
  index_t const chunks = hd_max(index_t{1}, ceil_div(axis, chunk));

  auto const partial_memory = ctx.allocate(static_cast<std::size_t>(outer * chunks * inner) * sizeof(value));
  value* const partials = static_cast<value*>(partial_memory.get());

  auto const reduce_chunk = [&](index_t task) {
    Kernel const k = kernel;
    index_t const o = task / chunks;
    index_t const begin = (task % chunks) * chunk, end = hd_min(axis, begin + chunk);
    value* const out = partials + task * inner;
    if (inner == 1) {
      // eight sums side by side: a single chain would wait for each addition
      constexpr index_t lanes = 8;
      value lane[lanes];
      for (value& l : lane) l = k.identity();
      index_t a = begin;
      for (; a + lanes <= end; a += lanes)
        for (index_t l = 0; l < lanes; ++l) lane[l] = k.combine(lane[l], k.load(o, a + l, 0));
      for (; a < end; ++a) lane[0] = k.combine(lane[0], k.load(o, a, 0));
      for (index_t l = 1; l < lanes; ++l) lane[0] = k.combine(lane[0], lane[l]);
      out[0] = lane[0];
    } else {
      for (index_t i = 0; i < inner; ++i) out[i] = k.identity();
      for (index_t a = begin; a < end; ++a)
        for (index_t i = 0; i < inner; ++i) out[i] = k.combine(out[i], k.load(o, a, i));
    }
  };
  // small rows share a task
  index_t const rows_per_task =
      hd_max(index_t{1}, elements_per_task / hd_max(index_t{1}, hd_min(axis, chunk) * inner));
  index_t const rows = outer * chunks;
  ctx.parallel(ceil_div(rows, rows_per_task), [&](index_t task) {
    index_t const end = hd_min(rows, (task + 1) * rows_per_task);
    for (index_t r = task * rows_per_task; r < end; ++r) reduce_chunk(r);
  });

  index_t const outer_per_task = hd_max(index_t{1}, elements_per_task / (chunks * inner));
  ctx.parallel(ceil_div(outer, outer_per_task), [&](index_t task) {
    Kernel const k = kernel;
    index_t const end = hd_min(outer, (task + 1) * outer_per_task);
    for (index_t o = task * outer_per_task; o < end; ++o) {
      value* const sum = partials + o * chunks * inner;
      for (index_t c = 1; c < chunks; ++c)
        for (index_t i = 0; i < inner; ++i) sum[i] = k.combine(sum[i], sum[c * inner + i]);
      for (index_t i = 0; i < inner; ++i) k.store(o, i, sum[i]);
    }
  });
}

}  // namespace backend
}  // namespace v0
}  // namespace fsis
