// SPDX-License-Identifier: MIT
#include <fsis/interactive/click_objective.hpp>

#include <fsis/interactive/click_targets.hpp>

#include <support/near.hpp>
#include <support/random_tensor.hpp>
#include <support/tolerance.hpp>

#include <cmath>
#include <limits>

using namespace fsis;
using fsis_test::golden;
using matrix = tensor<double>;

namespace {

matrix logits_of(cpu_context const& ctx, shape const& s, std::vector<double> p) {
  for (double& v : p) v = std::log(v / (1 - v));
  return from_host<double>(ctx, s, p);
}

// Logits that the variables move all alike: x (1) is added.
struct shifted {
  matrix logits;
  template <class Tape>
  variable<matrix> operator()(Tape& t, variable<matrix> const& x) const {
    return add(t, variable<matrix>(logits), x);
  }
};

using objective = interactive::click_objective<matrix, shifted>;

objective objective_of(cpu_context const& ctx, matrix const& logits, std::vector<click> const& clicks,
                       interactive::stop_limits const& limits = {}, double penalty = 0,
                       click_cost cost = click_cost::probability) {
  interactive::wishes<matrix> wanted;
  wanted.cost = cost;
  auto const squares = interactive::click_targets<double>(logits.extent(1), logits.extent(2), clicks, 0);
  wanted.squares = from_host<double>(ctx, logits.extents(), squares);
  return objective(wanted, ops::full(ctx, {1}, penalty), shifted{logits}, limits);
}

optim::evaluation at(cpu_context const& ctx, objective& f, double x, double* slope = nullptr) {
  matrix g;
  auto const e = f(ctx, ops::full(ctx, {1}, x), g);
  if (slope != nullptr) *slope = item(ctx, g);
  return e;
}

kernels::click_error worst_click_error(cpu_context const& ctx, matrix const& p, matrix const& squares) {
  interactive::click_errors<double, cpu_context> errors(ctx);
  errors.measure(ctx, p, squares);
  return errors.read(ctx);
}

std::vector<double> const G5{0.9, 0.2, 0.6, 0.4, 0.7, 0.1, 0.05, 0.3, 0.95};

}  // namespace

TEST_CASE("golden G5: the click loss and its worst pixels") {
  cpu_context ctx;
  auto const logits = logits_of(ctx, {1, 3, 3, 1}, G5);
  std::vector<click> clicks{positive(0, 0), positive(0, 1), negative(1, 1), negative(2, 2)};
  auto both = objective_of(ctx, logits, clicks);
  CHECK_NEAR(at(ctx, both, 0).value, 1.02124488, golden);
  auto const p = from_host<double>(ctx, {1, 3, 3, 1}, G5);
  auto const squares = [&] {
    return from_host<double>(ctx, {1, 3, 3, 1}, interactive::click_targets<double>(3, 3, clicks, 0));
  };
  auto const worst = worst_click_error(ctx, p, squares());
  CHECK_NEAR(worst.object, 0.8, golden);
  CHECK_NEAR(worst.background, 0.95, golden);

  clicks.resize(2);
  auto only_positive = objective_of(ctx, logits, clicks);
  CHECK_NEAR(at(ctx, only_positive, 0).value, 0.32499838, golden);
  CHECK(worst_click_error(ctx, p, squares()).background == 0);
}

TEST_CASE("the cost of a margin is counted from the threshold") {
  cpu_context ctx;
  auto const logits = logits_of(ctx, {1, 1, 2, 1}, {0.3, 0.3});
  std::vector<click> const clicks{positive(0, 0), negative(0, 1)};
  double const away = std::log(0.3 / 0.7) - std::log(0.2 / 0.8);
  for (double const x : {0.0, 1.0}) {
    auto f = objective_of(ctx, logits, clicks, {stop_rule::never, 0.2, 0, 0.99}, 0.1, click_cost::margin);
    double const lacks = hd_max(0.5 - away - x, 0.0), exceeds = hd_max(0.5 + away + x, 0.0);
    CHECK_NEAR(at(ctx, f, x).value, (lacks * lacks + exceeds * exceeds) / (1 + 1e-5) + 0.1 * x * x, 1e-12);
  }
}

TEST_CASE("the gradient holds click loss, penalty and the wish to keep a mask") {
  cpu_context ctx;
  auto const logits = fsis_test::random_tensor<double>(ctx, {2, 3, 4, 1}, 3);
  interactive::wishes<matrix> wanted;
  wanted.squares = from_host<double>(ctx, {2, 3, 4, 1},
                                     {1, 0, 0, 2, 3, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 0});
  wanted.keep = from_host<double>(ctx, {2, 3, 4, 1},
                                  {-1, 0, 0, 1, -1, 0, 1, 1, 0, 0, -1, 0, 1, 1, 0, -1, 0, 0, 1, -1, 0, 0, 0, 1});
  for (double const weight : {0.0, 0.7}) {
    wanted.keep_weight = weight;
    wanted.cost = weight > 0 ? click_cost::probability : click_cost::margin;
    objective f(wanted, ops::full(ctx, {1}, 0.3), shifted{logits}, {});
    double slope = 0;
    at(ctx, f, 0.4, &slope);
    double const h = 1e-5;
    double const numeric = (at(ctx, f, 0.4 + h).value - at(ctx, f, 0.4 - h).value) / (2 * h);
    CHECK_NEAR(slope, numeric, 1e-8);
  }
  wanted.keep_weight = 0;
  objective without(wanted, ops::full(ctx, {1}, 0.3), shifted{logits}, {});
  wanted.keep_weight = 0.7;
  objective with(wanted, ops::full(ctx, {1}, 0.3), shifted{logits}, {});
  no_tape<matrix> t(ctx);
  auto const moved = ops::affine(ctx, logits, 1, 0.4);
  double const cross_entropy = item(ctx, bce_with_logits(t, variable<matrix>(moved), wanted.keep).value);
  CHECK_NEAR(at(ctx, with, 0.4).value, at(ctx, without, 0.4).value + 0.7 * cross_entropy, 1e-12);
}

