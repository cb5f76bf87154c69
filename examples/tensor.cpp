// SPDX-License-Identifier: MIT
// Tensors: numbers with a shape on a device, and functions of them. No gradients, no network.
#include <fsis/tensor.hpp>

#include <cstdio>

int main() {
  fsis::cpu_context const ctx;  // threads and memory; every function takes the context it runs on

  // one picture of 4x4 pixels with 2 channels, (N,H,W,C): channels lie next to each other
  std::vector<float> values;
  for (int i = 0; i < 32; ++i) values.push_back(static_cast<float>(i));
  auto const x = fsis::from_host(ctx, {1, 4, 4, 2}, values);

  auto const smaller = fsis::ops::max_pool(ctx, x);  // windows of 2x2
  std::printf("max_pool: %s -> %s\n", to_string(x.extents()).c_str(), to_string(smaller.extents()).c_str());

  auto const per_channel = fsis::ops::mean(ctx, x.reshaped({16, 2}), 0);
  auto const centred = fsis::ops::subtract(ctx, x, per_channel);  // (1,4,4,2) - (1,2): shapes broadcast
  auto const means = fsis::to_host(ctx, per_channel);
  std::printf("mean of each channel: %g and %g, after subtracting it: %g in all\n", double{means[0]}, double{means[1]},
              double{fsis::item(ctx, fsis::ops::sum(ctx, centred))});

  // a filter is (K,R,S,C): here 1 output channel that averages 3x3 pixels of both channels
  auto const filter = fsis::ops::full(ctx, {1, 3, 3, 2}, 1.0f / 18);
  fsis::conv_options same_size;
  same_size.padding = {1, 1};
  auto const blurred = fsis::ops::conv2d(ctx, x, filter, {}, same_size);
  std::printf("conv2d: %s -> %s, pixel (1,1) is %g\n", to_string(x.extents()).c_str(),
              to_string(blurred.extents()).c_str(), double{fsis::to_host(ctx, blurred)[5]});

  try {
    fsis::ops::matmul(ctx, x.reshaped({8, 4}), x.reshaped({8, 4}));
  } catch (fsis::shape_error const& e) {
    std::printf("refused: %s\n", e.what());
  }
}
