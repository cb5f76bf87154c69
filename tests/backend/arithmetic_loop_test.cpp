// SPDX-License-Identifier: MIT
#include <fsis/backend/cpu/arithmetic_loop.hpp>

#include <support/catch.hpp>

#include <cmath>

using namespace fsis;

TEST_CASE("every instruction set does the arithmetic that it is counted for", "[backend][arithmetic_loop]") {
  for (instruction_set set : {instruction_set::portable, instruction_set::avx2, instruction_set::avx512}) {
    if (set > supported_instruction_set()) continue;
    auto const loop = backend::arithmetic_loop::of(set);
    double const lanes = loop.flops_per_round / 24;  // twelve sums, a multiplication and an addition each
    CHECK(lanes == (set == instruction_set::avx512 ? 16 : set == instruction_set::avx2 ? 8 : 4));
    // without a round the sums are as they began: 0 + 1 + ... + 11 in every lane
    CHECK(loop.run(0) == static_cast<float>(66 * lanes));
    // s -> 0.999 s + 0.001 ends at 1 for every sum
    double const end = static_cast<double>(loop.run(20000));
    CHECK(std::abs(end - 12 * lanes) < 0.01 * lanes);
    CHECK(loop.run(1) != loop.run(2));
  }
}
