// SPDX-License-Identifier: MIT
#include <fsis/device/instruction_set.hpp>

#include <fsis/device/cpu_context.hpp>

#include <support/catch.hpp>

using namespace fsis;

TEST_CASE("a context uses what the processor has, or less where it is told to") {
  CHECK(cpu_context().instructions() == supported_instruction_set());
  cpu_options o;
  o.instructions = instruction_set::portable;
  CHECK(cpu_context(o).instructions() == instruction_set::portable);
  o.instructions = instruction_set::avx512;
  CHECK(cpu_context(o).instructions() == supported_instruction_set());
}

TEST_CASE("instruction sets are ordered") {
  CHECK(instruction_set::portable < instruction_set::avx2);
  CHECK(instruction_set::avx2 < instruction_set::avx512);
}
