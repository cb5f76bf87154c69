// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/for_each.hpp>
#include <fsis/backend/cpu/lanes.hpp>

#include <memory>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

/// A copy that knows that `inner` is 1, where the kernel has such a member: its elements are neighbours then, which
/// the compiler could not see from a number read at run time.
template <class Kernel, class = void>
struct of_neighbours {
  [[gnu::always_inline]] static Kernel copy(Kernel const& k) { return k; }
};
template <class Kernel>
struct of_neighbours<Kernel, std::void_t<decltype(Kernel::inner)>> {
  [[gnu::always_inline]] static Kernel copy(Kernel const& k) {
    Kernel n = k;
    n.inner = 1;
    return n;
  }
};

/// Numbers of a value that are summed each by itself (`sum_parts`), or 0.
template <class Kernel, class = void>
constexpr int sum_parts = 0;
template <class Kernel>
constexpr int sum_parts<Kernel, std::void_t<decltype(Kernel::sum_parts)>> = Kernel::sum_parts;

/// combine(load(a)) for a of [begin, end) in `Lanes` chains side by side, which are combined pairwise in the end: a
/// single chain would wait for each addition.
template <index_t Lanes, class Kernel>
[[gnu::always_inline]] inline typename Kernel::value_type reduce_run(Kernel const& kernel, index_t o, index_t a,
                                                                     index_t end) {
  using value = typename Kernel::value_type;
  Kernel const k = of_neighbours<Kernel>::copy(kernel);
  if constexpr (sum_parts<Kernel> > 0) {
    // the chains of each number lie side by side
    constexpr int parts = sum_parts<Kernel>;
    double lane[parts][Lanes] = {};
    for (; end - a >= Lanes; a += Lanes)
      for (index_t l = 0; l < Lanes; ++l) {
        value const v = k.load(o, a + l, 0);
        unrolled<parts>([&](auto p) __attribute__((always_inline)) { lane[p][l] += v.v[p]; });
      }
    for (index_t l = 0; a < end; ++a, ++l) {
      value const v = k.load(o, a, 0);
      for (int p = 0; p < parts; ++p) lane[p][l] += v.v[p];
    }
    value sum = k.identity();
    for (int p = 0; p < parts; ++p)
      for (index_t l = 0; l < Lanes; ++l) sum.v[p] += lane[p][l];
    return sum;
  } else {
    value lane[Lanes];
    if (end - a >= Lanes) {
      for (index_t l = 0; l < Lanes; ++l) lane[l] = k.load(o, a + l, 0);
      for (a += Lanes; end - a >= Lanes; a += Lanes)
        for (index_t l = 0; l < Lanes; ++l) lane[l] = k.combine(lane[l], k.load(o, a + l, 0));
    } else {
      for (index_t l = 0; l < Lanes; ++l) lane[l] = k.identity();
    }
    for (index_t l = 0; a < end; ++a, ++l) lane[l] = k.combine(lane[l], k.load(o, a, 0));
    if constexpr (Lanes >= 32)
      for (index_t l = 0; l < 16; ++l) lane[l] = k.combine(lane[l], lane[l + 16]);
    if constexpr (Lanes >= 16)
      for (index_t l = 0; l < 8; ++l) lane[l] = k.combine(lane[l], lane[l + 8]);
    for (index_t l = 0; l < 4; ++l) lane[l] = k.combine(lane[l], lane[l + 4]);
    return k.combine(k.combine(lane[0], lane[2]), k.combine(lane[1], lane[3]));
  }
}

}  // namespace detail

/// Reduces the middle axis of an (outer, axis, inner) array in two passes with a fixed cut: partial results of
/// chunks of the axis, then their combination in order. The same bytes for any number of threads.
///
/// `kernel` has `value_type identity()`, `value_type load(o, a, i)`, `value_type combine(x, y)` and
/// `void store(o, i, value)`, all const; `combine(identity(), x)` is x. Where the combination adds the numbers v[0],
/// v[1], ... of a value each by itself, a constant `sum_parts` says how many they are.
template <class Kernel>
void reduce(cpu_context const& ctx, index_t outer, index_t axis, index_t inner, Kernel const& kernel) {
  static_assert(std::is_trivially_copyable<Kernel>::value,
                "a kernel is copied to the device bit by bit: hold views and numbers, not tensors");
  using value = typename Kernel::value_type;
  if (outer <= 0 || inner <= 0) return;
  index_t const chunk = hd_max(index_t{1}, elements_per_task / inner);
  index_t const chunks = hd_max(index_t{1}, ceil_div(axis, chunk));
  constexpr index_t most_lanes = sizeof(value) <= sizeof(double) ? 32 : 8;

  // a row of one chunk and one number goes straight to its place
  bool const has_partials = chunks > 1 || inner > 1;
  auto const partial_memory =
      has_partials ? ctx.allocate(static_cast<std::size_t>(outer * chunks * inner) * sizeof(value)) : nullptr;
  value* const partials = static_cast<value*>(partial_memory.get());

  auto const reduce_chunk = [=](Kernel const& k, index_t row) __attribute__((always_inline)) {
    index_t const o = row / chunks;
    index_t const begin = (row - o * chunks) * chunk, end = hd_min(axis, begin + chunk);
    if (inner == 1) {
      value const v = end - begin >= 2 * most_lanes ? detail::reduce_run<most_lanes>(k, o, begin, end)
                                                    : detail::reduce_run<8>(k, o, begin, end);
      if (chunks == 1)
        k.store(o, 0, v);
      else
        partials[row] = v;
    } else {
      value* const out = partials + row * inner;
      for (index_t i = 0; i < inner; ++i) out[i] = k.identity();
      for (index_t a = begin; a < end; ++a)
        run_independent(0, inner, [&](index_t i) __attribute__((always_inline)) {
          out[i] = k.combine(out[i], k.load(o, a, i));
        });
      if (chunks == 1)
        for (index_t i = 0; i < inner; ++i) k.store(o, i, out[i]);
    }
  };
  // small rows share a task
  index_t const rows_per_task =
      hd_max(index_t{1}, elements_per_task / hd_max(index_t{1}, hd_min(axis, chunk) * inner));
  index_t const rows = outer * chunks;
  ctx.parallel(ceil_div(rows, rows_per_task), [&](index_t task) {
    index_t const first = task * rows_per_task, end = hd_min(rows, first + rows_per_task);
    run_for(ctx.instructions(), [&, first, end]() __attribute__((always_inline)) {
      Kernel const k = kernel;
      for (index_t r = first; r < end; ++r) reduce_chunk(k, r);
    });
  });
  if (chunks == 1) return;

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