TEST_CASE("the verdict falls when every clicked pixel is beyond the threshold by the margin") {
  cpu_context ctx;
  auto const logits = logits_of(ctx, {1, 1, 3, 1}, {0.6, 0.3, 0.5});
  std::vector<click> const clicks{positive(0, 0), negative(0, 1)};
  auto const stops = [&](double threshold, double margin, stop_rule rule = stop_rule::clicks_right) {
    auto f = objective_of(ctx, logits, clicks, {rule, threshold, margin, 0.99});
    return at(ctx, f, 0).stop;
  };
  CHECK(stops(0.5, 0));
  CHECK(stops(0.5, 0.09));
  CHECK_FALSE(stops(0.5, 0.11));
  CHECK(stops(0.45, 0.14));
  CHECK_FALSE(stops(0.45, 0.16));
  CHECK_FALSE(stops(0.61, 0));
  CHECK_FALSE(stops(0.29, 0));
  CHECK_FALSE(stops(0.5, 0, stop_rule::never));
  CHECK(stops(0.5, 0, stop_rule::mask_settled));
}

TEST_CASE("a pixel on the threshold satisfies nobody, and neither does one that is not a number") {
  cpu_context ctx;
  auto const stops = [&](double logit, click const& c) {
    auto f = objective_of(ctx, from_host<double>(ctx, {1, 1, 1, 1}, {logit}), {c});
    return at(ctx, f, 0).stop;
  };
  double const nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(stops(0, positive(0, 0)));
  CHECK_FALSE(stops(0, negative(0, 0)));
  CHECK_FALSE(stops(nan, positive(0, 0)));
  CHECK_FALSE(stops(nan, negative(0, 0)));
  CHECK(stops(1, positive(0, 0)));
  CHECK(stops(-1, negative(0, 0)));
  auto const both = worst_click_error(ctx, ops::full(ctx, {2}, nan), ops::full(ctx, {2}, 3.0));
  CHECK(std::isinf(both.object));
  CHECK(std::isinf(both.background));
}

TEST_CASE("a settled mask is one that two evaluations in a row share") {
  cpu_context ctx;
  auto const logits = from_host<double>(ctx, {2, 1, 2, 1}, {2, -1, 2, -2});
  interactive::wishes<matrix> wanted;
  wanted.squares = from_host<double>(ctx, {2, 1, 2, 1}, {3, 0, 3, 0});
  objective f(wanted, ops::full(ctx, {1}, 0.0), shifted{logits}, {stop_rule::mask_settled, 0.5, 0, 0.99});
  CHECK_FALSE(at(ctx, f, 0).stop);    // nothing to compare with
  CHECK_FALSE(at(ctx, f, 1.5).stop);  // one more pixel in the first copy: IoU 1/2 and 1
  CHECK(at(ctx, f, 1.6).stop);
  CHECK(f.settled());
  CHECK_FALSE(f.best_right().x.defined());
  CHECK_FALSE(at(ctx, f, -9).stop);
  CHECK_FALSE(at(ctx, f, -9).stop);  // two empty masks have no IoU

  objective lower(wanted, ops::full(ctx, {1}, 0.0), shifted{logits}, {stop_rule::mask_settled, 0.2, 0, 0.99});
  at(ctx, lower, 0);
  CHECK_FALSE(at(ctx, lower, 0.7).stop);  // a probability of 0.12 becomes 0.21
  CHECK(at(ctx, lower, 0.8).stop);
}

TEST_CASE("of the evaluations that find every click right the lowest is remembered, whatever comes later") {
  cpu_context ctx;
  auto const logits = from_host<double>(ctx, {1, 1, 2, 1}, {0, -9});
  interactive::wishes<matrix> wanted;
  wanted.cost = click_cost::probability;
  wanted.squares = from_host<double>(ctx, {1, 1, 2, 1}, {1, 0});
  wanted.keep = from_host<double>(ctx, {1, 1, 2, 1}, {-1, 0});
  wanted.keep_weight = 0.1;
  objective f(wanted, ops::full(ctx, {1}, 1e-3), shifted{logits}, {});
  CHECK_FALSE(at(ctx, f, -1).stop);
  CHECK_FALSE(f.best_right().x.defined());
  CHECK_FALSE(at(ctx, f, 1).stop);  // right, but there is a mask to keep
  CHECK_FALSE(at(ctx, f, 3).stop);
  double const lowest = f.best_right().value;
  CHECK(item(ctx, f.best_right().x) == 3);
  CHECK_FALSE(at(ctx, f, 0.5).stop);
  CHECK_FALSE(at(ctx, f, -2).stop);
  CHECK(item(ctx, f.best_right().x) == 3);
  CHECK(f.best_right().value == lowest);
  CHECK(at(ctx, f, 2.999).stop);  // hardly lower

  wanted.keep_weight = 0;
  objective free(wanted, ops::full(ctx, {1}, 1e-3), shifted{logits}, {});
  CHECK(at(ctx, free, 1).stop);
}
