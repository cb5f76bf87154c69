// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/device/instruction_set.hpp>

namespace fsis {
inline namespace v0 {
namespace backend {

// Loops over kernels are ordinary code that a compiler makes vectors of. They are compiled twice, and the context
// chooses: for what every processor has, and for AVX2 with fused multiply-add. Memory is at its limit there, so AVX-512
// has no third body: with it the AVX2 one runs. A multiply-add rounds once where a product and a sum round twice:
// results differ between the two bodies by that.

namespace detail {

template <class F>
[[gnu::flatten]] inline void run_portable(F const& f) {
  f();
}

template <class F>
FSIS_X86_TARGET("avx2,fma")
[[gnu::flatten]] inline void run_avx2(F const& f) {
  f();
}

}  // namespace detail

/// f(), with everything that it calls inlined and compiled for the instruction set.
template <class F>
void run_for(instruction_set set, F const& f) {
  set == instruction_set::portable ? detail::run_portable(f) : detail::run_avx2(f);
}

namespace detail {

/// f(i) for every i of [begin, end) in blocks of `Block`; gives the first i that is left. Each f(i) stands for itself:
/// none reads what another writes.
template <index_t Block, class F>
[[gnu::always_inline]] inline index_t run_blocks(index_t begin, index_t end, F const& f) {
  index_t i = begin;
  for (; end - i >= Block; i += Block) {
    // g++ -O2 makes vectors only of loops that need neither a remainder nor a test for overlap: the number of rounds is
    // a constant, and the pragma says that there is no overlap. clang++ tests, and does not know the pragma.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunknown-pragmas"
#pragma GCC ivdep
    for (index_t j = 0; j < Block; ++j) f(i + j);
#pragma GCC diagnostic pop
  }
  return i;
}

}  // namespace detail

/// f(i) for every i of [begin, end), in any order and several at a time. To be called inside of `run_for`.
template <class F>
[[gnu::always_inline]] inline void run_independent(index_t begin, index_t end, F const& f) {
  index_t i = detail::run_blocks<32>(begin, end, f);
  i = detail::run_blocks<8>(i, end, f);
  for (; i < end; ++i) f(i);
}

}  // namespace backend
}  // namespace v0
}  // namespace fsis
