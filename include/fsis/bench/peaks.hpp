// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/arithmetic_loop.hpp>
#include <fsis/bench/clock.hpp>
#include <fsis/bench/machine.hpp>
#include <fsis/bench/statistics.hpp>
#include <fsis/core/math.hpp>
#include <fsis/device/cpu_context.hpp>

#include <cstring>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace bench {

/// The most that some threads of a machine did with an instruction set when it was measured.
struct peaks {
  index_t threads = 0;
  instruction_set instructions = instruction_set::portable;
  double flops_per_second = 0;  ///< multiplications with additions in registers; each counts as two
  double bytes_per_second = 0;  ///< of a copy from memory to memory: read and written bytes together

  friend bool operator==(peaks const& a, peaks const& b) {
    return a.threads == b.threads && a.instructions == b.instructions && a.flops_per_second == b.flops_per_second &&
           a.bytes_per_second == b.bytes_per_second;
  }
};

namespace detail {

template <class Work>
summary summary_of_tries(int tries, Work const& work) {
  std::vector<double> seconds;
  for (int i = 0; i < tries; ++i) seconds.push_back(hd_max(cpu_clock().seconds(work), 1e-9));
  return summary_of(std::move(seconds));
}

/// Arithmetic of the threads of a context with its instruction set: about 5 ms per try, and the operations of one.
struct arithmetic {
  summary seconds;
  double flops;
};

inline arithmetic try_arithmetic(cpu_context const& ctx, int tries) {
  auto const loop = backend::arithmetic_loop::of(ctx.instructions());
  constexpr index_t rounds = 500'000;
  std::vector<float> values(static_cast<std::size_t>(ctx.threads()));
  auto const once = [&] {
    ctx.parallel(ctx.threads(), [&](index_t t) { values[static_cast<std::size_t>(t)] = loop.run(rounds); });
  };
  return {summary_of_tries(tries, once), loop.flops_per_round * static_cast<double>(rounds * ctx.threads())};
}

}  // namespace detail

/// The most arithmetic per second: of the quickest try, for what disturbs a measurement only ever makes it slower.
inline double most_flops_per_second(cpu_context const& ctx, int tries = 20) {
  auto const a = detail::try_arithmetic(ctx, tries);
  return a.flops / a.seconds.min;
}

/// The arithmetic per second that is there to be had now: of all tries together, whoever took the processor away.
inline double flops_per_second_now(cpu_context const& ctx, int tries = 5) {
  auto const a = detail::try_arithmetic(ctx, tries);
  return a.flops / a.seconds.mean;
}

/// Copies between blocks that no cache holds, the quickest try.
inline double most_bytes_per_second(cpu_context const& ctx, machine const& m, int tries = 7) {
  index_t const wanted = hd_max(index_t{4} * m.last_cache_bytes(), index_t{64} << 20);
  index_t const block = m.memory_bytes > 0 ? hd_min(wanted, m.memory_bytes / 8) : wanted;
  constexpr index_t per_task = index_t{1} << 20;
  std::vector<char> from(static_cast<std::size_t>(block), 1), to(from.size(), 0);
  auto const copied = detail::summary_of_tries(tries, [&] {
    ctx.parallel(ceil_div(block, per_task), [&](index_t task) {
      index_t const first = task * per_task, count = hd_min(per_task, block - first);
      std::memcpy(to.data() + first, from.data() + first, static_cast<std::size_t>(count));
    });
  });
  return 2.0 * static_cast<double>(block) / copied.min;
}

inline peaks measure_peaks(cpu_context const& ctx, machine const& m) {
  peaks p;
  p.threads = ctx.threads();
  p.instructions = ctx.instructions();
  p.flops_per_second = most_flops_per_second(ctx);
  p.bytes_per_second = most_bytes_per_second(ctx, m);
  return p;
}

}  // namespace bench
}  // namespace v0
}  // namespace fsis
