// SPDX-License-Identifier: MIT
#include <fsis/nn/batch_norm.hpp>

#include <fsis/autograd/functions/elementwise.hpp>
#include <fsis/nn/gradcheck_layer.hpp>
#include <fsis/nn/sequential.hpp>

#include <support/catch.hpp>
#include <support/compare.hpp>
#include <support/layer.hpp>
#include <support/near.hpp>
#include <support/random_tensor.hpp>

using namespace fsis;
using fsis_test::bytes_of_parameters;
using fsis_test::random_tensor;
using fsis_test::randomise;

namespace {

using values = tensor<double>;
using two_channels = nn::batch_norm<2, values>;

// two channels: 1 2 3 4 (mean 5/2, variance 5/4, unbiased 5/3) and 2 2 2 10 (mean 4, variance 12, unbiased 16)
values four_pixels(cpu_context const& ctx) { return from_host<double>(ctx, {2, 1, 2, 2}, {1, 2, 2, 2, 3, 2, 4, 10}); }

}  // namespace

TEST_CASE("batch_norm: gradients") {
  cpu_context ctx;
  nn::batch_norm<3, values> layer;
  randomise(ctx, layer, 31);
  auto const x = random_tensor<double>(ctx, {2, 3, 4, 3}, 32);
  SECTION("through the moments of the batch") {
    auto const r = nn::gradcheck_layer(ctx, layer, x);
    INFO(r.text());
    CHECK(r.ok);
  }
  SECTION("with the averages, in inference") {
    auto const r = nn::gradcheck_layer(ctx, layer, x, phase::inference);
    INFO(r.text());
    CHECK(r.ok);
  }
  SECTION("with frozen averages, in training") {
    nn::freeze_statistics(layer);
    auto const r = nn::gradcheck_layer(ctx, layer, x);
    INFO(r.text());
    CHECK(r.ok);
  }
  SECTION("of scale and bias alone, where all of it is constant only the input has one") {
    nn::set_trainable(layer, false);
    auto const r = nn::gradcheck_layer(ctx, layer, x);
    CHECK(r.ok);
    CHECK(r.name == "input 0");
  }
}

TEST_CASE("batch_norm: in training the result has the mean and deviation that the parameters say") {
  cpu_context ctx;
  two_channels layer;
  nn::initialise(ctx, layer, 1);
  layer.weight.value = from_host<double>(ctx, {2}, {2, 3});
  layer.bias.value = from_host<double>(ctx, {2}, {10, -1});
  tape<values> t(ctx);
  auto const y = to_host(ctx, layer(t, variable<values>(four_pixels(ctx))).value);
  double const first = 2 / std::sqrt(1.25 + 1e-5), second = 3 / std::sqrt(12 + 1e-5);
  std::vector<double> const wanted{10 - 1.5 * first, -1 - 2 * second, 10 - 0.5 * first, -1 - 2 * second,
                                   10 + 0.5 * first, -1 - 2 * second, 10 + 1.5 * first, -1 + 6 * second};
  for (std::size_t i = 0; i < y.size(); ++i) CHECK_NEAR(y[i], wanted[i], 1e-12);
}

TEST_CASE("batch_norm: in inference it uses what it learned, also as one scale and bias") {
  cpu_context ctx;
  nn::batch_norm<3> layer;
  randomise(ctx, layer, 3);
  auto const x = random_tensor<float>(ctx, {2, 5, 4, 3}, 4);
  no_tape<tensor<float>> t(ctx);
  auto const y = layer(t, variable<tensor<float>>(x)).value;
  auto const folded = layer.folded(ctx);
  auto const z = ops::scale_bias(ctx, x, folded.scale, folded.bias);
  auto const far = [](double, double) { return 1e-5; };
  CHECK(fsis_test::first_difference(to_host(ctx, y), to_host(ctx, z), far) == "");
  for (std::size_t i = 0; i < 30; ++i) {
    auto const c = i % 3;
    auto const of = [&](auto const& p) { return static_cast<double>(p.value.data()[c]); };
    double const normal = (static_cast<double>(x.data()[i]) - of(layer.running_mean)) /
                          std::sqrt(of(layer.running_variance) + 1e-5);
    CHECK_NEAR(y.data()[i], of(layer.weight) * normal + of(layer.bias), 1e-5);
  }
}

