// SPDX-License-Identifier: MIT
// Two files of one program, compiled for different processors, compute the same bytes: which instruction set a kernel
// uses depends on the context alone, not on the flags of the file that the linker happened to take it from.
#include "convolution.hpp"

std::vector<float> convolved_elsewhere(fsis::cpu_context const& ctx);

int main() {
  if (fsis::supported_instruction_set() < fsis::instruction_set::avx2) {
    std::printf("skipped: this processor lacks AVX2\n");
    return 0;
  }
  using fsis::instruction_set;
  for (auto const set : {instruction_set::portable, instruction_set::avx2, instruction_set::avx512}) {
    fsis::cpu_options o;
    o.instructions = set;
    fsis::cpu_context const ctx(o);
    if (fsis_test::convolved(ctx) != convolved_elsewhere(ctx)) {
      std::printf("instruction set %d: the two files disagree\n", static_cast<int>(set));
      return 1;
    }
  }
  std::printf("the two files agree\n");
}
