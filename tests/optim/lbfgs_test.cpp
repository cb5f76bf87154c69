// SPDX-License-Identifier: MIT
#include <fsis/optim/lbfgs.hpp>

#include <optim/objective.hpp>
#include <support/catch.hpp>
#include <support/near.hpp>

#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace fsis;
using namespace fsis_test;
using namespace fsis::optim;

namespace {

/// Sum over pairs of Rosenbrock's function, each with a constant of its own, on tensors large enough for several
/// tasks. Its own sums run in one thread, so that only the optimiser could depend on the number of threads.
template <class T>
evaluation many_valleys(tensor<T> const& x, tensor<T>& g) {
  double value = 0;
  for (index_t i = 0; i < x.size(); i += 2) {
    double const u = static_cast<double>(x.data()[i]), v = static_cast<double>(x.data()[i + 1]);
    double const steep = 1.0 + static_cast<double>(i % 10), a = v - u * u, b = 1 - u;
    g.data()[i] = static_cast<T>(-4 * steep * a * u - 2 * b);
    g.data()[i + 1] = static_cast<T>(2 * steep * a);
    value += steep * a * a + b * b;
  }
  return {value};
}

template <class T>
std::vector<T> run_on_threads(int threads) {
  cpu_context const ctx{cpu_options{threads}};
  std::vector<T> x0(60000);
  for (std::size_t i = 0; i < x0.size(); ++i) x0[i] = static_cast<T>(0.001 * static_cast<double>(i % 997) - 0.5);
  lbfgs_options options;
  options.max_evaluations = 25;
  auto const r = minimize(ctx, from_host<T>(ctx, {100, 600}, x0), many_valleys<T>, options);
  CHECK(r.evaluations == 25);
  return to_host(ctx, r.x);
}

}  // namespace

TEST_CASE("the result holds the best point and says where it came from") {
  recorded<double> objective(rosenbrock);
  auto const r = solve(objective, {-1.2, 1});
  CHECK(r.status == lbfgs_status::gradient_converged);
  CHECK_NEAR(r.value, 0, 1e-15);
  CHECK(r.gradient_norm <= 1e-8);
  CHECK(r.evaluations == objective.calls());
  CHECK(r.iterations < r.evaluations);
  CHECK_NEAR(to_host(cpu_context{}, r.x)[0], 1, 1e-7);
}

TEST_CASE("a verdict ends the run at once, with the best point and the last one") {
  for (index_t call : {1, 2, 3, 7}) {
    recorded<double> objective(rosenbrock);
    objective.stop_at(call);
    auto const r = solve(objective, {-1.2, 1});
    CHECK(r.status == lbfgs_status::stopped_by_objective);
    CHECK(objective.calls() == call);
    CHECK(r.value == objective.least());
    CHECK(r.last_value == objective.values().back());
    CHECK(to_host(cpu_context{}, r.last_x) == objective.points().back());
  }
}

TEST_CASE("the best point is returned where the last one is worse") {
  // the first trial overshoots: 1e4 x^2 from 0.01, by a step of length 1
  recorded<double> objective([](double const* x, double* g) {
    g[0] = 2e4 * x[0];
    return 1e4 * x[0] * x[0];
  });
  lbfgs_options options;
  options.max_evaluations = 2;
  auto const r = solve(objective, {0.01}, options);
  CHECK(r.status == lbfgs_status::max_evaluations);
  CHECK(r.value == 1);
  CHECK(to_host(cpu_context{}, r.x)[0] == 0.01);
  CHECK_NEAR(r.gradient_norm, 200, 1e-10);
  CHECK_NEAR(r.last_value, 9801, 1e-8);
  CHECK_NEAR(to_host(cpu_context{}, r.last_x)[0], -0.99, 1e-15);
}

