// SPDX-License-Identifier: MIT
#include <fsis/bench/comparison.hpp>

#include <bench/made_up.hpp>
#include <support/catch.hpp>

using namespace fsis_test;

namespace {

report report_of(std::vector<state> states) {
  report r;
  r.states = std::move(states);
  return r;
}

summary samples(double median, double iqr) {
  summary s;
  s.count = 5;
  s.median = median;
  s.q1 = median - iqr / 2;
  s.q3 = median + iqr / 2;
  return s;
}

}  // namespace

TEST_CASE("noise is what the samples' own spread says, at least two per cent", "[bench][comparison]") {
  // (10 + 6) / 2 over 100
  CHECK(std::abs(noise_of(samples(100, 10), samples(108, 6)) - 0.08) < 1e-12);
  CHECK(noise_of(samples(100, 0.1), samples(100, 0.1)) == least_noise);
  CHECK(compare(samples(100, 10), samples(107.9, 6)).change == change::same);
  CHECK(compare(samples(100, 10), samples(108.1, 6)).change == change::slower);
  CHECK(compare(samples(100, 10), samples(91.9, 6)).change == change::quicker);
  CHECK(compare(samples(100, 10), samples(92.1, 6)).change == change::same);
}

TEST_CASE("the user's noise takes its place", "[bench][comparison]") {
  CHECK(compare(samples(100, 50), samples(104, 50), 0.03).change == change::slower);
  CHECK(compare(samples(100, 0), samples(120, 0), 0.25).change == change::same);
  CHECK(compare(samples(100, 0), samples(100.1, 0), 0).change == change::slower);
  report const r = report_of({timed_state("a", "fsis", {1, 1, 1})});
  CHECK(mentions(error_text([&] { compare(r, r, -0.1); }), "noise", "-0.1"));
  CHECK(error_text([&] { compare(r, r, std::nan("")); }) != "");
}

TEST_CASE("what is in both reports is compared, what is in one is named", "[bench][comparison]") {
  report const before = report_of({timed_state("a", "fsis", {1, 1, 1}), timed_state("a", "peer", {1, 1, 1}),
                                   timed_state("b", "fsis", {2, 2, 2}), timed_state("gone", "fsis", {1})});
  report const after = report_of({timed_state("new", "fsis", {1}), timed_state("b", "fsis", {1, 1, 1}),
                                  timed_state("a", "fsis", {1.01, 1.01, 1.01}), timed_state("a", "peer", {3, 3, 3})});
  comparison const c = compare(before, after);
  REQUIRE(c.rows.size() == 5);
  CHECK(c.rows[0].what == "a fsis height=96 width=96 threads=1 warm");
  CHECK(c.rows[0].change == change::same);
  CHECK(c.rows[1].change == change::slower);
  CHECK(c.rows[1].ratio == 3);
  CHECK(c.rows[2].change == change::quicker);
  CHECK(c.rows[2].ratio == 0.5);
  CHECK(c.rows[3].change == change::missing);
  CHECK(mentions(c.rows[3].what, "gone"));
  CHECK(mentions(c.rows[4].what, "new"));
  CHECK_FALSE(c.is_fine());
  CHECK(compare(before, before).is_fine());
  CHECK(mentions(comparison_text(c), "SLOWER", "quicker", "in one report alone", "3.000", "2.0%"));
}

TEST_CASE("another setting, cache or clock is another thing", "[bench][comparison]") {
  state const s = timed_state("a", "fsis", {1});
  CHECK(mentions(error_text([&] { compare(report_of({s}), report_of({timed_state("a", "fsis", {1}, 48)})); }), "none",
                 "common"));
  state cold = s;
  std::swap(cold.warm, cold.cold);
  CHECK(error_text([&] { compare(report_of({s}), report_of({cold})); }) != "");
  state other = s;
  other.clock = "gpu";
  CHECK(error_text([&] { compare(report_of({s}), report_of({other})); }) != "");
  CHECK(error_text([&] { compare(report_of({}), report_of({})); }) != "");
}

TEST_CASE("what was right and is wrong now is worse than slow", "[bench][comparison]") {
  state broken = timed_state("a", "fsis", {1});
  broken.warm.reset();
  broken.result = outcome::wrong;
  report const good = report_of({timed_state("a", "fsis", {1})}), bad = report_of({broken});
  comparison const c = compare(good, bad);
  REQUIRE(c.rows.size() == 1);
  CHECK(c.rows[0].change == change::broken);
  CHECK_FALSE(c.is_fine());
  CHECK(mentions(comparison_text(c), "BROKEN"));
}

TEST_CASE("two machines are noticed", "[bench][comparison]") {
  report const a = report_of({timed_state("a", "fsis", {1})});
  report b = a;
  CHECK(compare(a, b).is_same_device);
  b.device.name = "another";
  CHECK_FALSE(compare(a, b).is_same_device);
}
