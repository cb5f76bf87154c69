// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/optim/parameter_slot.hpp>
#include <fsis/tensor/transfer.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <vector>

namespace fsis_test {

/// A weight of several tasks' size and a bias, with gradients that depend on the values and on the step.
struct two_layers {
  explicit two_layers(fsis::cpu_context const& ctx) {
    std::vector<float> w(40000), b(17);
    for (std::size_t i = 0; i < w.size(); ++i) w[i] = std::sin(static_cast<float>(i));
    for (std::size_t i = 0; i < b.size(); ++i) b[i] = std::cos(static_cast<float>(i));
    weight = fsis::from_host<float>(ctx, {200, 200}, w);
    bias = fsis::from_host<float>(ctx, {17}, b);
  }

  fsis::optim::parameter_slots<float> slots(fsis::cpu_context const& ctx, int step) const {
    auto const slope = [&](fsis::tensor<float> const& x) {
      auto g = fsis::to_host(ctx, x);
      for (std::size_t i = 0; i < g.size(); ++i)
        g[i] = g[i] * 0.3f + 0.1f * static_cast<float>((static_cast<int>(i) + step) % 7);
      return fsis::from_host<float>(ctx, x.extents(), g);
    };
    return {{weight, slope(weight), true}, {bias, slope(bias), false}};
  }

  fsis::tensor<float> weight, bias;
};

/// Ten steps give the same bytes as four, a checkpoint, and six by a new optimiser; and so on 1, 2, 3 and 7 threads.
template <class MakeOptimiser>
void check_resumes_to_same_bytes(MakeOptimiser make) {
  std::vector<float> wanted;
  for (int threads : {1, 2, 3, 7}) {
    fsis::cpu_context const ctx{fsis::cpu_options{threads}};
    two_layers whole(ctx), parts(ctx);

    auto first = make();
    for (int i = 0; i < 10; ++i) first.step(ctx, whole.slots(ctx, i), 0.05);

    auto second = make();
    for (int i = 0; i < 4; ++i) second.step(ctx, parts.slots(ctx, i), 0.05);
    auto third = make();
    third.restore(ctx, second.state());
    second.step(ctx, parts.slots(ctx, 99), 0.0);  // the restored state is a copy
    for (int i = 4; i < 10; ++i) third.step(ctx, parts.slots(ctx, i), 0.05);

    auto const w = fsis::to_host(ctx, whole.weight);
    CHECK(w == fsis::to_host(ctx, parts.weight));
    CHECK(fsis::to_host(ctx, whole.bias) == fsis::to_host(ctx, parts.bias));
    if (wanted.empty()) wanted = w;
    CHECK(w == wanted);
  }
}

}  // namespace fsis_test