TEST_CASE("the cap is exact, whatever the line search is doing") {
  for (index_t cap = 1; cap <= 45; ++cap) {
    recorded<double> objective(rosenbrock);
    lbfgs_options options;
    options.max_evaluations = cap;
    auto const r = solve(objective, {-1.2, 1}, options);
    CHECK(objective.calls() == cap);
    CHECK(r.evaluations == cap);
    CHECK(r.status == lbfgs_status::max_evaluations);
    CHECK(r.value == objective.least());
    CHECK(to_host(cpu_context{}, r.last_x) == objective.points().back());
  }
}

TEST_CASE("the number of iterations has a cap, too") {
  for (index_t cap : {0, 1, 5}) {
    recorded<double> objective(rosenbrock);
    lbfgs_options options;
    options.max_iterations = cap;
    auto const r = solve(objective, {-1.2, 1}, options);
    CHECK(r.status == lbfgs_status::max_iterations);
    CHECK(r.iterations == cap);
  }
}

TEST_CASE("no evaluation begins after the deadline, save the first") {
  auto const slow = [](tensor<double> const& x, tensor<double>& g) {
    std::this_thread::sleep_for(std::chrono::milliseconds(4));
    return evaluation{rosenbrock(x.data(), g.data())};
  };
  cpu_context const ctx;
  lbfgs_options options;
  options.time_budget = 14;
  auto const r = minimize(ctx, start(ctx, {-1.2, 1}), slow, options);
  CHECK(r.status == lbfgs_status::deadline);
  CHECK(r.evaluations >= 1);
  CHECK(r.evaluations <= 4);

  options.time_budget = std::numeric_limits<double>::infinity();
  options.deadline = std::chrono::steady_clock::now();
  auto const late = minimize(ctx, start(ctx, {-1.2, 1}), slow, options);
  CHECK(late.status == lbfgs_status::deadline);
  CHECK(late.evaluations == 1);
  CHECK_NEAR(late.value, 24.2, 1e-12);
}

TEST_CASE("the run may end by the fall of the value") {
  recorded<double> objective(rosenbrock);
  lbfgs_options options;
  options.value_tolerance = 0.05;
  auto const r = solve(objective, {-1.2, 1}, options);
  CHECK(r.status == lbfgs_status::value_converged);
  CHECK(r.value < 5);
}

TEST_CASE("the first step has the length that the options name") {
  auto const bowl = [](double scale) {
    return [scale](double const* x, double* g) {
      g[0] = 2 * scale * x[0];
      g[1] = 0;
      return scale * x[0] * x[0];
    };
  };
  auto const second = [&](double scale, first_step first) {
    recorded<double> objective(bowl(scale));
    lbfgs_options options;
    options.first = first;
    options.max_evaluations = 2;
    solve(objective, {2, 5}, options);
    return objective.points()[1][0];
  };
  CHECK_NEAR(second(10, first_step::unit_length), 1, 1e-15);
  CHECK_NEAR(second(0.05, first_step::unit_length), 1, 1e-15);
  CHECK_NEAR(second(10, first_step::at_most_unit_length), 1, 1e-15);
  CHECK_NEAR(second(0.05, first_step::at_most_unit_length), 1.8, 1e-15);
}

TEST_CASE("a workspace serves many runs, and what it returned stays as it was") {
  cpu_context const ctx;
  lbfgs<double> workspace(ctx, {2});
  recorded<double> objective(rosenbrock);
  auto const first = workspace.run(ctx, start(ctx, {-1.2, 1}), objective);
  auto const x = to_host(ctx, first.x), last = to_host(ctx, first.last_x);

  lbfgs_options options;
  options.max_evaluations = 5;
  workspace.set_options(options);
  auto const second = workspace.run(ctx, first.x, objective);
  CHECK(second.evaluations == 1);
  auto const third = workspace.run(ctx, start(ctx, {3, 4}), objective);
  CHECK(third.status == lbfgs_status::max_evaluations);
  CHECK(to_host(ctx, first.x) == x);
  CHECK(to_host(ctx, first.last_x) == last);

  workspace.set_options({});
  auto const again = workspace.run(ctx, start(ctx, {-1.2, 1}), objective);
  CHECK(to_host(ctx, again.x) == x);
  CHECK(again.evaluations == first.evaluations);

  options.history = 3;
  CHECK(mentions(error_text([&] { workspace.set_options(options); }), "history 3", "10"));
}

