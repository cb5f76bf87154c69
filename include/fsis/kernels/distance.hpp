// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/math.hpp>

#include <cmath>

namespace fsis {
inline namespace v0 {
namespace kernels {

// Squared Euclidean distances, exact, for devices with a thread for each column and then for each pixel. (On the
// processor `vision::squared_distance_transform` takes linear time.)

/// Steps up or down the column to the nearest background (zero) pixel of a mask (N,H,W); H + W where there is none.
/// Index: columns of all pictures.
template <class T>
struct column_distance {
  std::int32_t* steps;  // (N,H,W)
  T const* mask;
  index_t H, W;

  FSIS_HD void operator()(index_t i) const {
    index_t const n = i / W, first = n * H * W + (i - n * W);
    auto const far = static_cast<std::int32_t>(H + W);
    std::int32_t at = far;
    for (index_t y = 0; y < H; ++y) {
      at = mask[first + y * W] == T(0) ? 0 : hd_min(at + 1, far);
      steps[first + y * W] = at;
    }
    at = far;
    for (index_t y = H - 1; y >= 0; --y) {
      at = hd_min(at + 1, steps[first + y * W]);
      steps[first + y * W] = at;
    }
  }
};

/// The least (x - q)^2 + steps(q)^2 of a row. Looks left and right until the way there alone is longer than what was
/// found. Infinity where there is no background.
template <class T>
struct row_distance {
  T* squared;  // (N,H,W)
  std::int32_t const* steps;
  index_t H, W;

  FSIS_HD void operator()(index_t pixel) const {
    index_t const x = pixel % W;
    std::int32_t const* const row = steps + (pixel - x);
    index_t const far = H + W;
    index_t best = far * far;
    auto const look = [&](index_t q, index_t aside) {
      index_t const g = row[q];
      if (g < far) best = hd_min(best, aside + g * g);
    };
    look(x, 0);
    for (index_t d = 1; d < W && d * d < best; ++d) {
      if (x >= d) look(x - d, d * d);
      if (x + d < W) look(x + d, d * d);
    }
    squared[pixel] = best == far * far ? static_cast<T>(HUGE_VAL) : static_cast<T>(best);
  }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
