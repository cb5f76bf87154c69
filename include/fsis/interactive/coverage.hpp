// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/mask.hpp>
#include <fsis/core/math.hpp>

#include <vector>

namespace fsis {
inline namespace v0 {
namespace interactive {
namespace detail {

/// The input pixels under one output pixel, and the share of the output pixel that each covers.
template <class T>
struct covered {
  index_t first = 0;
  std::vector<T> share;
};

template <class T>
std::vector<covered<T>> covered_pixels(index_t in, index_t out) {
  std::vector<covered<T>> all(static_cast<std::size_t>(out));
  for (index_t o = 0; o < out; ++o) {
    // in units of 1 / out input pixels everything is a whole number
    index_t const low = o * in, high = low + in;
    covered<T>& c = all[static_cast<std::size_t>(o)];
    c.first = low / out;
    for (index_t i = c.first; i * out < high; ++i)
      c.share.push_back(static_cast<T>(hd_min(high, (i + 1) * out) - hd_max(low, i * out)) / static_cast<T>(in));
  }
  return all;
}

}  // namespace detail

/// The share of each pixel of a grid laid over the mask that is object (nonzero), row by row, in [0, 1]. Areas, not
/// samples: a small object is faint on a coarse grid but never gone. Throws `value_error` on an empty mask or grid.
template <class T>
std::vector<T> coverage(mask const& m, index_t height, index_t width) {
  require<value_error>(!m.empty() && height > 0 && width > 0, "coverage: mask ", m.height(), "x", m.width(),
                       ", grid ", height, "x", width, ", all must be positive");
  auto const rows = detail::covered_pixels<T>(m.height(), height);
  auto const columns = detail::covered_pixels<T>(m.width(), width);
  std::vector<T> out(static_cast<std::size_t>(checked_product(height, width)));
  std::vector<T> line(static_cast<std::size_t>(m.width()));
  T* to = out.data();
  for (auto const& row : rows) {
    std::fill(line.begin(), line.end(), T(0));
    for (std::size_t k = 0; k < row.share.size(); ++k) {
      std::uint8_t const* from = m.data() + (row.first + static_cast<index_t>(k)) * m.width();
      for (std::size_t x = 0; x < line.size(); ++x) line[x] += from[x] ? row.share[k] : T(0);
    }
    for (auto const& column : columns) {
      T const* from = line.data() + column.first;
      T sum = T(0);
      for (T share : column.share) sum += share * *from++;
      *to++ = sum;
    }
  }
  return out;
}

}  // namespace interactive
}  // namespace v0
}  // namespace fsis