TEST_CASE("batch_norm: running averages move by a tenth, with the unbiased variance") {
  cpu_context ctx;
  two_channels layer;
  nn::initialise(ctx, layer, 1);
  auto const before = bytes_of_parameters(ctx, layer);
  tape<values> t(ctx);
  two_channels const& constant = layer;
  constant(t, variable<values>(four_pixels(ctx)));
  CHECK(bytes_of_parameters(ctx, layer) == before);  // not before it is asked for
  nn::update_running_averages(t, layer);
  auto const check = [&](double mean0, double mean1, double variance0, double variance1) {
    CHECK_NEAR(layer.running_mean.value.data()[0], mean0, 1e-12);
    CHECK_NEAR(layer.running_mean.value.data()[1], mean1, 1e-12);
    CHECK_NEAR(layer.running_variance.value.data()[0], variance0, 1e-12);
    CHECK_NEAR(layer.running_variance.value.data()[1], variance1, 1e-12);
  };
  check(0.25, 0.4, 0.9 + 0.1 * 5 / 3, 0.9 + 1.6);
  nn::update_running_averages(t, layer);  // the same batch a second time
  check(0.475, 0.76, 0.81 + 0.19 * 5 / 3, 0.81 + 0.19 * 16);
  nn::update_running_averages(t, layer, 1.0);
  check(2.5, 4, 5.0 / 3, 16);
  CHECK(to_host(ctx, layer.weight.value) == std::vector<double>{1, 1});
}

TEST_CASE("batch_norm: one pixel has no unbiased variance, its own is 0") {
  cpu_context ctx;
  two_channels layer;
  nn::initialise(ctx, layer, 1);
  layer.bias.value = from_host<double>(ctx, {2}, {3, 4});
  tape<values> t(ctx);
  auto const y = layer(t, variable<values>(from_host<double>(ctx, {1, 1, 1, 2}, {7, 8}))).value;
  CHECK(to_host(ctx, y) == std::vector<double>{3, 4});
  nn::update_running_averages(t, layer);
  CHECK_NEAR(layer.running_mean.value.data()[0], 0.7, 1e-12);
  CHECK_NEAR(layer.running_variance.value.data()[0], 0.9, 1e-12);
}

TEST_CASE("batch_norm: which passes are measured") {
  cpu_context ctx;
  nn::sequential<two_channels, nn::batch_norm<2, values>> net;
  randomise(ctx, net, 1);
  auto const x = variable<values>(four_pixels(ctx));
  SECTION("training, every layer once") {
    tape<values> t(ctx);
    net(t, x);
    CHECK(t.measurements().size() == 2);
    CHECK(t.measurements()[0].count == 4);
  }
  SECTION("inference: none") {
    tape<values> t(ctx, phase::inference);
    net(t, x);
    CHECK(t.measurements().empty());
  }
  SECTION("frozen: only the other layer, and nothing of the frozen one moves") {
    nn::freeze_statistics(net.layer<0>());
    CHECK(net.layer<0>().weight.trainable);
    auto const before = bytes_of_parameters(ctx, net, "0.");
    auto const other = bytes_of_parameters(ctx, net, "1.");
    tape<values> t(ctx);
    net(t, x);
    CHECK(t.measurements().size() == 1);
    nn::update_running_averages(t, net);
    CHECK(bytes_of_parameters(ctx, net, "0.") == before);
    CHECK(bytes_of_parameters(ctx, net, "1.") != other);
  }
  SECTION("of a layer outside nothing is moved") {
    two_channels outside;
    randomise(ctx, outside, 2);
    tape<values> t(ctx);
    outside(t, x);
    auto const before = bytes_of_parameters(ctx, net), there = bytes_of_parameters(ctx, outside);
    nn::update_running_averages(t, net);
    CHECK(bytes_of_parameters(ctx, net) == before);
    CHECK(bytes_of_parameters(ctx, outside) == there);
  }
}

TEST_CASE("batch_norm: without averages it says what to do") {
  cpu_context ctx;
  two_channels layer;
  layer.weight.value = layer.bias.value = from_host<double>(ctx, {2}, {1, 1});
  no_tape<values> t(ctx);
  auto const run = [&] { layer(t, variable<values>(four_pixels(ctx))); };
  CHECK_THROWS_AS(run(), value_error);
  CHECK(mentions(error_text(run), "batch_norm of 2 channels", "initialise or load"));
}
