// SPDX-License-Identifier: MIT
#include <fsis/bench/plots.hpp>

#include <bench/made_up.hpp>
#include <support/catch.hpp>

using namespace fsis_test;

TEST_CASE("a roofline has the two roofs and a point for each state below", "[bench][plots]") {
  auto const charts = roofline_charts(full_report());
  REQUIRE(charts.size() == 1);  // nothing ran on two threads
  line_chart const& c = charts[0];
  CHECK(c.title == "Roofline, 1 thread");
  REQUIRE(c.lines.size() == 3);
  CHECK(c.lines[0].name == "fsis");
  CHECK_FALSE(c.lines[0].is_joined);
  REQUIRE(c.lines[0].points.size() == 4);
  chart_point const& p = c.lines[0].points[0];
  CHECK(p.x == 20);                       // 2e6 operations for 1e5 bytes
  CHECK(std::abs(p.y - 1) < 1e-12);       // in 2 ms
  CHECK(std::abs(p.low - 2e-3 / 2.5e-3) < 1e-12);
  CHECK(std::abs(p.high - 2e-3 / 1.5e-3) < 1e-12);
  auto const& roof = c.lines[2].points;
  REQUIRE(roof.size() == 3);
  CHECK(std::abs(roof[1].x - 7.5e10 / 2e10) < 1e-12);
  CHECK(std::abs(roof[1].y - 75) < 1e-9);
  CHECK(std::abs(roof[2].y - 75) < 1e-9);
  CHECK(roof[0].y < 75);
}

TEST_CASE("contenders stand beside the first one", "[bench][plots]") {
  auto const charts = contender_charts(full_report());
  REQUIRE(charts.size() == 1);
  auto const& bars = charts[0].bars;
  REQUIRE(bars.size() == 2);
  CHECK(bars[0].name == "conv fsis");
  CHECK(bars[0].value == 1);
  CHECK(std::abs(bars[0].high - 1.25) < 1e-12);
  CHECK(bars[1].name == "conv peer");
  CHECK(bars[1].value == 2);
  CHECK(bars[1].text == "4.00 ms");
  CHECK(bars[0].group != bars[1].group);
}

TEST_CASE("a sweep is a curve of time and one of memory", "[bench][plots]") {
  auto const charts = scaling_charts(full_report());
  REQUIRE(charts.size() == 2);
  CHECK(charts[0].title == "Time over side of pool threads=1");
  CHECK(charts[0].x == scale::logarithmic);
  CHECK(charts[0].y == scale::logarithmic);
  REQUIRE(charts[0].lines.size() == 1);
  auto const& points = charts[0].lines[0].points;
  REQUIRE(points.size() == 3);
  CHECK(points[2].x == 128);
  CHECK(std::abs(points[2].y - 1.1 * 16.384) < 1e-9);
  CHECK(std::abs(points[2].low - 1.05 * 16.384) < 1e-9);
  CHECK(std::abs(points[2].high - 1.15 * 16.384) < 1e-9);
  CHECK(charts[1].y_label == "MiB");
  CHECK(charts[1].lines[0].points[1].y == 0.25);
}

TEST_CASE("a sweep over threads is one curve on plain axes", "[bench][plots]") {
  report r;
  for (index_t const threads : {1, 2, 8}) {
    r.states.push_back(timed_state("a", "fsis", {1.0 / static_cast<double>(threads)}));
    r.states.back().axes.back().second = threads;
    r.states.back().swept = "threads";
  }
  auto const charts = scaling_charts(r);
  REQUIRE(charts.size() == 1);
  CHECK(charts[0].title == "Time over threads of a height=96 width=96");
  CHECK(charts[0].lines[0].points.size() == 3);
  CHECK(charts[0].x == scale::linear);
  CHECK(charts[0].y == scale::linear);
}

TEST_CASE("axes show all values and have marks within", "[bench][plots]") {
  for (auto const& range : std::vector<std::pair<double, double>>{{1, 2}, {0.3, 7e5}, {1e-9, 1e-9}, {5, 5000}})
    for (scale const kind : {scale::linear, scale::logarithmic}) {
      chart_axis const a = axis_over(range.first, range.second, kind);
      INFO(range.first << " " << range.second);
      CHECK(a.place(range.first) >= 0);
      CHECK(a.place(range.second) <= 1);
      CHECK(a.ticks.size() >= (kind == scale::linear ? 3 : 1));
      CHECK(a.ticks.size() <= 20);
      for (double t : a.ticks) CHECK((a.place(t) > -1e-6 && a.place(t) < 1 + 1e-6));
    }
  CHECK(axis_over(0, 0, scale::linear).high == 1);
  CHECK(axis_over(0, 7, scale::linear).ticks == std::vector<double>{0, 2, 4, 6});
  CHECK_FALSE(std::signbit(axis_over(0, 7, scale::linear).ticks[0]));
  CHECK(axis_over(4, 30, scale::logarithmic).ticks == std::vector<double>{5, 10, 20});
  CHECK(axis_over(2, 3e5, scale::logarithmic).ticks == std::vector<double>{10, 100, 1000, 1e4, 1e5});
}
