// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/random.hpp>
#include <fsis/core/shape.hpp>

#include <cstdint>
#include <vector>

namespace fsis_bench {

/// Normal numbers of deviation `size`, those below 0 set to 0 where `rectified`.
inline std::vector<float> normal_values(fsis::shape const& extents, double size, std::uint64_t seed,
                                        bool rectified = false) {
  fsis::random_stream draw(seed, 0);
  std::vector<float> values(static_cast<std::size_t>(extents.size()));
  for (float& v : values) {
    v = static_cast<float>(size * draw.normal());
    if (rectified && v < 0) v = 0;
  }
  return values;
}

}  // namespace fsis_bench
