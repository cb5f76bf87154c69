// SPDX-License-Identifier: MIT
#include <fsis/interactive/refine.hpp>

#include <support/near.hpp>

#include <vector>

using namespace fsis;
using matrix = tensor<double>;

namespace {

// (x - 3)^2 + 10 (y + 1)^2. Its clicks are right at evaluation `good_at` alone, with which a run ends or does not.
struct bowl {
  int good_at = 0;
  bool ends = true;
  double right_from = 1e9;  // of the first variable
  int calls = 0;
  std::vector<double> values;
  std::vector<std::vector<double>> points;

  optim::evaluation operator()(cpu_context const& ctx, matrix const& x, matrix& g) {
    auto const p = to_host(ctx, x);
    double const dx = p[0] - 3, dy = p[1] + 1;
    g = from_host<double>(ctx, {2}, {2 * dx, 20 * dy});
    values.push_back(dx * dx + 10 * dy * dy);
    points.push_back(p);
    return {values.back(), ++calls == good_at && ends};
  }
  bool settled() const { return false; }
  bool all_right() const { return !points.empty() && right_from <= points.back()[0]; }

  struct point {
    matrix x;
    double value;
  };
  point best_right() const {
    if (good_at == 0 || calls < good_at) return {matrix(), 0};
    std::size_t const i = static_cast<std::size_t>(good_at) - 1;
    return {from_host<double>(cpu_context(), {2}, points[i]), values[i]};
  }
};

auto run(bowl& f, optim::lbfgs_options const& o) {
  cpu_context ctx;
  auto r = interactive::refine(ctx, ops::zeros<double>(ctx, {2}), f, o);
  return std::make_pair(r, to_host(ctx, r.x));
}

}  // namespace

TEST_CASE("a refinement never makes more evaluations than it may, and gives the lowest of them") {
  for (index_t const most : {1, 2, 3, 4, 5, 20}) {
    bowl f;
    optim::lbfgs_options o;
    o.max_evaluations = most;
    auto const r = run(f, o);
    CHECK(r.first.evaluations == f.calls);
    CHECK(r.first.evaluations <= most);
    auto const lowest = std::min_element(f.values.begin(), f.values.end()) - f.values.begin();
    CHECK_NEAR(r.first.loss, f.values[static_cast<std::size_t>(lowest)], 1e-12);
    CHECK(r.second == f.points[static_cast<std::size_t>(lowest)]);
    CHECK(r.first.status == (most < 20 ? click_status::max_evaluations : click_status::converged));
  }
}

TEST_CASE("the evaluation that found every click right is the result, though others had a lower loss") {
  for (bool const ends : {true, false}) {
    bowl f;
    f.good_at = 2;
    f.ends = ends;
    auto const r = run(f, {});
    CHECK(r.second == f.points[1]);
    CHECK_NEAR(r.first.loss, f.values[1], 1e-12);
    CHECK(r.first.status == (ends ? click_status::clicks_right : click_status::converged));
    if (ends) CHECK(r.first.evaluations == 2);
    if (!ends) CHECK(f.values.back() < f.values[1]);
  }
}

TEST_CASE("a smaller change is looked for with the evaluations that are left") {
  cpu_context ctx;
  for (index_t const most : {20, 4, 2}) {
    bowl f;
    f.good_at = 2;
    f.right_from = 0.1;
    optim::lbfgs_options o;
    o.max_evaluations = most;
    auto const x0 = ops::zeros<double>(ctx, {2});
    auto const r = interactive::refine(ctx, x0, f, o, 5);
    auto const x = to_host(ctx, r.x);
    CHECK(r.evaluations == hd_min(most, index_t{7}));
    CHECK(f.calls == r.evaluations);
    double const far = f.points[1][0];
    CHECK(x[0] >= 0.1);  // right, still
    if (most == 20) CHECK(x[0] - 0.1 <= far / 32);
    if (most == 2) CHECK(x[0] == far);
    CHECK_NEAR(x[1] / x[0], f.points[1][1] / far, 1e-12);  // on the way from x0
    CHECK_NEAR(r.loss, (x[0] - 3) * (x[0] - 3) + 10 * (x[1] + 1) * (x[1] + 1), 1e-12);
  }
  // right from the start: nothing to shrink
  bowl f;
  f.good_at = 1;
  f.right_from = -1e9;
  CHECK(interactive::refine(ctx, ops::zeros<double>(ctx, {2}), f, {}, 5).evaluations == 1);
}

TEST_CASE("after the deadline one evaluation is made and no other") {
  bowl f;
  optim::lbfgs_options o;
  o.deadline = std::chrono::steady_clock::now();
  auto const r = run(f, o);
  CHECK(r.first.status == click_status::deadline);
  CHECK(r.first.evaluations == 1);
  CHECK(r.second == std::vector<double>{0, 0});
}

TEST_CASE("a session's options become limits of the optimiser") {
  session_options o;
  o.max_evaluations = 7;
  o.history_pairs = 5;
  auto const when = std::chrono::steady_clock::now();
  auto const l = interactive::lbfgs_options_of(o, when);
  CHECK(l.max_evaluations == 7);
  CHECK(l.history == 5);
  CHECK(l.deadline == when);
  CHECK(l.first == optim::first_step::unit_length);
}
