// SPDX-License-Identifier: MIT
#include <fsis/optim/adam.hpp>

#include <optim/two_layers.hpp>
#include <support/catch.hpp>
#include <support/near.hpp>

using namespace fsis;
using namespace fsis_test;
using namespace fsis::optim;

namespace {

/// The weight after each of three steps from 1 with gradients 0.5, -0.25 and 1 at rate 0.1.
std::vector<double> three_steps(adam_options const& options, bool decay = true) {
  cpu_context const ctx;
  auto const w = from_host<double>(ctx, {1}, {1});
  adam<double> optimiser(options);
  std::vector<double> weights;
  for (double g : {0.5, -0.25, 1.0}) {
    optimiser.step(ctx, {{w, from_host<double>(ctx, {1}, {g}), decay}}, 0.1);
    weights.push_back(to_host(ctx, w)[0]);
  }
  return weights;
}

void check_weights(std::vector<double> const& found, std::vector<double> const& wanted) {
  for (std::size_t i = 0; i < wanted.size(); ++i) CHECK_NEAR(found[i], wanted[i], 1e-14);
}

}  // namespace

TEST_CASE("Adam moves a weight as computed by hand") {
  // first step: m / (1 - b1) = g and u / (1 - b2) = g^2, so the step is rate * g / (|g| + epsilon)
  CHECK_NEAR(three_steps({})[0], 1 - 0.1 * 0.5 / (0.5 + 1e-8), 1e-15);
  check_weights(three_steps({}), {0.900000002, 0.873366298707846, 0.80755513967709});
}

TEST_CASE("weight decay is added to the gradient or shrinks the weight, as asked") {
  adam_options options;
  options.weight_decay = 0.2;
  options.mode = weight_decay_mode::coupled;
  check_weights(three_steps(options), {0.900000001428571, 0.840735151162214, 0.762379683978804});
  options.mode = weight_decay_mode::decoupled;
  check_weights(three_steps(options), {0.880000002, 0.835766298667846, 0.753239813663733});
  check_weights(three_steps(options, false), three_steps({}));
}

TEST_CASE("each slot counts its own steps") {
  cpu_context const ctx;
  auto const early = from_host<double>(ctx, {1}, {1}), late = from_host<double>(ctx, {1}, {1});
  auto const g = from_host<double>(ctx, {1}, {0.5});
  adam<double> optimiser;
  optimiser.step(ctx, {{early, g, true}, {late, {}, true}}, 0.1);
  optimiser.step(ctx, {{early, g, true}, {late, g, true}}, 0.1);
  CHECK(optimiser.state().steps == std::vector<index_t>{2, 1});
  CHECK(optimiser.state().tensors.size() == 4);
  CHECK(optimiser.state().tensors[3].name == "second_moment.1");
  CHECK_NEAR(to_host(ctx, late)[0], 1 - 0.1 * 0.5 / (0.5 + 1e-8), 1e-15);
}

TEST_CASE("misuse of Adam is refused") {
  cpu_context const ctx;
  auto const refusal = [](auto change) {
    adam_options options;
    change(options);
    return error_text([&] { adam<float> optimiser(options); });
  };
  CHECK(refusal([](adam_options&) {}).empty());
  CHECK(mentions(refusal([](adam_options& o) { o.beta1 = 1; }), "beta1 1"));
  CHECK(mentions(refusal([](adam_options& o) { o.beta2 = -0.5; }), "beta2 -0.5"));
  CHECK(mentions(refusal([](adam_options& o) { o.epsilon = 0; }), "epsilon 0"));
  CHECK(mentions(refusal([](adam_options& o) { o.weight_decay = -1; }), "weight_decay -1"));

  adam<double> optimiser;
  auto const w = from_host<double>(ctx, {1}, {1}), wide = from_host<double>(ctx, {2}, {1, 1});
  CHECK(mentions(error_text([&] { optimiser.step(ctx, {{w, wide, true}}, 0.1); }), "adam", "slot 0", "(1)", "(2)"));
  CHECK(to_host(ctx, w)[0] == 1);
}

TEST_CASE("Adam goes on from a state to the same bytes, on any number of threads") {
  check_resumes_to_same_bytes([] {
    adam_options options;
    options.weight_decay = 0.01;
    return adam<float>(options);
  });
}
