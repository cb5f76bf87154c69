// SPDX-License-Identifier: MIT
#include <fsis/nn/conv_block.hpp>

#include <fsis/nn/gradcheck_layer.hpp>

#include <support/catch.hpp>
#include <support/compare.hpp>
#include <support/layer.hpp>
#include <support/random_tensor.hpp>

using namespace fsis;
using fsis_test::random_tensor;
using fsis_test::randomise;

namespace {

template <class T, class Geometry = nn::same<>>
using with_norm = nn::conv_block<3, 4, 3, tensor<T>, nn::normalization::batch, Geometry>;

template <class Layer>
void check_gradients(phase how) {
  cpu_context ctx;
  Layer layer;
  randomise(ctx, layer, 21);
  auto const r = nn::gradcheck_layer(ctx, layer, random_tensor<double>(ctx, {2, 5, 4, 3}, 22), how);
  INFO(r.text());
  CHECK(r.ok);
}

}  // namespace

TEST_CASE("conv_block: gradients") {
  SECTION("without norm") { check_gradients<nn::conv_block<3, 4, 3, tensor<double>>>(phase::training); }
  SECTION("normalised by the batch") { check_gradients<with_norm<double>>(phase::training); }
  // the differences are taken of the folded form, the gradients of the other
  SECTION("normalised by the averages") { check_gradients<with_norm<double>>(phase::inference); }
  SECTION("with stride") { check_gradients<with_norm<double, nn::same<2>>>(phase::training); }
}

TEST_CASE("conv_block: a norm that is folded into the filter gives the same result") {
  cpu_context ctx;
  with_norm<float> layer;
  randomise(ctx, layer, 3);
  auto const x = variable<tensor<float>>(random_tensor<float>(ctx, {2, 9, 7, 3}, 4));
  no_tape<tensor<float>> folds(ctx);
  tape<tensor<float>> folds_too(ctx, phase::inference, parameters::constant);
  tape<tensor<float>> records(ctx, phase::inference);
  auto const folded = layer(folds, x).value, plain = layer(records, x).value;
  auto const far = [](double, double) { return 1e-5; };
  CHECK(fsis_test::first_difference(to_host(ctx, folded), to_host(ctx, plain), far) == "");
  CHECK(to_host(ctx, folded) == to_host(ctx, layer(folds_too, x).value));
  // and it is conv, norm, relu
  auto const by_hand = relu(records, layer.norm(records, layer.conv(records, x))).value;
  CHECK(to_host(ctx, by_hand) == to_host(ctx, plain));
  index_t positive = 0;
  for (float v : to_host(ctx, folded)) positive += v > 0;
  CHECK(positive > folded.size() / 4);
  CHECK(positive < folded.size());
}

TEST_CASE("conv_block: a folded filter follows the parameters at once") {
  cpu_context ctx;
  with_norm<float> layer;
  randomise(ctx, layer, 3);
  auto const x = variable<tensor<float>>(random_tensor<float>(ctx, {1, 5, 5, 3}, 4));
  no_tape<tensor<float>> t(ctx);
  auto const before = to_host(ctx, layer(t, x).value);
  for (index_t c = 0; c < 4; ++c) {
    layer.norm.weight.value.data()[c] *= 2;
    layer.norm.bias.value.data()[c] *= 2;
  }
  // gamma and beta times two: the normalised value times two
  auto const after = to_host(ctx, layer(t, x).value);
  for (std::size_t i = 0; i < after.size(); ++i) CHECK_NEAR(after[i], 2 * before[i], 1e-5);
  layer.conv.weight.value = ops::zeros<float>(ctx, {4, 3, 3, 3});
  auto const flat = to_host(ctx, layer(t, x).value);
  for (std::size_t i = 4; i < flat.size(); ++i) CHECK(flat[i] == flat[i % 4]);
}

TEST_CASE("conv_block: without norm it is conv and relu") {
  cpu_context ctx;
  nn::conv_block<3, 4, 3, tensor<float>> layer;
  randomise(ctx, layer, 5);
  auto const x = variable<tensor<float>>(random_tensor<float>(ctx, {1, 6, 5, 3}, 6));
  no_tape<tensor<float>> t(ctx);
  CHECK(to_host(ctx, layer(t, x).value) == to_host(ctx, relu(t, layer.conv(t, x)).value));
}

TEST_CASE("conv_block: names") {
  using names = std::vector<std::string>;
  nn::conv_block<3, 4> const plain;
  with_norm<float> const normed;
  CHECK(fsis_test::names_of(plain) == names{"conv.weight", "conv.bias"});
  CHECK(fsis_test::names_of(normed) == names{"conv.weight", "conv.bias", "norm.weight", "norm.bias",
                                             "norm.running_mean", "norm.running_var"});
  names numbered;
  auto const collect = [&](std::string const& name, auto const&) { numbered.push_back(name); };
  normed.visit_as(normed, "7.", "8.", collect);
  CHECK(numbered == names{"7.weight", "7.bias", "8.weight", "8.bias", "8.running_mean", "8.running_var"});
}

TEST_CASE("conv_block: nothing is written to it while it computes") {
  cpu_context ctx;
  with_norm<float> layer;
  randomise(ctx, layer, 7);
  auto const before = fsis_test::bytes_of_parameters(ctx, layer);
  auto const x = random_tensor<float>(ctx, {2, 6, 5, 3}, 8);
  with_norm<float> const& constant = layer;
  no_tape<tensor<float>> computes(ctx);
  constant(computes, variable<tensor<float>>(x));
  tape<tensor<float>> trains(ctx);
  auto const in = trains.input(x);
  auto const y = constant(trains, in);
  trains.backward(y, y.value);
  CHECK(fsis_test::bytes_of_parameters(ctx, layer) == before);
}

TEST_CASE("conv_block: pooled is the pool behind it, folded, recorded and in training") {
  cpu_context ctx;
  with_norm<double> layer;
  randomise(ctx, layer, 5);
  auto const x = random_tensor<double>(ctx, {2, 9, 7, 3}, 6);
  auto const check = [&](auto&& t) {
    auto const v = variable<tensor<double>>(x);
    auto const pooled = layer.pooled(t, v).value;
    CHECK(pooled.extents() == shape{2, 4, 3, 4});
    CHECK(to_host(ctx, pooled) == to_host(ctx, max_pool(t, layer(t, v)).value));
  };
  check(no_tape<tensor<double>>(ctx));
  check(tape<tensor<double>>(ctx, phase::inference, parameters::constant));
  check(tape<tensor<double>>(ctx, phase::inference));
  check(tape<tensor<double>>(ctx));
}
