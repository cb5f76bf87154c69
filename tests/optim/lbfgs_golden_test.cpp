// SPDX-License-Identifier: MIT
#include <fsis/optim/lbfgs.hpp>

#include <optim/objective.hpp>
#include <support/catch.hpp>
#include <support/near.hpp>

#include <cmath>
#include <vector>

using namespace fsis;
using namespace fsis_test;
using namespace fsis::optim;

namespace {

enum class stop_rule { none, clicks, clicks_or_settled_mask };

/// Golden G7, a small f-BRS: six pixels of two features, scaled by 1 + x0 and 1 + x1 and moved by x2 and x3, and a
/// linear head. Pixels 0 and 2 have positive clicks, pixel 1 has a negative one.
class toy_refinement {
 public:
  explicit toy_refinement(stop_rule rule) : rule_(rule) {}

  evaluation operator()(tensor<double> const& x, tensor<double>& g) {
    ++calls;
    double const feature[2][6] = {{1, 2, 0, 0.5, -1, 1}, {0, 1, -1, 2, 0.5, -0.5}};
    double const weight[2] = {0.8, -0.6};
    double const* at = x.data();
    double* slope = g.data();
    double value = 0;
    for (int c = 0; c < 2; ++c) {
      value += 1e-3 * (at[c] * at[c] + 10 * at[2 + c] * at[2 + c]);
      slope[c] = 2e-3 * at[c];
      slope[2 + c] = 2e-2 * at[2 + c];
    }
    std::vector<bool> mask;
    double worst_positive = 0, worst_negative = 0;
    for (int i = 0; i < 6; ++i) {
      double logit = -0.1;
      for (int c = 0; c < 2; ++c) logit += weight[c] * (feature[c][i] * (1 + at[c]) + at[2 + c]);
      double const p = 1 / (1 + std::exp(-logit));
      mask.push_back(p > 0.49);
      if (i > 2) continue;
      bool const positive = i != 1;
      double const error = positive ? 1 - p : p, clicks = (positive ? 2 : 1) + 1e-5;
      (positive ? worst_positive : worst_negative) = std::max(positive ? worst_positive : worst_negative, error);
      value += error * error / clicks;
      double const by_logit = (positive ? -1 : 1) * 2 * error / clicks * p * (1 - p);
      for (int c = 0; c < 2; ++c) {
        slope[c] += by_logit * weight[c] * feature[c][i];
        slope[2 + c] += by_logit * weight[c];
      }
    }
    bool stop = rule_ != stop_rule::none && worst_positive < 0.51 && worst_negative < 0.49;
    stop = stop || (rule_ == stop_rule::clicks_or_settled_mask && mask == mask_before);
    mask_before = mask;
    values.push_back(value);
    points.push_back({at[0], at[1], at[2], at[3]});
    slopes.push_back({slope[0], slope[1], slope[2], slope[3]});
    return {value, stop};
  }

  int calls = 0;
  std::vector<bool> mask_before;
  std::vector<double> values;
  std::vector<std::vector<double>> points, slopes;

 private:
  stop_rule rule_;
};

lbfgs_options reference_options() {
  lbfgs_options o;
  o.history = 20;
  o.max_evaluations = 20;
  o.gradient_tolerance = 1e-8;
  return o;
}

lbfgs_result<double> refine(toy_refinement& objective, lbfgs_options const& options = reference_options()) {
  cpu_context const ctx;
  return minimize(ctx, ops::zeros<double>(ctx, {4}), objective, options);
}

void check_point(std::vector<double> const& found, std::vector<double> const& wanted, double tolerance) {
  REQUIRE(found.size() == wanted.size());
  for (std::size_t k = 0; k < wanted.size(); ++k) CHECK_NEAR(found[k], wanted[k], tolerance);
}

}  // namespace

TEST_CASE("the toy refinement begins as golden G7 says") {
  toy_refinement objective(stop_rule::none);
  refine(objective);
  CHECK_NEAR(objective.values[0], 0.63176166, 1e-8);
  check_point(objective.slopes[0], {0.40866308, -0.22855247, 0.10392646, -0.07794484}, 1e-8);
  check_point(objective.points[1], {-0.84100968, 0.47035039, -0.21387584, 0.16040687}, 1e-8);
  CHECK_NEAR(objective.values[1], 0.30110189, 1e-8);
}

TEST_CASE("without a verdict the toy refinement reaches the minimum of golden G7") {
  toy_refinement objective(stop_rule::none);
  auto const r = refine(objective);
  CHECK_NEAR(r.value, 0.07325477, 1e-6);
  CHECK(r.status == lbfgs_status::gradient_converged);
  CHECK(r.evaluations == objective.calls);
  CHECK(r.evaluations <= 20);
  check_point(to_host(cpu_context{}, r.x), {-0.37153321, 5.6194551, 0.71210735, -0.53408052}, 1e-4);
}

TEST_CASE("the verdict of the click rule ends the toy refinement of golden G7") {
  toy_refinement objective(stop_rule::clicks);
  auto const r = refine(objective);
  CHECK(r.status == lbfgs_status::stopped_by_objective);
  CHECK(r.evaluations == objective.calls);
  CHECK(r.evaluations == 4);
  CHECK_NEAR(r.value, 0.13353397, 1e-6);
  check_point(to_host(cpu_context{}, r.x), {-1.44255448, 1.55570875, 0.62154052, -0.46615539}, 1e-5);
}

TEST_CASE("the verdict of the settled mask ends the toy refinement of golden G7 earlier") {
  toy_refinement objective(stop_rule::clicks_or_settled_mask);
  auto const r = refine(objective);
  CHECK(r.status == lbfgs_status::stopped_by_objective);
  CHECK(r.evaluations == 3);
  CHECK_NEAR(r.value, 0.22987998, 1e-6);
  check_point(to_host(cpu_context{}, r.x), {-1.11469265, 0.82445271, -0.00608684, 0.00456513}, 1e-5);
}

TEST_CASE("the budget of the toy refinement is counted exactly") {
  for (index_t cap = 1; cap <= 15; ++cap) {
    lbfgs_options options = reference_options();
    options.max_evaluations = cap;
    toy_refinement objective(stop_rule::none);
    auto const r = refine(objective, options);
    CHECK(objective.calls <= cap);
    CHECK(r.evaluations == objective.calls);
    double least = objective.values[0];
    for (double v : objective.values) least = std::min(least, v);
    CHECK(r.value == least);
  }
}

TEST_CASE("the quadratic functions of golden G39 are solved from a first step of unit length") {
  cpu_context const ctx;
  struct row {
    double a, b;
    std::vector<double> second;
  };
  for (row const& q : {row{1, 10, {0.28734789, -0.95782629}}, row{0.01, 0.02, {0.83205029, -0.5547002}}}) {
    recorded<double> objective([&](double const* x, double* g) {
      g[0] = 2 * q.a * (x[0] - 3);
      g[1] = 2 * q.b * (x[1] + 1);
      return q.a * (x[0] - 3) * (x[0] - 3) + q.b * (x[1] + 1) * (x[1] + 1);
    });
    auto const r = minimize(ctx, ops::zeros<double>(ctx, {2}), objective, reference_options());
    CHECK(r.status == lbfgs_status::gradient_converged);
    CHECK(r.evaluations <= 12);
    check_point(objective.points()[1], q.second, 1e-8);
    check_point(to_host(ctx, r.x), {3, -1}, 1e-6);
    CHECK(r.value <= 1e-12);
  }
}
