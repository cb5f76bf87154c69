// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/random.hpp>
#include <fsis/tensor/transfer.hpp>

#include <cstdint>
#include <vector>

namespace fsis_test {

/// Uniform numbers in [low, high), the same for float and double up to rounding.
template <class T, class Context>
fsis::tensor<T, Context> random_tensor(Context const& ctx, fsis::shape const& extents, std::uint64_t seed,
                                       double low = -1, double high = 1) {
  fsis::random_stream draw(seed);
  std::vector<T> values(static_cast<std::size_t>(extents.size()));
  for (T& v : values) v = static_cast<T>(draw.uniform(low, high));
  return fsis::from_host<T>(ctx, extents, values);
}

/// Numbers of random sign with magnitudes in [low, high): away from a kink at zero.
template <class T, class Context>
fsis::tensor<T, Context> away_from_zero(Context const& ctx, fsis::shape const& extents, std::uint64_t seed,
                                        double low = 0.2, double high = 1) {
  fsis::random_stream draw(seed);
  std::vector<T> values(static_cast<std::size_t>(extents.size()));
  for (T& v : values) v = static_cast<T>(draw.uniform(low, high) * (draw.chance(0.5) ? 1 : -1));
  return fsis::from_host<T>(ctx, extents, values);
}

/// Numbers in (-1, 1) in random order, every two of them at least 1/size apart: no ties and none nearly so.
template <class T, class Context>
fsis::tensor<T, Context> distinct_tensor(Context const& ctx, fsis::shape const& extents, std::uint64_t seed) {
  fsis::random_stream draw(seed);
  std::vector<T> values(static_cast<std::size_t>(extents.size()));
  double const n = static_cast<double>(values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<T>((2 * static_cast<double>(i) + 1 + draw.uniform(-0.4, 0.4)) / n - 1);
  draw.shuffle(values);
  return fsis::from_host<T>(ctx, extents, values);
}

}  // namespace fsis_test
