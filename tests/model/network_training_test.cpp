// SPDX-License-Identifier: MIT
#include <fsis/model/network.hpp>

#include <fsis/autograd/functions/loss.hpp>
#include <fsis/optim/adam.hpp>
#include <fsis/optim/sgd.hpp>
#include <fsis/training/step.hpp>

#include <model/tiny.hpp>
#include <support/catch.hpp>
#include <support/layer.hpp>
#include <support/threads.hpp>

#include <vector>

using namespace fsis;
using namespace fsis_test;
using single = tensor<float>;

namespace {

/// The task: the right half of the picture.
single right_half(cpu_context const& ctx, index_t N, index_t H, index_t W) {
  auto target = ops::zeros<float>(ctx, {N, H, W, 1});
  for (index_t n = 0; n < N; ++n)
    for (index_t y = 0; y < H; ++y)
      for (index_t x = W / 2; x < W; ++x) target.view<4>()(n, y, x, 0) = 1;
  return target;
}

/// Trains and returns the losses.
template <class Network, class Optimiser>
std::vector<double> train(cpu_context const& ctx, Network& net, Optimiser& optimiser, int steps, double rate) {
  std::vector<double> losses;
  auto const target = right_half(ctx, 2, 32, 32);
  for (int step = 0; step < steps; ++step) {
    auto in = random_inputs<Network>(ctx, 2, 32, 32, 1);
    for (index_t i = 0; i < in.image.value.size(); ++i) in.image.value.data()[i] += target.data()[i / 3];
    tape<single> t(ctx);
    auto const loss = bce_with_logits(t, net(t, in), target);
    losses.push_back(static_cast<double>(item(ctx, loss.value)));
    t.backward(loss);
    REQUIRE(training::is_finite(t, net, losses.back()));
    optimiser.step(ctx, training::slots_of(t, net), rate);
    nn::update_running_averages(t, net);
  }
  return losses;
}

}  // namespace

TEST_CASE("network: ten steps of training leave the prior trunk as it was, byte for byte") {
  cpu_context ctx;
  network<tiny_norm> net;
  net.initialise(ctx, 5);
  auto const prior = bytes_of_parameters(ctx, net, "prior.");
  std::vector<std::string> const parts{
      "middle.", "middle_join.", "click_fusion.", "focus.", "junction.", "head.", "middle.features.1.running_mean"};
  std::vector<std::vector<unsigned char>> before;
  for (auto const& part : parts) before.push_back(bytes_of_parameters(ctx, net, part));
  optim::sgd<float> optimiser;
  auto const losses = train(ctx, net, optimiser, 10, 0.05);
  CHECK(bytes_of_parameters(ctx, net, "prior.") == prior);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    INFO(parts[i]);
    CHECK(bytes_of_parameters(ctx, net, parts[i]) != before[i]);
  }
  CHECK(losses.back() < losses.front());
}

TEST_CASE("network: also where the frozen trunk serves both roles, its averages included") {
  cpu_context ctx;
  network<tiny_frozen> net;
  net.initialise(ctx, 5);
  auto const prior = bytes_of_parameters(ctx, net, "prior."), fusion = bytes_of_parameters(ctx, net, "click_fusion.");
  optim::adam<float> optimiser;
  auto const losses = train(ctx, net, optimiser, 10, 0.01);
  CHECK(bytes_of_parameters(ctx, net, "prior.") == prior);
  CHECK(bytes_of_parameters(ctx, net, "click_fusion.") != fusion);
  CHECK(losses.back() < losses.front());
}

TEST_CASE("network: a step of training is the same for any number of threads") {
  CHECK(same_bytes_for_any_threads([](cpu_context const& ctx) {
    network<tiny_norm> net;
    net.initialise(ctx, 5);
    optim::sgd<float> optimiser;
    train(ctx, net, optimiser, 2, 0.05);
    std::vector<single> all;
    nn::visit_parameters(
        net, [&](std::string const&, auto const& p) { all.push_back(p.value.reshaped({p.value.size()})); });
    return ops::concatenate(ctx, all, 0);
  }));
}
