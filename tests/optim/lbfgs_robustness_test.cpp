// SPDX-License-Identifier: MIT
#include <fsis/optim/lbfgs.hpp>

#include <optim/objective.hpp>
#include <support/catch.hpp>
#include <support/near.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace fsis;
using namespace fsis_test;
using namespace fsis::optim;

namespace {

double const nan_value = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("a start that is not finite is said to be so, and nothing is thrown") {
  recorded<double> value([](double const*, double* g) {
    g[0] = 1;
    return nan_value;
  });
  auto const r = solve(value, {2});
  CHECK(r.status == lbfgs_status::non_finite_start);
  CHECK(r.evaluations == 1);
  CHECK(std::isnan(r.value));
  CHECK(to_host(cpu_context{}, r.x)[0] == 2);

  recorded<double> slope([](double const*, double* g) {
    g[0] = 0;
    g[1] = nan_value;
    g[2] = 1;
    return 1.0;
  });
  CHECK(solve(slope, {1, 2, 3}).status == lbfgs_status::non_finite_start);
}

TEST_CASE("the run backs out of where the function is not finite") {
  // -sum log(1 - x_i) - c_i x_i is defined for x_i < 1; its minimum lies at 1 - 1 / c_i
  for (double outside : {nan_value, HUGE_VAL, -HUGE_VAL}) {
    recorded<double> objective([outside](double const* x, double* g) {
      double f = 0;
      for (int i = 0; i < 3; ++i) {
        double const c = i == 0 ? 1.5 : i == 1 ? 20 : 400;
        g[i] = 1 / (1 - x[i]) - c;
        f += x[i] < 1 ? -std::log(1 - x[i]) - c * x[i] : outside;
      }
      return f;
    });
    auto const r = solve(objective, {0.9, -3, 0.5});
    INFO(to_string(r.status) << " after " << r.evaluations);
    bool left = false;
    for (double v : objective.values()) left = left || !std::isfinite(v);
    CHECK(left);
    CHECK(r.status == lbfgs_status::gradient_converged);
    auto const x = to_host(cpu_context{}, r.x);
    CHECK_NEAR(x[0], 1 - 1 / 1.5, 1e-7);
    CHECK_NEAR(x[1], 1 - 1 / 20.0, 1e-7);
    CHECK_NEAR(x[2], 1 - 1 / 400.0, 1e-7);
  }
}

TEST_CASE("a gradient of another function is told from the end of precision") {
  recorded<double> reversed([](double const* x, double* g) {
    g[0] = -2 * x[0];
    return x[0] * x[0];
  });
  auto const wrong = solve(reversed, {3});
  CHECK(wrong.status == lbfgs_status::line_search_failed);
  CHECK(wrong.value == 9);
  CHECK(wrong.evaluations <= 60);

  // a ripple far below the last digit of the value
  recorded<double> flat([](double const* x, double* g) {
    g[0] = 1e-9 * std::cos(1e9 * x[0]);
    return 1e9 + 1e-18 * std::sin(1e9 * x[0]);
  });
  auto const end = solve(flat, {0}, [] {
    lbfgs_options o;
    o.gradient_tolerance = 0;
    return o;
  }());
  CHECK(end.status == lbfgs_status::stagnated_at_precision);
  CHECK(end.evaluations <= 200);
}

TEST_CASE("awkward functions end with an honest status") {
  SECTION("a kink has no small gradient") {
    recorded<double> objective([](double const* x, double* g) {
      g[0] = x[0] < 0 ? -1 : 1;
      g[1] = x[1] < 0 ? -3 : 3;
      return std::abs(x[0]) + 3 * std::abs(x[1]);
    });
    lbfgs_options options;
    options.max_evaluations = 1000;  // the value may halve until it vanishes
    auto const r = solve(objective, {0.7, -1.3}, options);
    INFO(to_string(r.status) << " at " << r.value << " after " << r.evaluations);
    CHECK(r.status != lbfgs_status::gradient_converged);
    CHECK(r.evaluations <= 1000);
    CHECK(r.value <= 1e-6);
  }
  SECTION("a function without a minimum is followed until it overflows or the budget is spent") {
    recorded<double> objective([](double const* x, double* g) {
      g[0] = -1;
      g[1] = 0;
      return -x[0] + 0 * x[1];
    });
    lbfgs_options options;
    options.max_evaluations = 300;
    auto const r = solve(objective, {0, 0}, options);
    INFO(to_string(r.status) << " at " << r.value << " after " << r.evaluations);
    CHECK(r.status != lbfgs_status::gradient_converged);
    CHECK(r.value < -1e10);
    CHECK(r.value == objective.least());
  }
  SECTION("a stationary start is a point with a small gradient, and no more is claimed") {
    recorded<double> objective([](double const* x, double* g) {
      g[0] = 2 * x[0];
      g[1] = -2 * x[1];
      return x[0] * x[0] - x[1] * x[1];
    });
    auto const r = solve(objective, {0, 0});
    CHECK(r.status == lbfgs_status::gradient_converged);
    CHECK(r.evaluations == 1);
  }
  SECTION("huge and tiny scales") {
    for (double scale : {1e-150, 1e-30, 1e30, 1e150}) {
      recorded<double> objective([scale](double const* x, double* g) {
        double const f = scale * rosenbrock(x, g);
        g[0] *= scale;
        g[1] *= scale;
        return f;
      });
      lbfgs_options options;
      options.gradient_tolerance = 1e-8 * scale;
      auto const r = solve(objective, {-1.2, 1}, options);
      INFO("scale " << scale << ": " << to_string(r.status) << " after " << r.evaluations);
      CHECK(r.value <= 1e-14 * scale);
    }
  }
}
