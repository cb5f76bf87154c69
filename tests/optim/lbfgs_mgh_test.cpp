// SPDX-License-Identifier: MIT
#include <fsis/optim/lbfgs.hpp>

#include <optim/objective.hpp>
#include <support/catch.hpp>
#include <support/mgh/problems.hpp>
#include <support/near.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace fsis;
using namespace fsis_test;
using namespace fsis::optim;

namespace {

struct known_problem {
  mgh::problem problem;
  mgh::expectation known;

  /// The accepted final value nearest to f.
  double target(double f) const {
    double nearest = known.minimum;
    for (double other : known.others)
      if (std::abs(f - other) < std::abs(f - nearest)) nearest = other;
    return nearest;
  }

  /// The value at which the part `tau` of the fall from the start to `end` is still missing.
  double level(double end, double tau) const { return end + tau * (known.at_start - end); }
};

std::vector<known_problem> all_problems() {
  std::vector<known_problem> all;
  auto const problems = mgh::problems();
  for (std::size_t i = 0; i < problems.size(); ++i) all.push_back({problems[i], mgh::expectations()[i]});
  return all;
}

template <class T>
lbfgs_result<T> solve(mgh::problem const& p, recorded<T>& objective, lbfgs_options const& options = {}) {
  cpu_context const ctx{cpu_options{1}};
  return minimize(ctx, from_host<T>(ctx, {p.n()}, std::vector<T>(p.start.begin(), p.start.end())), objective,
                  options);
}

void check_slopes(mgh::point const& found, mgh::point const& wanted) {
  double largest = 0;
  for (double w : wanted) largest = std::max(largest, std::abs(w));
  for (std::size_t k = 0; k < wanted.size(); ++k) CHECK_NEAR(found[k], wanted[k], 1e-12 * largest);
}

}  // namespace

TEST_CASE("the test functions have the published values and gradients") {
  REQUIRE(mgh::problems().size() == 37);
  REQUIRE(mgh::expectations().size() == 37);
  for (auto const& p : all_problems()) {
    INFO(p.problem.name);
    REQUIRE(p.known.probe.size() == p.problem.start.size());
    mgh::point g(p.problem.start.size());
    CHECK_NEAR(p.problem(p.problem.start.data(), g.data()), p.known.at_start, 1e-12 * p.known.at_start);
    check_slopes(g, p.known.start_slope);
    CHECK_NEAR(p.problem(p.known.probe.data(), g.data()), p.known.at_probe, 1e-12 * p.known.at_probe);
    check_slopes(g, p.known.probe_slope);
  }
}

TEST_CASE("double precision solves every test problem within the budget, and says what it reached") {
  for (int history : {10, 20}) {
    lbfgs_options options;
    options.history = history;
    for (auto const& p : all_problems()) {
      recorded<double> objective(p.problem);
      auto const r = solve<double>(p.problem, objective, options);
      double const target = p.target(r.value);
      INFO(p.problem.name << ", history " << history << ": " << to_string(r.status) << " after " << r.evaluations
                          << " evaluations, f = " << r.value << ", |g| = " << r.gradient_norm);

      CHECK((r.status == lbfgs_status::gradient_converged || r.status == lbfgs_status::stagnated_at_precision));
      CHECK_NEAR(r.value, target, 1e-8 * std::max(1.0, std::abs(target)));
      CHECK(r.evaluations == objective.calls());
      CHECK(r.evaluations < options.max_evaluations);

      // what the result says of its point is true
      auto const x = to_host(cpu_context{cpu_options{1}}, r.x);
      mgh::point g(x.size());
      CHECK_NEAR(p.problem(x.data(), g.data()), r.value, 1e-12 * std::abs(r.value));
      CHECK_NEAR(largest_slope(p.problem, x), r.gradient_norm, 1e-12 * (1 + p.known.at_start));
      if (r.status == lbfgs_status::gradient_converged) CHECK(r.gradient_norm <= options.gradient_tolerance);

      auto const needed = objective.calls_to(p.level(target, 1e-6));
      CHECK(needed > 0);
      if (p.known.evaluations >= 10) CHECK(static_cast<double>(needed) <= 3 * p.known.evaluations);
    }
  }
}

TEST_CASE("at most one test problem ends by rounding in double precision") {
  int stagnated = 0;
  for (auto const& p : all_problems()) {
    recorded<double> objective(p.problem);
    stagnated += solve<double>(p.problem, objective).status == lbfgs_status::stagnated_at_precision;
  }
  CHECK(stagnated <= 1);  // Meyer's, whose third variable is known to six digits only
}

TEST_CASE("the cap on evaluations is never exceeded, and the best point is returned") {
  for (index_t cap : {1, 2, 3, 20}) {
    lbfgs_options options;
    options.max_evaluations = cap;
    options.history = 20;
    for (auto const& p : all_problems()) {
      recorded<double> objective(p.problem);
      auto const r = solve<double>(p.problem, objective, options);
      INFO(p.problem.name << " with at most " << cap << ": " << to_string(r.status));
      CHECK(objective.calls() <= cap);
      CHECK(r.evaluations == objective.calls());
      if (r.status == lbfgs_status::max_evaluations) {
        CHECK(objective.calls() == cap);
        CHECK(r.value == objective.least());
      } else {
        CHECK(r.status == lbfgs_status::gradient_converged);
      }
    }
  }
}

TEST_CASE("float reaches most of the fall of most test problems and never claims a gradient it has not") {
  int reached = 0;
  for (auto const& p : all_problems()) {
    recorded<float> objective(p.problem);
    auto const r = solve<float>(p.problem, objective);
    INFO(p.problem.name << ": " << to_string(r.status) << " after " << r.evaluations
                        << " evaluations, f = " << r.value << ", |g| = " << r.gradient_norm);
    bool const done = r.value <= p.level(p.target(r.value), 1e-3);
    if (!done) WARN(p.problem.name << " in float ends at " << r.value);
    reached += done;
    CHECK(r.status != lbfgs_status::line_search_failed);
    CHECK(r.evaluations <= 500);
    auto const x = to_host(cpu_context{cpu_options{1}}, r.x);
    double const slope = largest_slope(p.problem, std::vector<double>(x.begin(), x.end()));
    if (r.status == lbfgs_status::gradient_converged) CHECK(slope <= 10 * lbfgs_options{}.gradient_tolerance);
  }
  CHECK(reached >= 33);
}