TEST_CASE("nothing is allocated after the first iteration") {
  cpu_context const ctx{cpu_options{1}};
  std::size_t const n = 40000;
  lbfgs<float> workspace(ctx, {static_cast<index_t>(n)});
  auto const x0 = from_host<float>(ctx, {static_cast<index_t>(n)}, std::vector<float>(n, 0.3f));
  auto const held = [&] {
    auto const s = ctx.memory().statistics();
    return s.in_use + s.cached;
  };
  lbfgs_options options;
  options.max_evaluations = 60;
  options.gradient_tolerance = 0;
  workspace.set_options(options);
  std::vector<std::size_t> seen;
  auto const objective = [&](tensor<float> const& x, tensor<float>& g) {
    seen.push_back(held());
    return many_valleys(x, g);
  };
  workspace.run(ctx, x0, objective);
  REQUIRE(seen.size() > 20);
  for (std::size_t i = 3; i < seen.size(); ++i) CHECK(seen[i] == seen[3]);

  ctx.memory().reset_peak();
  std::size_t const before = held();
  workspace.run(ctx, x0, objective);
  CHECK(held() == before);
}

TEST_CASE("the objective may hand over another tensor as its gradient, and its errors pass through") {
  cpu_context const ctx;
  lbfgs<double> workspace(ctx, {2});
  auto const r = workspace.run(ctx, start(ctx, {-1.2, 1}), [&](tensor<double> const& x, tensor<double>& g) {
    tensor<double> own(ctx, {2});
    double const f = rosenbrock(x.data(), own.data());
    g = own;
    return evaluation{f};
  });
  CHECK(r.status == lbfgs_status::gradient_converged);

  auto const wrong_shape = error_text([&] {
    workspace.run(ctx, start(ctx, {-1.2, 1}), [&](tensor<double> const&, tensor<double>& g) {
      g = tensor<double>(ctx, {3});
      return evaluation{0};
    });
  });
  CHECK(mentions(wrong_shape, "lbfgs", "(3)", "(2)"));
  CHECK_THROWS_AS(workspace.run(ctx, start(ctx, {0, 0}),
                                [](tensor<double> const&, tensor<double>&) -> evaluation {
                                  throw std::runtime_error("out of paper");
                                }),
                  std::runtime_error);
  recorded<double> objective(rosenbrock);
  CHECK(workspace.run(ctx, start(ctx, {-1.2, 1}), objective).evaluations == r.evaluations);
}

TEST_CASE("misuse is refused by name and number") {
  cpu_context const ctx;
  recorded<double> objective(rosenbrock);
  CHECK(mentions(error_text([&] { lbfgs<double>(ctx, {0}); }), "(0)", "no elements"));
  CHECK(mentions(error_text([&] {
                   lbfgs<double>(ctx, {2}).run(ctx, start(ctx, {1, 2, 3}), objective);
                 }),
                 "(3)", "(2)"));
  CHECK(mentions(error_text([&] { minimize(ctx, tensor<double>(), objective); }), "lbfgs"));
  lbfgs_options options;
  options.history = 0;
  CHECK(mentions(error_text([&] { solve(objective, {1, 1}, options); }), "history 0"));
  CHECK(objective.calls() == 0);
}

TEST_CASE("any number of threads gives the same bytes") {
  auto const in_double = run_on_threads<double>(1);
  auto const in_float = run_on_threads<float>(1);
  for (int threads : {2, 3, 7}) {
    auto const d = run_on_threads<double>(threads);
    CHECK(std::memcmp(d.data(), in_double.data(), d.size() * sizeof(double)) == 0);
    auto const f = run_on_threads<float>(threads);
    CHECK(std::memcmp(f.data(), in_float.data(), f.size() * sizeof(float)) == 0);
  }
}
