// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/ops/conv2d.hpp>
#include <fsis/tensor/transfer.hpp>

#include <cstdio>
#include <vector>

namespace fsis_test {

/// A convolution that Winograd's algorithm computes, with a bias, and its gradients: all elements one after the
/// other.
inline std::vector<float> convolved(fsis::cpu_context const& ctx) {
  fsis::shape const x_shape{1, 9, 10, 20}, f_shape{24, 3, 3, 20};
  auto const numbers = [](fsis::shape const& s) {
    std::vector<float> values(static_cast<std::size_t>(s.size()));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i * 37 % 101) / 101.0f - 0.4f;
    return values;
  };
  auto const x = fsis::from_host<float>(ctx, x_shape, numbers(x_shape));
  auto const f = fsis::from_host<float>(ctx, f_shape, numbers(f_shape));
  auto const b = fsis::from_host<float>(ctx, {24}, numbers({24}));
  fsis::conv_options same;
  same.padding = {1, 1};
  auto const y = fsis::ops::conv2d(ctx, x, f, b, same, fsis::activation::relu);
  std::vector<float> all = to_host(ctx, y);
  for (auto const& more : {to_host(ctx, fsis::ops::conv2d_backward_data(ctx, y, f, x_shape, same)),
                           to_host(ctx, fsis::ops::conv2d_backward_filter(ctx, x, y, f_shape, same))})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace fsis_test
