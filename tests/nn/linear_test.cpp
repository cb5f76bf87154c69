// SPDX-License-Identifier: MIT
#include <fsis/nn/linear.hpp>

#include <fsis/nn/gradcheck_layer.hpp>

#include <support/catch.hpp>
#include <support/layer.hpp>
#include <support/random_tensor.hpp>

using namespace fsis;

TEST_CASE("linear: gradients of input, matrix and bias") {
  cpu_context ctx;
  nn::linear<4, 3, tensor<double>> layer;
  fsis_test::randomise(ctx, layer, 41);
  for (shape const& s : {shape{5, 4}, shape{4}, shape{2, 1, 1, 4}}) {
    auto const r = nn::gradcheck_layer(ctx, layer, fsis_test::random_tensor<double>(ctx, s, 42));
    INFO(to_string(s) << " " << r.text());
    CHECK(r.ok);
  }
}

TEST_CASE("linear: every row of channels is multiplied by the matrix") {
  cpu_context ctx;
  nn::linear<2, 3> layer;
  layer.weight.value = from_host<float>(ctx, {3, 2}, {1, 2, 3, 4, 5, 6});
  layer.bias.value = from_host<float>(ctx, {3}, {0.5f, 0, -1});
  no_tape<tensor<float>> t(ctx);
  auto const y = layer(t, variable<tensor<float>>(from_host<float>(ctx, {2, 2}, {1, 10, 2, 0}))).value;
  CHECK(y.extents() == shape{2, 3});
  CHECK(to_host(ctx, y) == std::vector<float>{21.5f, 43, 64, 2.5f, 6, 9});
  CHECK(layer(t, variable<tensor<float>>(ops::zeros<float>(ctx, {2, 3, 4, 2}))).value.extents() == shape{2, 3, 4, 3});
  CHECK(layer(t, variable<tensor<float>>(ops::zeros<float>(ctx, {0, 2}))).value.extents() == shape{0, 3});
}

TEST_CASE("linear: names, shapes as in torchvision, and what it refuses") {
  cpu_context ctx;
  nn::linear<2, 3> layer;
  CHECK(fsis_test::names_of(layer) == std::vector<std::string>{"weight", "bias"});
  CHECK(layer.weight.extents == shape{3, 2});
  fsis_test::randomise(ctx, layer, 1);
  no_tape<tensor<float>> t(ctx);
  for (shape const& s : {shape{4, 3}, shape{}}) {
    auto const run = [&] { layer(t, variable<tensor<float>>(ops::zeros<float>(ctx, s))); };
    CHECK_THROWS_AS(run(), shape_error);
    CHECK(mentions(error_text(run), "linear", to_string(s), "2 in the last axis"));
  }
}
