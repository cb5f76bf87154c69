// SPDX-License-Identifier: MIT
#include <fsis/bench/cold_caches.hpp>
#include <fsis/bench/machine.hpp>
#include <fsis/bench/peaks.hpp>

#include <support/catch.hpp>

using namespace fsis::bench;
using fsis::instruction_set;

TEST_CASE("the machine says what it is", "[bench][machine]") {
  machine const m = this_machine();
  CHECK_FALSE(m.name.empty());
  CHECK(m.threads >= 1);
  CHECK(m.memory_bytes > 1 << 20);
  CHECK(m.last_cache_bytes() >= 0);
  CHECK(m == this_machine());
  machine made_up;
  CHECK(made_up.last_cache_bytes() == 0);
  made_up.l1d_bytes = 1;
  made_up.l2_bytes = 2;
  CHECK(made_up.last_cache_bytes() == 2);
}

TEST_CASE("instruction sets have names", "[bench][machine]") {
  for (instruction_set s : {instruction_set::portable, instruction_set::avx2, instruction_set::avx512})
    CHECK(instruction_set_named(name_of(s)) == s);
  CHECK(mentions(error_text([] { instruction_set_named("sse"); }), "'sse'", "portable, avx2 or avx512"));
}

TEST_CASE("peaks are measured for the threads and the set of a context", "[bench][peaks]") {
  fsis::cpu_options o;
  o.threads = 2;
  o.instructions = instruction_set::portable;
  fsis::cpu_context const ctx(o);
  machine small;
  small.memory_bytes = fsis::index_t{64} << 20;  // the copied blocks are an eighth of it
  peaks const p = measure_peaks(ctx, small);
  CHECK(p.threads == 2);
  CHECK(p.instructions == instruction_set::portable);
  CHECK(p.flops_per_second > 1e7);
  CHECK(p.bytes_per_second > 1e7);
  CHECK(flops_per_second_now(ctx) > 1e7);
}

TEST_CASE("every thread reads more than the last cache holds", "[bench][cold_caches]") {
  machine m;
  m.l3_bytes = 1 << 16;
  fsis::cpu_options o;
  o.threads = 3;
  fsis::cpu_context const ctx(o);
  cold_caches const empty(m);
  CHECK(empty.bytes_read() == 0);
  empty(ctx);
  CHECK(empty.bytes_read() == 3 * 2 * (1 << 16) / 64);  // a byte of 1 from each line
}
