// SPDX-License-Identifier: MIT
#include <fsis/bench/report_text.hpp>

#include <bench/made_up.hpp>
#include <support/catch.hpp>

using namespace fsis_test;

TEST_CASE("columns line up, and a remark runs on", "[bench][text_table]") {
  text_table t({"name", "n"}, 1);
  t.add({"a", "1"});
  t.add({"long name", "22"});
  t.add({"a remark that is longer than the column"});
  CHECK(t.text() == "name        n\na           1\nlong name  22\na remark that is longer than the column\n");
}

TEST_CASE("times and bytes have units that suit them", "[bench][text_table]") {
  CHECK(time_text(3.2e-8) == "32.0 ns");
  CHECK(time_text(4.5e-5) == "45.00 us");
  CHECK(time_text(0.0123) == "12.30 ms");
  CHECK(time_text(2.5) == "2.500 s");
  CHECK(bytes_text(12) == "12 B");
  CHECK(bytes_text(1536) == "1.5 KiB");
  CHECK(bytes_text(3.0 * (1 << 30)) == "3.0 GiB");
}

TEST_CASE("the table has a line for each measurement", "[bench][report_text]") {
  std::string const text = states_text(full_report());
  // conv: fsis, peer warm and cold, two remarks; pool: three; and the headings
  CHECK(std::count(text.begin(), text.end(), '\n') == 1 + 3 + 2 + 3);
  CHECK(mentions(text, "2.00 ms", "1.50 ms", "2.50 ms"));
  CHECK(mentions(text, "2.000"));  // twice the time of the first contender
  CHECK(mentions(text, "cold", "8.00 ms", "512.0 KiB"));
  CHECK(mentions(text, " 1% "));   // 2e6 / 7.5e10 s of 2 ms
  CHECK(mentions(text, "80%\n"));  // 6e10 of 7.5e10: somebody else was at work
  CHECK(mentions(text, "WRONG: element 3 is 7, wanted 8", "skipped: it cannot"));
  CHECK(mentions(machine_text(full_report()), "peak with 2 threads, avx2: 150.0 GFLOP/s, copy 30.0 GB/s"));
}
