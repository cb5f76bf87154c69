// SPDX-License-Identifier: MIT
#pragma once

#include <model/naive_stack.hpp>

#include <limits>

namespace fsis_test {

/// SqueezeNet 1.1 in loops over its definition (Iandola et al. 2016, and the table of version 1.1), names as in
/// torchvision. `padded` gives maps of exactly H/s x W/s as the library does, else nothing is padded, as in the
/// original.
class naive_squeezenet {
 public:
  naive_squeezenet(weights_by_name of, bool padded) : of_(std::move(of)), padded_(padded) {}

  struct levels {
    plane_stack fire3_pooled, fire5, fire9;
  };

  levels operator()(plane_stack const& picture) const {
    levels out;
    auto x = convolved(picture, "features.0", 2, padded_ ? 1 : 0);
    x = pooled(x, padded_ ? 1 : 0, x.H / 2, x.W / 2);
    x = fire(fire(x, 3), 4);
    x = pooled(x, 0, x.H / 2, x.W / 2);
    out.fire3_pooled = x;
    x = fire(fire(x, 6), 7);
    out.fire5 = x;
    x = pooled(x, padded_ ? 1 : 0, x.H / 2, x.W / 2);
    for (int layer = 9; layer <= 12; ++layer) x = fire(x, layer);
    out.fire9 = x;
    return out;
  }

 private:
  /// Filter side and channels follow from the stored numbers.
  plane_stack convolved(plane_stack const& x, std::string const& name, int stride, int padding) const {
    auto const f = of_(name + ".weight"), b = of_(name + ".bias");
    int const K = static_cast<int>(b.size()), taps = static_cast<int>(f.size()) / (K * x.C), side = taps == 9 ? 3 : 1;
    plane_stack y = empty_stack(K, (x.H + 2 * padding - side) / stride + 1, (x.W + 2 * padding - side) / stride + 1);
    for (int k = 0; k < K; ++k)
      for (int row = 0; row < y.H; ++row)
        for (int column = 0; column < y.W; ++column) {
          double sum = b[static_cast<std::size_t>(k)];
          for (int c = 0; c < x.C; ++c)
            for (int tap = 0; tap < taps; ++tap)
              sum += f[static_cast<std::size_t>((k * x.C + c) * taps + tap)] *
                     x(c, stride * row + tap / side - padding, stride * column + tap % side - padding);
          y(k, row, column) = sum > 0 ? sum : 0;
        }
    return y;
  }

  plane_stack fire(plane_stack const& x, int layer) const {
    std::string const name = "features." + std::to_string(layer);
    auto const s = convolved(x, name + ".squeeze", 1, 0);
    auto one = convolved(s, name + ".expand1x1", 1, 0);
    auto const three = convolved(s, name + ".expand3x3", 1, 1);
    one.C += three.C;
    one.at.insert(one.at.end(), three.at.begin(), three.at.end());
    return one;
  }

  /// The largest of each 3x3 that begins `before` ahead of every other pixel. Unpadded, the last window must lie
  /// inside; padded, there are as many windows as asked for, and what lies outside does not count.
  plane_stack pooled(plane_stack const& x, int before, int rows, int columns) const {
    plane_stack y = empty_stack(x.C, padded_ ? rows : (x.H - 3) / 2 + 1, padded_ ? columns : (x.W - 3) / 2 + 1);
    for (int c = 0; c < y.C; ++c)
      for (int row = 0; row < y.H; ++row)
        for (int column = 0; column < y.W; ++column) {
          double largest = -std::numeric_limits<double>::infinity();
          for (int i = 0; i < 9; ++i) {
            int const at_y = 2 * row + i / 3 - before, at_x = 2 * column + i % 3 - before;
            if (at_y >= 0 && at_x >= 0 && at_y < x.H && at_x < x.W) largest = std::fmax(largest, x(c, at_y, at_x));
          }
          y(c, row, column) = largest;
        }
    return y;
  }

  weights_by_name of_;
  bool padded_;
};

}  // namespace fsis_test
