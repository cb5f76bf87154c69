// SPDX-License-Identifier: MIT
#include <fsis/training/step.hpp>

#include <fsis/autograd/functions/reduce.hpp>
#include <fsis/nn/conv.hpp>
#include <fsis/nn/linear.hpp>
#include <fsis/nn/sequential.hpp>

#include <support/catch.hpp>
#include <support/layer.hpp>
#include <support/random_tensor.hpp>

#include <limits>

using namespace fsis;
using single = tensor<float>;

namespace {

struct step_net : nn::sequential<nn::conv<3, 4>, nn::batch_norm<4>, nn::linear<4, 2>> {};

variable<single> forward(cpu_context const& ctx, tape<single>& t, step_net const& net) {
  return sum_of_squares(t, net(t, variable<single>(fsis_test::random_tensor<float>(ctx, {2, 5, 5, 3}, 1))));
}

}  // namespace

TEST_CASE("slots_of: trained parameters in order, weight decay for filters and matrices") {
  cpu_context ctx;
  step_net net;
  fsis_test::randomise(ctx, net, 1);
  tape<single> t(ctx);
  t.backward(forward(ctx, t, net));
  auto const slots = training::slots_of(t, net);
  REQUIRE(slots.size() == 6);  // the running averages are not among them
  std::vector<single const*> const wanted{&net.layer<0>().weight.value, &net.layer<0>().bias.value,
                                          &net.layer<1>().weight.value, &net.layer<1>().bias.value,
                                          &net.layer<2>().weight.value, &net.layer<2>().bias.value};
  std::vector<bool> const decays{true, false, false, false, true, false};
  for (std::size_t i = 0; i < slots.size(); ++i) {
    INFO("slot " << i);
    CHECK(slots[i].value.data() == wanted[i]->data());  // written in place
    CHECK(slots[i].gradient.extents() == wanted[i]->extents());
    CHECK(slots[i].decay == decays[i]);
  }
}

TEST_CASE("slots_of: constants have no slot, and what the loss does not reach no gradient") {
  cpu_context ctx;
  step_net net;
  fsis_test::randomise(ctx, net, 1);
  nn::set_trainable(net.layer<0>(), false);
  tape<single> t(ctx);
  auto const x = variable<single>(fsis_test::random_tensor<float>(ctx, {1, 1, 1, 4}, 1));
  t.backward(sum_of_squares(t, net.layer<2>()(t, x)));
  auto const slots = training::slots_of(t, net);
  REQUIRE(slots.size() == 4);
  CHECK_FALSE(slots[0].gradient.defined());
  CHECK_FALSE(slots[1].gradient.defined());
  CHECK(slots[2].gradient.defined());
}

TEST_CASE("check_finite: a loss that is none stops the training and names the step") {
  cpu_context ctx;
  step_net net;
  fsis_test::randomise(ctx, net, 1);
  tape<single> t(ctx);
  t.backward(forward(ctx, t, net));
  training::check_finite(t, net, 1.0, 3);
  for (double loss : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    auto const run = [&] { training::check_finite(t, net, loss, 417); };
    CHECK_THROWS_AS(run(), value_error);
    CHECK(mentions(error_text(run), "train: the loss is", std::isnan(loss) ? "nan" : "inf", "step 417"));
  }
}

TEST_CASE("check_finite: so does a gradient, with the name of its parameter") {
  cpu_context ctx;
  step_net net;
  fsis_test::randomise(ctx, net, 1);
  tape<single> t(ctx);
  t.backward(forward(ctx, t, net));
  t.parameter_gradient(&net.layer<1>().bias).data()[2] = std::numeric_limits<float>::infinity();
  auto const run = [&] { training::check_finite(t, net, 1.0, 12); };
  CHECK_THROWS_AS(run(), value_error);
  CHECK(mentions(error_text(run), "gradient of '1.bias'", "step 12"));
}
