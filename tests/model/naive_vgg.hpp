// SPDX-License-Identifier: MIT
#pragma once

#include <model/naive_stack.hpp>

namespace fsis_test {

/// VGG16 in loops over its definition, so that nothing is shared with the library: configuration D of Simonyan and
/// Zisserman 2015, layers numbered as in torchvision's `features`.
class naive_vgg16 {
 public:
  naive_vgg16(weights_by_name of, int divisor, bool has_norm)
      : of_(std::move(of)), divisor_(divisor), has_norm_(has_norm) {}

  struct levels {
    plane_stack conv3_pooled, conv4, conv5;
  };

  levels operator()(plane_stack x) const {
    static constexpr int pool = -1;
    static constexpr int plan[] = {64,   64,  pool, 128, 128,  pool, 256, 256, 256,
                                   pool, 512, 512,  512, pool, 512,  512, 512};
    levels out;
    int layer = 0, pools = 0;
    for (int step : plan) {
      if (step == pool) {
        if (pools == 3) out.conv4 = x;
        x = pooled(x);
        if (++pools == 3) out.conv3_pooled = x;
        layer += 1;
        continue;
      }
      x = convolved(x, step / divisor_, "features." + std::to_string(layer));
      if (has_norm_) normalise(x, "features." + std::to_string(layer + 1));
      for (double& v : x.at) v = v > 0 ? v : 0;
      layer += has_norm_ ? 3 : 2;
    }
    out.conv5 = x;
    return out;
  }

 private:
  plane_stack convolved(plane_stack const& x, int K, std::string const& name) const {
    auto const f = of_(name + ".weight"), b = of_(name + ".bias");
    plane_stack y = empty_stack(K, x.H, x.W);
    for (int k = 0; k < K; ++k)
      for (int row = 0; row < x.H; ++row)
        for (int column = 0; column < x.W; ++column) {
          double sum = b[static_cast<std::size_t>(k)];
          for (int c = 0; c < x.C; ++c)
            for (int r = 0; r < 3; ++r)
              for (int s = 0; s < 3; ++s)
                sum +=
                    f[static_cast<std::size_t>(((k * x.C + c) * 3 + r) * 3 + s)] * x(c, row + r - 1, column + s - 1);
          y(k, row, column) = sum;
        }
    return y;
  }

  void normalise(plane_stack& x, std::string const& name) const {
    auto const gamma = of_(name + ".weight"), beta = of_(name + ".bias");
    auto const mean = of_(name + ".running_mean"), variance = of_(name + ".running_var");
    for (int c = 0; c < x.C; ++c) {
      auto const i = static_cast<std::size_t>(c);
      for (int y = 0; y < x.H; ++y)
        for (int column = 0; column < x.W; ++column)
          x(c, y, column) = gamma[i] * (x(c, y, column) - mean[i]) / std::sqrt(variance[i] + 1e-5) + beta[i];
    }
  }

  static plane_stack pooled(plane_stack const& x) {
    plane_stack y = empty_stack(x.C, x.H / 2, x.W / 2);
    for (int c = 0; c < y.C; ++c)
      for (int row = 0; row < y.H; ++row)
        for (int column = 0; column < y.W; ++column) {
          double largest = x(c, 2 * row, 2 * column);
          for (int i = 1; i < 4; ++i) largest = std::fmax(largest, x(c, 2 * row + i / 2, 2 * column + i % 2));
          y(c, row, column) = largest;
        }
    return y;
  }

  weights_by_name of_;
  int divisor_;
  bool has_norm_;
};

}  // namespace fsis_test
