// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

namespace fsis {
inline namespace v0 {

/// What the CPU's kernels are written for, each set containing those before it.
enum class instruction_set { portable, avx2, avx512 };

/// The largest set that this processor and its system support. Chosen when the program runs: it needs no `-march`.
inline instruction_set supported_instruction_set() {
  if (FSIS_X86_SUPPORTS("avx512f") && FSIS_X86_SUPPORTS("avx512vl") && FSIS_X86_SUPPORTS("avx512dq"))
    return instruction_set::avx512;
  if (FSIS_X86_SUPPORTS("avx2") && FSIS_X86_SUPPORTS("fma")) return instruction_set::avx2;
  return instruction_set::portable;
}

}  // namespace v0
}  // namespace fsis
