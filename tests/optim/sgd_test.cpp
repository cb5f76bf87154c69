// SPDX-License-Identifier: MIT
#include <fsis/optim/sgd.hpp>

#include <optim/two_layers.hpp>
#include <support/catch.hpp>
#include <support/near.hpp>

#include <limits>

using namespace fsis;
using namespace fsis_test;
using namespace fsis::optim;

TEST_CASE("momentum and weight decay move a weight as computed by hand") {
  cpu_context const ctx;
  auto const w = from_host<double>(ctx, {2}, {1, -2});
  sgd<double> optimiser({0.9, 0.1});
  auto const step = [&](std::vector<double> const& g, double rate) {
    optimiser.step(ctx, {{w, from_host<double>(ctx, {2}, g), true}}, rate);
    return to_host(ctx, w);
  };
  // v = (0.2 + 0.1, 0.4 - 0.2) = (0.3, 0.2)
  auto x = step({0.2, 0.4}, 0.5);
  CHECK_NEAR(x[0], 0.85, 1e-15);
  CHECK_NEAR(x[1], -2.1, 1e-15);
  // v = (0.27 + 0 + 0.085, 0.18 - 1 - 0.21) = (0.355, -1.03)
  x = step({0, -1}, 0.5);
  CHECK_NEAR(x[0], 0.6725, 1e-15);
  CHECK_NEAR(x[1], -1.585, 1e-15);
  // another rate acts at once: v = (0.3195 + 1 + 0.06725, -0.927 + 1 - 0.1585) = (1.38675, -0.0855)
  x = step({1, 1}, 0.1);
  CHECK_NEAR(x[0], 0.533825, 1e-15);
  CHECK_NEAR(x[1], -1.57645, 1e-15);
}

TEST_CASE("the defaults are momentum 0.9 and weight decay 1e-4, and a slot may be without decay") {
  cpu_context const ctx;
  auto const decayed = from_host<double>(ctx, {1}, {2}), kept = from_host<double>(ctx, {1}, {2});
  auto const g = from_host<double>(ctx, {1}, {1});
  sgd<double> optimiser;
  optimiser.step(ctx, {{decayed, g, true}, {kept, g, false}}, 0.1);
  CHECK_NEAR(to_host(ctx, decayed)[0], 2 - 0.1 * 1.0002, 1e-15);
  CHECK_NEAR(to_host(ctx, kept)[0], 1.9, 1e-15);
  optimiser.step(ctx, {{decayed, g, true}, {kept, g, false}}, 0.1);
  CHECK_NEAR(to_host(ctx, kept)[0], 1.9 - 0.1 * 1.9, 1e-15);
}

TEST_CASE("a slot without a gradient is left alone") {
  cpu_context const ctx;
  auto const moved = from_host<double>(ctx, {1}, {1}), idle = from_host<double>(ctx, {1}, {1});
  auto const g = from_host<double>(ctx, {1}, {1});
  sgd<double> optimiser({0.5, 0.1});
  optimiser.step(ctx, {{moved, g, true}, {idle, {}, true}}, 1);
  CHECK(to_host(ctx, idle)[0] == 1);
  auto const state = optimiser.state();
  CHECK(state.steps == std::vector<index_t>{1, 0});
  REQUIRE(state.tensors.size() == 1);
  CHECK(state.tensors[0].name == "momentum.0");
  CHECK_NEAR(to_host(ctx, state.tensors[0].value)[0], 1.1, 1e-15);
}

TEST_CASE("misuse of SGD is refused and moves nothing") {
  cpu_context const ctx;
  CHECK(mentions(error_text([] { sgd<float>({1.0, 0}); }), "momentum 1"));
  CHECK(mentions(error_text([] { sgd<float>({-0.1, 0}); }), "momentum -0.1"));
  CHECK(mentions(error_text([] { sgd<float>({0.9, -1}); }), "weight_decay -1"));

  sgd<double> optimiser;
  auto const w = from_host<double>(ctx, {1}, {1});
  auto const one = from_host<double>(ctx, {1}, {1}), two = from_host<double>(ctx, {2}, {1, 1});
  CHECK(mentions(error_text([&] {
                   optimiser.step(ctx, {{w, one, true}, {w, two, true}}, 0.1);
                 }),
                 "slot 1", "(1)", "(2)"));
  CHECK(mentions(error_text([&] { optimiser.step(ctx, {{w, one, true}}, -1); }), "learning rate -1"));
  CHECK(mentions(error_text([&] {
                   optimiser.step(ctx, {{w, one, true}}, std::numeric_limits<double>::quiet_NaN());
                 }),
                 "learning rate"));
  CHECK(to_host(ctx, w)[0] == 1);
  CHECK(optimiser.state().steps.empty());

  optimiser.step(ctx, {{w, one, true}}, 0.1);
  auto const before = to_host(ctx, w);
  CHECK(mentions(error_text([&] {
                   optimiser.step(ctx, {{w, one, true}, {w, one, true}}, 0.1);
                 }),
                 "2 slots", "had 1"));
  CHECK(mentions(error_text([&] { optimiser.step(ctx, {{two, two, true}}, 0.1); }), "slot 0", "(2)", "had (1)"));
  CHECK(to_host(ctx, w) == before);
}

TEST_CASE("SGD goes on from a state to the same bytes, on any number of threads") {
  check_resumes_to_same_bytes([] { return sgd<float>(); });
}

TEST_CASE("SGD refuses the state of something else and stays as it was") {
  cpu_context const ctx;
  auto const w = from_host<double>(ctx, {1}, {1}), g = from_host<double>(ctx, {1}, {1});
  sgd<double> optimiser;
  optimiser.step(ctx, {{w, g, true}}, 0.1);
  auto foreign = optimiser.state();
  foreign.tensors[0].name = "first_moment.0";
  CHECK(mentions(error_text([&] { optimiser.restore(ctx, foreign); }), "lacks 'momentum.0'"));
  auto crowded = optimiser.state();
  crowded.tensors.push_back({"extra", w});
  CHECK(mentions(error_text([&] { optimiser.restore(ctx, crowded); }), "2 tensors", "wanted 1"));
  auto negative = optimiser.state();
  negative.steps[0] = -1;
  CHECK(mentions(error_text([&] { optimiser.restore(ctx, negative); }), "-1 steps"));
  CHECK(optimiser.state().steps == std::vector<index_t>{1});
}
