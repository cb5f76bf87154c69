// SPDX-License-Identifier: MIT
#include <fsis/bench/statistics.hpp>

#include <support/catch.hpp>

using namespace fsis::bench;

namespace {

bool near(double a, double b) { return std::abs(a - b) < 1e-12; }

}  // namespace

TEST_CASE("quantiles lie on straight lines between neighbours", "[bench][statistics]") {
  std::vector<double> const v{1, 2, 4, 8};
  CHECK(quantile(v, 0) == 1);
  CHECK(quantile(v, 1) == 8);
  CHECK(near(quantile(v, 0.5), 3));
  CHECK(near(quantile(v, 0.25), 1.75));
  CHECK(near(quantile(v, 0.75), 5));
  CHECK(quantile({5}, 0.3) == 5);
  CHECK(mentions(error_text([] { quantile({}, 0.5); }), "0 values"));
  CHECK(mentions(error_text([] { quantile({1}, 1.5); }), "1.5"));
}

TEST_CASE("a summary is what one computes by hand, in any order", "[bench][statistics]") {
  summary const s = summary_of({5, 1, 3, 2, 9});
  CHECK(s.count == 5);
  CHECK(near(s.mean, 4));
  CHECK(s.median == 3);
  CHECK(s.min == 1);
  CHECK(s.max == 9);
  CHECK(s.q1 == 2);
  CHECK(s.q3 == 5);
  CHECK(s.iqr() == 3);
  CHECK(near(s.stdev, std::sqrt(40.0 / 4)));  // 1 + 9 + 1 + 4 + 25
  CHECK(summary_of({7}).stdev == 0);
  CHECK(summary_of({7}).iqr() == 0);
  CHECK(mentions(error_text([] { summary_of({}); }), "no samples"));
}

TEST_CASE("a ratio is that of medians, its quartiles are those of the rounds", "[bench][statistics]") {
  // ratios of rounds: 2, 3, 1, 2, 4
  ratio const r = ratio_of({2, 6, 3, 8, 20}, {1, 2, 3, 4, 5});
  CHECK(near(r.of_medians, 6.0 / 3));
  CHECK(near(r.q1, 2));
  CHECK(near(r.q3, 3));
  // a pause that hits both contenders of a round leaves the ratio of that round
  ratio const paused = ratio_of({2, 20, 2}, {1, 10, 1});
  CHECK((paused == ratio{2, 2, 2}));
  CHECK(mentions(error_text([] { ratio_of({1, 2}, {1}); }), "2 samples over 1"));
  CHECK(mentions(error_text([] { ratio_of({1}, {0}); }), "above 0"));
  CHECK(error_text([] { ratio_of({}, {}); }) != "");
}
