// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/lanes.hpp>
#include <fsis/device/instruction_set.hpp>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

// More sums than a multiplication with addition takes cycles, times the two units that processors have: none waits.
// With the two factors they fit 16 registers.
constexpr int arithmetic_sums = 12;

/// Sums that never leave the registers; the value keeps the optimiser from dropping them.
template <int Lanes>
[[gnu::always_inline]] inline float arithmetic_loop(index_t rounds) {
  using V = lanes<Lanes>;
  V const factor = V{} + 0.999f, step = V{} + 0.001f;
  V sum[arithmetic_sums];
  unrolled<arithmetic_sums>([&](auto i) __attribute__((always_inline)) { sum[i] = V{} + static_cast<float>(i); });
  for (index_t round = 0; round < rounds; ++round)
    unrolled<arithmetic_sums>([&](auto i) __attribute__((always_inline)) { sum[i] = sum[i] * factor + step; });
  V total{};
  unrolled<arithmetic_sums>([&](auto i) __attribute__((always_inline)) { total += sum[i]; });
  float value = 0;
  for (int l = 0; l < Lanes; ++l) value += total[l];
  return value;
}

inline float portable_arithmetic_loop(index_t rounds) { return arithmetic_loop<4>(rounds); }
FSIS_X86_TARGET("avx2,fma")
inline float avx2_arithmetic_loop(index_t rounds) { return arithmetic_loop<8>(rounds); }
FSIS_X86_TARGET("avx512f,avx512vl,avx512dq,fma")
inline float avx512_arithmetic_loop(index_t rounds) { return arithmetic_loop<16>(rounds); }

}  // namespace detail

/// A loop of multiplications with additions in all registers: the most arithmetic that a core does with an instruction
/// set, which measured kernels are held against.
struct arithmetic_loop {
  float (*run)(index_t rounds);  ///< on the calling thread; the value has no meaning
  double flops_per_round;        ///< a multiplication and an addition count as two

  static arithmetic_loop of(instruction_set set) {
    double const flops = 2.0 * detail::arithmetic_sums;
    if (set == instruction_set::avx512) return {detail::avx512_arithmetic_loop, 16 * flops};
    if (set == instruction_set::avx2) return {detail::avx2_arithmetic_loop, 8 * flops};
    return {detail::portable_arithmetic_loop, 4 * flops};
  }
};

}  // namespace backend
}  // namespace v0
}  // namespace fsis
