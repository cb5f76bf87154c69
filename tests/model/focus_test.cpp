// SPDX-License-Identifier: MIT
#include <fsis/model/focus.hpp>

#include <fsis/autograd/functions/spatial.hpp>
#include <fsis/nn/gradcheck_layer.hpp>

#include <support/catch.hpp>
#include <support/layer.hpp>
#include <support/random_tensor.hpp>

using namespace fsis;

namespace {

template <index_t Kernel>
void check_gradients() {
  cpu_context ctx;
  using focus = model::interactive_prior_focus<Kernel, tensor<double>>;
  focus layer;
  fsis_test::randomise(ctx, layer, 91);
  std::vector<tensor<double>> const inputs{fsis_test::random_tensor<double>(ctx, {2, 4, 3, 1}, 92, 0, 1),
                                           fsis_test::random_tensor<double>(ctx, {2, 4, 3, 2}, 93, 0, 1)};
  auto const call = [](auto& t, focus const& l, auto const& x) { return l(t, x[0], x[1]); };
  for (phase how : {phase::training, phase::inference}) {
    auto const r = nn::gradcheck_layer(ctx, layer, inputs, call, how);
    INFO(r.text());
    CHECK(r.ok);
  }
}

}  // namespace

TEST_CASE("focus: gradients of the prior, the maps and the fusion") {
  check_gradients<1>();
  check_gradients<3>();
}

TEST_CASE("focus: prior and click maps give one map of the same size") {
  cpu_context ctx;
  model::interactive_prior_focus<1, tensor<float>> layer;
  CHECK(fsis_test::names_of(layer) == std::vector<std::string>{"0.weight", "0.bias", "2.weight", "2.bias",
                                                               "2.running_mean", "2.running_var", "3.weight",
                                                               "3.bias"});
  CHECK(layer.fusion.layer<0>().weight.extents == shape{8, 1, 1, 3});
  CHECK(layer.fusion.layer<3>().weight.extents == shape{1, 1, 1, 8});
  fsis_test::randomise(ctx, layer, 1);
  no_tape<tensor<float>> t(ctx);
  auto const maps = variable<tensor<float>>(fsis_test::random_tensor<float>(ctx, {2, 5, 7, 2}, 2));
  auto const prior = variable<tensor<float>>(fsis_test::random_tensor<float>(ctx, {2, 5, 7, 1}, 3));
  CHECK(layer(t, prior, maps).value.extents() == shape{2, 5, 7, 1});
  auto const small = variable<tensor<float>>(fsis_test::random_tensor<float>(ctx, {2, 5, 6, 1}, 3));
  CHECK_THROWS_AS(layer(t, small, maps), shape_error);
}
