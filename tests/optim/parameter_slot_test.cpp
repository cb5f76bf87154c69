// SPDX-License-Identifier: MIT
#include <fsis/optim/parameter_slot.hpp>

#include <fsis/optim/adam.hpp>
#include <fsis/optim/sgd.hpp>
#include <fsis/tensor/transfer.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>

#include <cmath>
#include <limits>

using namespace fsis;
using namespace fsis::optim;

namespace {

parameter_slots<float> slots_with(cpu_context const& ctx, std::vector<float> const& a, std::vector<float> const& b) {
  auto const with = [&](std::vector<float> const& g) {
    auto const t = from_host<float>(ctx, {static_cast<index_t>(g.size())}, g);
    return parameter_slot<float>{ops::zeros<float>(ctx, t.extents()), t, true};
  };
  return {with(a), {ops::zeros<float>(ctx, {3}), {}, true}, with(b)};
}

}  // namespace

TEST_CASE("gradients are clipped by their common norm") {
  cpu_context const ctx;
  auto const slots = slots_with(ctx, {3, 0}, {4});
  CHECK_NEAR(clip_gradients(ctx, slots, 10), 5, 1e-15);
  CHECK(to_host(ctx, slots[0].gradient) == std::vector<float>{3, 0});

  CHECK_NEAR(clip_gradients(ctx, slots, 1), 5, 1e-15);
  CHECK_NEAR(to_host(ctx, slots[0].gradient)[0], 0.6, 1e-7);
  CHECK_NEAR(to_host(ctx, slots[2].gradient)[0], 0.8, 1e-7);
  CHECK_NEAR(clip_gradients(ctx, slots, 10), 1, 1e-7);
}

TEST_CASE("the norm is summed in double, and one that is not finite changes nothing") {
  cpu_context const ctx;
  auto const large = slots_with(ctx, {1e30f, 0}, {1e30f});  // the squares overflow a float
  CHECK_NEAR(clip_gradients(ctx, large, 1) / 1e30, std::sqrt(2.0), 1e-6);
  CHECK_NEAR(to_host(ctx, large[2].gradient)[0], std::sqrt(0.5), 1e-6);

  auto const broken = slots_with(ctx, {3, std::numeric_limits<float>::quiet_NaN()}, {4});
  CHECK(std::isnan(clip_gradients(ctx, broken, 1)));
  CHECK(to_host(ctx, broken[2].gradient)[0] == 4);
}

TEST_CASE("a largest norm must be positive") {
  cpu_context const ctx;
  CHECK(mentions(error_text([&] { clip_gradients(ctx, slots_with(ctx, {1}, {1}), 0); }), "largest norm 0"));
}

TEST_CASE("a slot moves at its own part of the rate") {
  cpu_context const ctx;
  auto const moved = [&](auto method, double factor) {
    auto slots = slots_with(ctx, {3, -1}, {4});
    slots[0].rate_factor = factor;
    method.step(ctx, slots, 0.5);
    method.step(ctx, slots, 0.5);
    return to_host(ctx, slots[0].value);
  };
  sgd_options plain;
  plain.weight_decay = 0;
  auto const whole = moved(sgd<float>(plain), 1), tenth = moved(sgd<float>(plain), 0.1);
  for (std::size_t i = 0; i < 2; ++i) CHECK_NEAR(tenth[i], 0.1 * whole[i], 1e-6);
  CHECK_NEAR(moved(adam<float>(), 0.1)[0], 0.1 * moved(adam<float>(), 1)[0], 1e-6);
  CHECK(moved(adam<float>(), 0)[1] == 0);
  CHECK(mentions(error_text([&] { moved(sgd<float>(), -1); }), "slot 0", "-1"));
}
