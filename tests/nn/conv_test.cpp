// SPDX-License-Identifier: MIT
#include <fsis/nn/conv.hpp>

#include <fsis/nn/gradcheck_layer.hpp>

#include <support/catch.hpp>
#include <support/compare.hpp>
#include <support/layer.hpp>
#include <support/random_tensor.hpp>

using namespace fsis;
using fsis_test::random_tensor;
using fsis_test::randomise;

namespace {

using values = tensor<double>;

template <class Layer>
void check_gradients(shape const& input) {
  cpu_context ctx;
  Layer layer;
  randomise(ctx, layer, 11);
  auto const r = nn::gradcheck_layer(ctx, layer, random_tensor<double>(ctx, input, 12));
  INFO(r.text());
  CHECK(r.ok);
}

template <class Layer>
shape output_of(shape const& input) {
  cpu_context ctx;
  Layer layer;
  randomise(ctx, layer, 1);
  no_tape<values> t(ctx);
  return layer(t, variable<values>(random_tensor<double>(ctx, input, 2))).value.extents();
}

}  // namespace

TEST_CASE("conv: gradients of input, filter and bias") {
  SECTION("same size") { check_gradients<nn::conv<3, 4, 3, values>>({2, 4, 5, 3}); }
  SECTION("pointwise") { check_gradients<nn::conv<3, 2, 1, values>>({2, 3, 3, 3}); }
  SECTION("stride") { check_gradients<nn::conv<2, 3, 3, values, nn::same<2>>>({1, 6, 5, 2}); }
  SECTION("dilation") { check_gradients<nn::conv<2, 3, 3, values, nn::same<1, 2>>>({1, 6, 5, 2}); }
  SECTION("groups") { check_gradients<nn::conv<4, 6, 3, values, nn::same<1, 1, 2>>>({1, 4, 4, 4}); }
  SECTION("depthwise") { check_gradients<nn::conv<3, 3, 3, values, nn::same<1, 1, 3>>>({1, 4, 4, 3}); }
  SECTION("without padding") { check_gradients<nn::conv<2, 2, 3, values, nn::valid<>>>({1, 5, 4, 2}); }
  SECTION("everything") { check_gradients<nn::conv<4, 2, 3, values, nn::valid<2, 2, 2>>>({1, 8, 7, 4}); }
  SECTION("even") { check_gradients<nn::conv<2, 2, 2, values, nn::same<2>>>({1, 4, 6, 2}); }
}

TEST_CASE("conv: the size of the result") {
  CHECK(output_of<nn::conv<3, 5, 3, values>>({2, 7, 6, 3}) == shape{2, 7, 6, 5});
  CHECK(output_of<nn::conv<3, 5, 5, values>>({1, 7, 6, 3}) == shape{1, 7, 6, 5});
  CHECK(output_of<nn::conv<3, 5, 3, values, nn::same<1, 3>>>({1, 7, 6, 3}) == shape{1, 7, 6, 5});
  CHECK(output_of<nn::conv<3, 5, 3, values, nn::same<2>>>({1, 7, 6, 3}) == shape{1, 4, 3, 5});
  CHECK(output_of<nn::conv<3, 5, 3, values, nn::valid<>>>({1, 7, 6, 3}) == shape{1, 5, 4, 5});
  CHECK(output_of<nn::conv<3, 5, 3, values, nn::valid<2>>>({1, 7, 6, 3}) == shape{1, 3, 2, 5});
}

TEST_CASE("conv: a result by hand") {
  cpu_context ctx;
  nn::conv<1, 1, 3> layer;
  layer.weight.value = from_host<float>(ctx, {1, 3, 3, 1}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  layer.bias.value = from_host<float>(ctx, {1}, {0.5f});
  no_tape<tensor<float>> t(ctx);
  auto const x = variable<tensor<float>>(from_host<float>(ctx, {1, 2, 2, 1}, {1, 10, 100, 1000}));
  // correlation, as everywhere in deep learning: the filter is not mirrored
  CHECK(to_host(ctx, layer(t, x).value) ==
        std::vector<float>{5 + 60 + 800 + 9000 + .5f, 4 + 50 + 700 + 8000 + .5f, 2 + 30 + 500 + 6000 + .5f,
                           1 + 20 + 400 + 5000 + .5f});
}

TEST_CASE("conv: names and shapes of its parameters") {
  nn::conv<6, 4, 5, tensor<float>, nn::same<1, 1, 2>> layer;
  CHECK(fsis_test::names_of(layer) == std::vector<std::string>{"weight", "bias"});
  CHECK(layer.weight.extents == shape{4, 5, 5, 3});
  CHECK(layer.bias.extents == shape{4});
  static_assert(decltype(layer)::in_channels == 6 && decltype(layer)::out_channels == 4, "as written");
}

TEST_CASE("conv: an input with other channels is refused with both numbers") {
  cpu_context ctx;
  nn::conv<3, 4> layer;
  randomise(ctx, layer, 1);
  no_tape<tensor<float>> t(ctx);
  auto const run = [&] { layer(t, variable<tensor<float>>(ops::zeros<float>(ctx, {1, 4, 4, 5}))); };
  CHECK_THROWS_AS(run(), shape_error);
  CHECK(mentions(error_text(run), "5", "(4,3,3,3)"));
}
