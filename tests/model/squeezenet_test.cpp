// SPDX-License-Identifier: MIT
#include <fsis/model/squeezenet.hpp>

#include <fsis/nn/gradcheck_layer.hpp>

#include <model/naive_squeezenet.hpp>
#include <support/catch.hpp>
#include <support/layer.hpp>
#include <support/random_tensor.hpp>

using namespace fsis;
using fsis_test::naive_squeezenet;
using fsis_test::relative_error;
using fsis_test::stack_of;

namespace {

template <class T = float>
model::squeezenet_trunk<tensor<T>> random_squeezenet(cpu_context const& ctx, std::uint64_t seed) {
  model::squeezenet_trunk<tensor<T>> trunk;
  fsis_test::randomise(ctx, trunk, seed);
  return trunk;
}

}  // namespace

TEST_CASE("squeezenet: the names are torchvision's squeezenet1_1 without classifier") {
  model::squeezenet_trunk<tensor<float>> const trunk;
  std::vector<std::string> wanted{"features.0.weight", "features.0.bias"};
  for (int layer : {3, 4, 6, 7, 9, 10, 11, 12})
    for (char const* part : {"squeeze", "expand1x1", "expand3x3"})
      for (char const* what : {".weight", ".bias"})
        wanted.push_back("features." + std::to_string(layer) + "." + part + what);
  CHECK(fsis_test::names_of(trunk) == wanted);
  // torchvision's model has 1,235,496 parameters, 513,000 of them in its classifier (1000 x 512 and 1000 biases)
  CHECK(nn::parameter_count(trunk) == 1235496 - 513000);
}

TEST_CASE("squeezenet: the same numbers as loops over the definition") {
  cpu_context ctx;
  auto const trunk = random_squeezenet(ctx, 1);
  for (shape const size : {shape{1, 32, 48, 3}, shape{1, 16, 16, 3}}) {
    auto const x = fsis_test::random_tensor<float>(ctx, size, 71, -2, 2);
    auto const wanted = naive_squeezenet(fsis_test::weights_of(ctx, trunk), true)(stack_of(ctx, x));
    no_tape<tensor<float>> t(ctx);
    auto const in = variable<tensor<float>>(x);
    auto const levels = trunk.lower.features(t, in);
    CHECK(relative_error(stack_of(ctx, levels.shallow.value), wanted.fire3_pooled) < 1e-5);
    CHECK(relative_error(stack_of(ctx, levels.deep.value), wanted.fire5) < 1e-5);
    CHECK(relative_error(stack_of(ctx, trunk(t, in).value), wanted.fire9) < 1e-5);
    CHECK(to_host(ctx, trunk.above(t, levels.deep).value) == to_host(ctx, trunk(t, in).value));
  }
}

// Far from the border the unpadded original computes the same at pixels shifted by what its windows begin later:
// 3 pixels at stride 8 (8i + 7 instead of 8i + 4).
TEST_CASE("squeezenet: the original on a shifted picture, away from the border") {
  cpu_context ctx;
  auto const trunk = random_squeezenet(ctx, 2);
  auto const x = fsis_test::random_tensor<float>(ctx, {1, 96, 96, 3}, 5, -2, 2);
  no_tape<tensor<float>> t(ctx);
  auto const ours = stack_of(ctx, trunk.lower.features(t, variable<tensor<float>>(x)).deep.value);
  // the original sees the picture from pixel 5 on, so that its 8j + 7 is our 8(j + 1) + 4
  auto const cut = ops::slice(ctx, ops::slice(ctx, x, 1, 5, 91), 2, 5, 91);
  auto const theirs = naive_squeezenet(fsis_test::weights_of(ctx, trunk), false)(stack_of(ctx, cut)).fire5;
  REQUIRE(theirs.H >= 8);
  for (int c = 0; c < ours.C; c += 17)
    for (int y = 3; y < 7; ++y)
      for (int column = 3; column < 7; ++column)
        CHECK(theirs(c, y, column) == Approx(ours(c, y + 1, column + 1)).margin(1e-4));
}

TEST_CASE("squeezenet: sizes of the levels") {
  cpu_context ctx;
  auto const trunk = random_squeezenet(ctx, 1);
  no_tape<tensor<float>> t(ctx);
  auto const x = variable<tensor<float>>(fsis_test::random_tensor<float>(ctx, {2, 48, 80, 3}, 2));
  CHECK(trunk.lower(t, x).value.extents() == shape{2, 6, 10, 384});
  CHECK(trunk(t, x).value.extents() == shape{2, 3, 5, 512});
  using trunk_type = model::squeezenet_trunk<tensor<float>>;
  static_assert(trunk_type::stride == 16 && trunk_type::lower_type::stride == 8, "");
  static_assert(trunk_type::out_channels == 512 && trunk_type::lower_type::out_channels == 384, "");
}

TEST_CASE("squeezenet: gradients") {
  cpu_context ctx;
  auto trunk = random_squeezenet<double>(ctx, 5);
  auto const x = fsis_test::random_tensor<double>(ctx, {1, 32, 16, 3}, 6, -2, 2);
  gradcheck_options o;
  o.elements = 2;
  o.steps = {1e-6, 1e-7};
  o.relative = 1e-5;  // two hundred thousand products, and differences over a small step
  auto const r = nn::gradcheck_layer(ctx, trunk, x, phase::training, o);
  INFO(r.text());
  CHECK(r.ok);
}
