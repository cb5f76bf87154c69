// SPDX-License-Identifier: MIT
#include <fsis/optim/line_search.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>

#include <cmath>
#include <limits>

using namespace fsis::optim;

namespace {

struct sample {
  double value, slope;
};

// Test functions 1 to 3 and 4 of More and Thuente (ACM TOMS 20, 1994, section 5, equations 5.1 to 5.4).
sample rational(double a) {
  double const b = 2, d = a * a + b;
  return {-a / d, (a * a - b) / (d * d)};
}

sample power(double a) {
  double const b = 0.004, u = a + b;
  return {std::pow(u, 5) - 2 * std::pow(u, 4), 5 * std::pow(u, 4) - 8 * std::pow(u, 3)};
}

sample oscillating(double a) {
  double const pi = 3.14159265358979323846, b = 0.01, l = 39;
  double const base = a <= 1 - b ? 1 - a : a >= 1 + b ? a - 1 : (a - 1) * (a - 1) / (2 * b) + b / 2;
  double const base_slope = a <= 1 - b ? -1 : a >= 1 + b ? 1 : (a - 1) / b;
  return {base + 2 * (1 - b) / (l * pi) * std::sin(l * pi / 2 * a), base_slope + (1 - b) * std::cos(l * pi / 2 * a)};
}

sample two_scales(double a) {
  auto const gamma = [](double b) { return std::sqrt(1 + b * b) - b; };
  double const b1 = 0.001, b2 = 0.01;
  double const u = std::sqrt((1 - a) * (1 - a) + b2 * b2), v = std::sqrt(a * a + b1 * b1);
  return {gamma(b1) * u + gamma(b2) * v, -gamma(b1) * (1 - a) / u + gamma(b2) * a / v};
}

search_start start_of(sample (*phi)(double), double first) {
  search_start s;
  s.value = phi(0).value;
  s.slope = phi(0).slope;
  s.first = first;
  return s;
}

strong_wolfe_search run(sample (*phi)(double), search_start const& start, search_options const& options) {
  strong_wolfe_search search(start, options);
  while (search.state() == search_state::trying) {
    sample const s = phi(search.step());
    if (std::isfinite(s.value))
      search.report(s.value, s.slope);
    else
      search.report_non_finite();
  }
  return search;
}

}  // namespace

TEST_CASE("the search finds strong Wolfe points of More and Thuente's functions") {
  struct row {
    sample (*phi)(double);
    double c1, c2;
  };
  for (row const& r :
       {row{rational, 1e-3, 0.1}, row{power, 0.1, 0.1}, row{oscillating, 0.1, 0.1}, row{two_scales, 1e-3, 1e-3}}) {
    for (double first : {1e-3, 1e-1, 1e1, 1e3}) {
      search_start const start = start_of(r.phi, first);
      auto const search = run(r.phi, start, {r.c1, r.c2, 30});
      INFO("c2 " << r.c2 << ", first " << first << ", step " << search.step() << " after " << search.evaluations());
      REQUIRE(search.state() == search_state::accepted);
      sample const s = r.phi(search.step());
      CHECK(s.value <= start.value + r.c1 * search.step() * start.slope);
      CHECK(std::abs(s.slope) <= r.c2 * -start.slope);
      CHECK(search.evaluations() <= 15);
    }
  }
}

TEST_CASE("the search never asks for more evaluations than allowed") {
  for (int allowed : {1, 2, 3}) {
    auto const search = run(two_scales, start_of(two_scales, 1e3), {1e-3, 1e-6, allowed});
    CHECK(search.state() == search_state::exhausted);
    CHECK(search.evaluations() == allowed);
  }
}

TEST_CASE("the search goes no farther than the largest step, and takes it when the function still falls there") {
  auto const falling = [](double a) { return sample{-a, -1}; };
  search_start start = start_of(falling, 1);
  start.largest = 50;
  auto const search = run(falling, start, {});
  CHECK(search.state() == search_state::accepted);
  CHECK(search.step() == 50);
}

TEST_CASE("the search backs out of where the function is not finite") {
  // log barrier: defined for a < 1 only, minimum at 0.5
  auto const barrier = [](double a) {
    return a < 1 ? sample{-std::log(1 - a) - 2 * a, 1 / (1 - a) - 2} : sample{std::nan(""), 0};
  };
  for (double first : {0.1, 1.0, 1.5, 100.0, 1e6}) {
    auto const search = run(barrier, start_of(barrier, first), {1e-3, 0.1, 20});
    INFO("first " << first << ", step " << search.step());
    CHECK(search.state() == search_state::accepted);
    CHECK_NEAR(search.step(), 0.5, 0.06);
  }
  auto const nowhere = [](double a) { return a > 0 ? sample{std::nan(""), 0} : sample{0, -1}; };
  auto const lost = run(nowhere, start_of(nowhere, 1), {});
  CHECK(lost.state() == search_state::exhausted);
  CHECK(lost.walled_in());
}

TEST_CASE("a slope of another function is noticed, a minimum below rounding is not mistaken for it") {
  auto const liar = [](double a) { return sample{a, -1}; };  // rises, and says that it falls
  auto const caught = run(liar, start_of(liar, 1), {});
  CHECK(caught.state() == search_state::exhausted);
  CHECK(caught.contradicted());

  // 1e6 + (a - 1e-9)^2: the fall of 1e-18 cannot be seen, the rise beyond it can
  auto const shallow = [](double a) { return sample{1e6 + (a - 1e-9) * (a - 1e-9), 2 * (a - 1e-9)}; };
  search_start start = start_of(shallow, 1);
  start.value_rounding = 4 * std::numeric_limits<double>::epsilon() * 1e6;
  CHECK_FALSE(run(shallow, start, {}).contradicted());
}

TEST_CASE("where values differ by rounding alone the slopes decide") {
  // the values say nothing but 1, the slopes are those of (a - 1)^2 * 1e-20
  auto const flat = [](double a) { return sample{1, 2e-20 * (a - 1)}; };
  search_start start = start_of(flat, 0.01);
  start.value_rounding = 1e-15;
  auto const search = run(flat, start, {1e-3, 0.1, 20});
  CHECK(search.state() == search_state::accepted);
  CHECK_NEAR(search.step(), 1, 0.11);
}
