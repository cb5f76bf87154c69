// SPDX-License-Identifier: MIT
#include <fsis/training/step.hpp>

#include <fsis/autograd/functions/elementwise.hpp>
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

TEST_CASE("is_finite: looks at the loss and at every gradient") {
  cpu_context ctx;
  step_net net;
  fsis_test::randomise(ctx, net, 1);
  tape<single> t(ctx);
  t.backward(forward(ctx, t, net));
  CHECK(training::is_finite(t, net, 1.0));
  CHECK_FALSE(training::is_finite(t, net, std::numeric_limits<double>::quiet_NaN()));
  CHECK_FALSE(training::is_finite(t, net, std::numeric_limits<double>::infinity()));
  t.parameter_gradient(&net.layer<1>().bias).data()[2] = std::numeric_limits<float>::infinity();
  CHECK_FALSE(training::is_finite(t, net, 1.0));
}

TEST_CASE("fail_not_finite: names the parameter, or the operation that came out so") {
  cpu_context ctx;
  step_net net;
  fsis_test::randomise(ctx, net, 1);
  auto const text = [&](auto const& loss_on) {
    return error_text([&] { training::fail_not_finite<single>(ctx, net, 417, loss_on); });
  };
  auto const usual = [&](auto& t) { return forward(ctx, t, net); };
  SECTION("an operation") {
    auto const logarithm = [&](auto& t) {
      auto const y = net(t, variable<single>(fsis_test::random_tensor<float>(ctx, {2, 5, 5, 3}, 1)));
      return sum_of_squares(t, log(t, affine(t, square(t, y), -1, 0)));
    };
    std::string const said = text(logarithm);
    INFO(said);
    CHECK(mentions(said, "result", "(2,5,5,2)", "step 417"));
    // the function in which it was recorded, or the line where the compiler does not tell the function
    CHECK((mentions(said, "'apply logarithm'") || mentions(said, "elementwise.hpp")));
  }
  SECTION("a gradient") {
    auto const root = [&](auto& t) {
      auto const y = net(t, variable<single>(fsis_test::random_tensor<float>(ctx, {2, 5, 5, 3}, 1)));
      return sum_of_squares(t, sqrt(t, sqrt(t, affine(t, y, 0, 0))));  // finite, but steep without end at 0
    };
    CHECK(mentions(text(root), "gradient of the result", "step 417"));
  }
  SECTION("a parameter") {
    net.layer<1>().bias.value.data()[2] = std::numeric_limits<float>::quiet_NaN();
    CHECK(mentions(text(usual), "parameter '1.bias'", "step 417"));
  }
  SECTION("nothing") { CHECK(mentions(text(usual), "loss or gradient is not finite")); }
}
