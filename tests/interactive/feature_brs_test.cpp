// SPDX-License-Identifier: MIT
#include <fsis/interactive/feature_brs.hpp>

#include <fsis/autograd/functions/conv2d.hpp>
#include <fsis/autograd/gradcheck.hpp>
#include <fsis/interactive/click_objective.hpp>
#include <fsis/interactive/click_targets.hpp>
#include <fsis/interactive/refine.hpp>

#include <support/near.hpp>
#include <support/random_tensor.hpp>
#include <support/tolerance.hpp>

using namespace fsis;
using fsis_test::golden;
using matrix = tensor<double>;

namespace {

// The head of golden G7 as a 1x1 convolution: logit = 0.8 f0 - 0.6 f1 - 0.1.
auto toy_tail(cpu_context const& ctx) {
  matrix const filter = from_host<double>(ctx, {1, 1, 1, 2}, {0.8, -0.6});
  matrix const bias = from_host<double>(ctx, {1}, {-0.1});
  return [filter, bias](auto& t, variable<matrix> const& f) {
    return conv2d(t, f, variable<matrix>(filter), variable<matrix>(bias));
  };
}

matrix toy_features(cpu_context const& ctx) {
  return from_host<double>(ctx, {1, 2, 3, 2}, {1, 0, 2, 1, 0, -1, 0.5, 2, -1, 0.5, 1, -0.5});
}

auto toy_objective(cpu_context const& ctx, interactive::stop_limits const& limits) {
  auto const replay = interactive::replay_features(toy_features(ctx), toy_tail(ctx));
  interactive::wishes<matrix> wanted;
  wanted.cost = click_cost::probability;  // as published
  auto const squares = interactive::click_targets<double>(2, 3, {positive(0, 0), positive(0, 2), negative(0, 1)}, 0);
  wanted.squares = from_host<double>(ctx, {1, 2, 3, 1}, squares);
  auto const penalty = interactive::feature_penalty<double>(ctx, 2, 1e-3, 10);
  return interactive::click_objective<matrix, std::decay_t<decltype(replay)>>(wanted, penalty, replay, limits);
}

interactive::stop_limits limits_of(stop_rule rule) { return {rule, 0.49, 0, 0.99}; }

optim::lbfgs_options reference_options() {
  optim::lbfgs_options o;
  o.history = 20;
  o.max_evaluations = 20;
  return o;
}

}  // namespace

TEST_CASE("golden G7: value and gradient of the toy f-BRS problem") {
  cpu_context ctx;
  auto f = toy_objective(ctx, limits_of(stop_rule::never));
  matrix g;
  auto const e = f(ctx, ops::zeros<double>(ctx, {4}), g);
  CHECK_NEAR(e.value, 0.63176166, golden);
  CHECK_FALSE(e.stop);
  auto const slope = to_host(ctx, g);
  CHECK_NEAR(slope[0], 0.40866308, golden);
  CHECK_NEAR(slope[1], -0.22855247, golden);
  CHECK_NEAR(slope[2], 0.10392646, golden);
  CHECK_NEAR(slope[3], -0.07794484, golden);

  no_tape<matrix> t(ctx);
  auto const logits = to_host(ctx, f.replay()(t, variable<matrix>(ops::zeros<double>(ctx, {4}))).value);
  std::vector<double> const wanted{0.7, 0.9, 0.5, -0.9, -1.2, 1.0};
  for (std::size_t i = 0; i < wanted.size(); ++i) CHECK_NEAR(logits[i], wanted[i], golden);

  auto const end =
      f(ctx, from_host<double>(ctx, {4}, {-0.37153321, 5.6194551, 0.71210735, -0.53408052}), g);
  CHECK_NEAR(end.value, 0.07325477, golden);
}

TEST_CASE("golden G7: the optimiser reaches the minimum within the budget of f-BRS") {
  cpu_context ctx;
  auto f = toy_objective(ctx, limits_of(stop_rule::never));
  auto const r = interactive::refine(ctx, ops::zeros<double>(ctx, {4}), f, reference_options());
  CHECK_NEAR(r.loss, 0.07325477, golden);
  CHECK(r.evaluations <= 20);
  CHECK((r.status == click_status::converged || r.status == click_status::max_evaluations));
}

TEST_CASE("golden G7: the first trial step has length one, and the clicks' verdict ends the run") {
  cpu_context ctx;
  std::vector<double> values;
  auto f = toy_objective(ctx, limits_of(stop_rule::clicks_right));
  auto const watched = [&](matrix const& x, matrix& g) {
    auto const e = f(ctx, x, g);
    values.push_back(e.value);
    return e;
  };
  auto const r = optim::minimize(ctx, ops::zeros<double>(ctx, {4}), watched, reference_options());
  REQUIRE(values.size() >= 2);
  CHECK_NEAR(values[1], 0.30110189, golden);
  CHECK(r.status == optim::lbfgs_status::stopped_by_objective);
  CHECK_FALSE(f.settled());
  REQUIRE(f.best_right().x.defined());
  CHECK(to_host(ctx, f.best_right().x) == to_host(ctx, r.last_x));
  CHECK(f.best_right().value == values.back());

  no_tape<matrix> t(ctx);
  auto const p = to_host(ctx, sigmoid(t, f.replay()(t, variable<matrix>(r.last_x))).value);
  CHECK(p[0] > 0.49);
  CHECK(p[2] > 0.49);
  CHECK(p[1] < 0.49);
}

TEST_CASE("golden G7: a mask that hardly changes ends the run when that is the rule") {
  cpu_context ctx;
  auto f = toy_objective(ctx, limits_of(stop_rule::mask_settled));
  auto const r = interactive::refine(ctx, ops::zeros<double>(ctx, {4}), f, reference_options());
  CHECK(r.status == click_status::mask_settled);
  CHECK_FALSE(f.best_right().x.defined());
  CHECK(r.evaluations == 3);
  CHECK(r.loss < 0.30110189);
}

TEST_CASE("golden G6: a bias weighs ten times as much as a scale") {
  cpu_context ctx;
  auto const w = interactive::feature_penalty<double>(ctx, 2, 1e-3, 10);
  auto const x = from_host<double>(ctx, {4}, {0.1, -0.2, 0.05, 0});
  CHECK_NEAR(ops::dot(ctx, w, ops::multiply(ctx, x, x)), 7.5e-5, 1e-12);
}

TEST_CASE("scale and bias act per channel, on both copies alike, and their gradient is right") {
  cpu_context ctx;
  auto const features = fsis_test::random_tensor<double>(ctx, {2, 3, 4, 3}, 1);
  auto const same = [](auto&, variable<matrix> const& f) { return f; };
  auto const replay = interactive::replay_features(features, same);
  CHECK(replay.variables() == shape{6});
  auto const x = from_host<double>(ctx, {6}, {0.5, -1, 0, 0.25, 0, -2});
  no_tape<matrix> t(ctx);
  auto const y = to_host(ctx, replay(t, variable<matrix>(x)).value), f = to_host(ctx, features);
  for (std::size_t i = 0; i < y.size(); i += 3) {
    CHECK_NEAR(y[i], 1.5 * f[i] + 0.25, 1e-12);
    CHECK_NEAR(y[i + 1], 0, 1e-12);
    CHECK_NEAR(y[i + 2], f[i + 2] - 2, 1e-12);
  }
  auto const report = gradcheck(
      ctx, [&](auto& tape, std::vector<variable<matrix>> const& v) { return replay(tape, v[0]); },
      std::vector<matrix>{x});
  INFO(report.text());
  CHECK(report.ok);
}
