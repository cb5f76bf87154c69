// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/image.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/core/random.hpp>
#include <fsis/interactive/shot.hpp>

#include <cmath>

namespace fsis_bench {

/// A disc of one colour on another, with noise, and its mask.
inline fsis::shot disc(fsis::index_t side, std::uint64_t seed) {
  fsis::random_stream draw(seed);
  fsis::shot s{fsis::image::blank(side, side), fsis::mask::blank(side, side)};
  double const length = static_cast<double>(side);
  double const cy = length * draw.uniform(0.4, 0.6), cx = length * draw.uniform(0.4, 0.6);
  double const radius = length * draw.uniform(0.15, 0.3);
  for (fsis::index_t y = 0; y < side; ++y)
    for (fsis::index_t x = 0; x < side; ++x) {
      bool const inside = std::hypot(static_cast<double>(y) - cy, static_cast<double>(x) - cx) < radius;
      s.object(y, x) = inside;
      for (fsis::index_t c = 0; c < 3; ++c) {
        double const colour = inside ? 190.0 - 50.0 * static_cast<double>(c) : 60.0 + 30.0 * static_cast<double>(c);
        s.picture(y, x, c) = static_cast<std::uint8_t>(colour + draw.uniform(-20, 20));
      }
    }
  return s;
}

}  // namespace fsis_bench
