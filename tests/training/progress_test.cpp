// SPDX-License-Identifier: MIT
#include <fsis/training/progress.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace fsis;
using training::clock_text;
using training::progress_bar;

namespace {

void write_nothing(std::string const&) {}

}  // namespace

TEST_CASE("clock_text: hours only where there are some") {
  CHECK(clock_text(0) == "0:00");
  CHECK(clock_text(7) == "0:07");
  CHECK(clock_text(59.4) == "0:59");
  CHECK(clock_text(59.6) == "1:00");
  CHECK(clock_text(123) == "2:03");
  CHECK(clock_text(3599.6) == "1:00:00");
  CHECK(clock_text(3723) == "1:02:03");
  CHECK(clock_text(100 * 3600 + 60) == "100:01:00");
}

TEST_CASE("clock_text: what is no duration is 0") {
  CHECK(clock_text(-5) == "0:00");
  CHECK(clock_text(std::numeric_limits<double>::quiet_NaN()) == "0:00");
  CHECK(clock_text(std::numeric_limits<double>::infinity()) == "0:00");
  CHECK(clock_text(1e300) == "0:00");
}

TEST_CASE("progress_bar: how far, how fast, since when, until when") {
  progress_bar const bar(0, 200, write_nothing);
  CHECK(bar.line(50, 10, "loss 0.5") == "[######..................] 50/200  5.00/s  0:10  ETA 0:30  loss 0.5");
  CHECK(bar.line(199, 3600, "") == "[#######################.] 199/200  0.06/s  1:00:00  ETA 0:18");
  CHECK(bar.line(200, 40, "") == "[########################] 200/200  5.00/s  0:40  ETA 0:00");
}

TEST_CASE("progress_bar: before anything is done nobody knows when it will be") {
  progress_bar const bar(0, 200, write_nothing);
  CHECK(bar.line(0, 10, "") == "[........................] 0/200  0.00/s  0:10  ETA --");
  CHECK(bar.line(0, 0, "") == "[........................] 0/200  0.00/s  0:00  ETA --");
}

TEST_CASE("progress_bar: a resumed loop is timed by what it did itself") {
  progress_bar const bar(100, 200, write_nothing);
  CHECK(bar.line(150, 10, "") == "[##################......] 150/200  5.00/s  0:10  ETA 0:10");
  CHECK(bar.line(100, 10, "") == "[############............] 100/200  0.00/s  0:10  ETA --");
}

TEST_CASE("progress_bar: an empty or overfull loop") {
  CHECK(progress_bar(0, 0, write_nothing).line(0, 1, "") == "[########################] 0/0  0.00/s  0:01  ETA --");
  CHECK(progress_bar(0, 10, write_nothing).line(11, 11, "") ==
        "[########################] 11/10  1.00/s  0:11  ETA 0:00");
}

TEST_CASE("progress_bar: the first and the last line are written, between them one per interval") {
  std::vector<std::string> lines;
  auto const keep = [&](std::string const& line) { lines.push_back(line); };
  SECTION("a long interval") {
    progress_bar bar(0, 5, keep, 1e6);
    for (index_t i = 1; i <= 5; ++i) bar.at(i, "note");
    REQUIRE(lines.size() == 2);
    CHECK(mentions(lines[0], " 1/5 ", "note"));
    CHECK(mentions(lines[1], " 5/5 ", "note"));
  }
  SECTION("none") {
    progress_bar bar(0, 5, keep, 0);
    for (index_t i = 1; i <= 5; ++i) bar.at(i);
    CHECK(lines.size() == 5);
  }
}
