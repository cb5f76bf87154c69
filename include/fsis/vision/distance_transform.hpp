// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/dispatch.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/core/math.hpp>
#include <fsis/vision/check.hpp>
#include <fsis/vision/plane.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace vision {

/// What lies outside the picture. `open`: nothing, distances are to pixels of the picture only.
/// `boundary`: a frame of background one pixel wide, so that the border of the picture bounds an object.
enum class frame { open, boundary };

/// Squared distance where there is no pixel to measure to.
constexpr index_t unreachable = (std::numeric_limits<index_t>::max)();

namespace detail {

/// Steps up or down the column to the nearest pixel that is background (or object, if `to_object`);
/// `far` where there is none. Rows of columns side by side, which vectors lie along.
template <class Int>
std::vector<Int> column_distances(mask const& m, bool to_object, frame outside, Int far) {
  index_t const H = m.height(), W = m.width();
  std::vector<Int> steps(static_cast<std::size_t>(H * W)), edge(static_cast<std::size_t>(W));
  std::fill(edge.begin(), edge.end(), outside == frame::boundary ? Int(0) : far);
  backend::run_for(supported_instruction_set(), [&]() __attribute__((always_inline)) {
    for (index_t y = 0; y < H; ++y) {
      std::uint8_t const* const from = m.data() + y * W;
      Int* const g = steps.data() + y * W;
      Int const* const above = y > 0 ? g - W : edge.data();
      backend::run_independent(0, W, [=](index_t x) __attribute__((always_inline)) {
        Int const next = hd_select(above[x] < far, above[x] + 1, far);
        g[x] = hd_select((static_cast<Int>(from[x]) != 0) == to_object, Int(0), next);
      });
    }
    for (index_t y = H - 1; y >= 0; --y) {
      Int* const g = steps.data() + y * W;
      Int const* const below = y + 1 < H ? g + W : edge.data();
      backend::run_independent(0, W, [=](index_t x) __attribute__((always_inline)) {
        Int const next = below[x] + 1;
        g[x] = hd_select(next < g[x], next, g[x]);
      });
    }
  });
  return steps;
}

/// Column distances g of one row to min over i of (x - i)^2 + g(i)^2: the lower envelope of parabolas, in whole numbers
/// (Meijster, Roerdink and Hesselink 2000, second phase).
template <class Int>
class row_envelope {
 public:
  explicit row_envelope(Int width)
      : g2_(static_cast<std::size_t>(width)), apex_(g2_.size()), from_(g2_.size()), width_(width) {}

  void apply(Int const* g, index_t* out) {
    Int* const g2 = g2_.data();
    Int* const apex = apex_.data();
    Int* const from = from_.data();
    auto const value = [g2](Int i, Int x) { return (x - i) * (x - i) + g2[i]; };
    for (Int i = 0; i < width_; ++i) g2[i] = g[i] * g[i];
    Int last = 0;
    apex[0] = from[0] = 0;
    for (Int i = 1; i < width_; ++i) {
      while (last >= 0 && value(apex[last], from[last]) > value(i, from[last])) --last;
      if (last < 0) {
        last = 0;
        apex[0] = i;
        from[0] = 0;
        continue;
      }
      // the parabola of i is not higher from here on; the quotient cannot be negative after the loop above
      Int const a = apex[last];
      Int const start = 1 + (i * i - a * a + g2[i] - g2[a]) / (2 * (i - a));
      if (start >= width_) continue;
      ++last;
      apex[last] = i;
      from[last] = start;
    }
    for (Int x = width_ - 1; x >= 0; --x) {
      out[x] = value(apex[last], x);
      if (x == from[last]) --last;
    }
  }

 private:
  std::vector<Int> g2_, apex_, from_;
  Int width_;
};

template <class Int>
plane<index_t> squared_distances_in(mask const& m, bool to_object, frame outside) {
  index_t const H = m.height(), W = m.width();
  // longer than any way inside the picture, so that a column without a site never wins against one with
  index_t const far = H + W;
  std::vector<Int> const steps = column_distances(m, to_object, outside, static_cast<Int>(far));
  plane<index_t> d(H, W);
  row_envelope<Int> envelope(static_cast<Int>(W));
  for (index_t y = 0; y < H; ++y) {
    index_t* const row = d.data() + y * W;
    envelope.apply(steps.data() + y * W, row);
    if (outside == frame::boundary) {
      for (index_t x = 0; x < W; ++x) {
        index_t const side = hd_min(x + 1, W - x);
        row[x] = hd_min(row[x], side * side);
      }
    } else {
      for (index_t x = 0; x < W; ++x) row[x] = row[x] >= far * far ? unreachable : row[x];
    }
  }
  return d;
}

inline plane<index_t> squared_distances(mask const& m, bool to_object, frame outside) {
  check_not_empty("distance_transform", "mask", m);
  // the largest numbers are below twice the square of height plus width
  bool const fits = m.height() + m.width() < (index_t{1} << 15);
  return fits ? squared_distances_in<std::int32_t>(m, to_object, outside)
              : squared_distances_in<std::int64_t>(m, to_object, outside);
}

}  // namespace detail

/// Squared Euclidean distance of every pixel to the nearest background (zero) pixel: exact whole numbers,
/// 0 on the background itself, `unreachable` where there is no background. Time and memory linear in the
/// number of pixels. Meijster, Roerdink and Hesselink, "A general algorithm for computing distance
/// transforms in linear time", 2000. Throws `value_error` on a 0x0 mask.
inline plane<index_t> squared_distance_to_background(mask const& m, frame outside = frame::open) {
  return detail::squared_distances(m, false, outside);
}

/// The same to the nearest object (nonzero) pixel. A frame would be background and has no part here.
inline plane<index_t> squared_distance_to_object(mask const& m) {
  return detail::squared_distances(m, true, frame::open);
}

/// Distances in pixels from squared ones; infinity where unreachable.
template <class T = float>
plane<T> root(plane<index_t> const& squared) {
  plane<T> out(squared.height(), squared.width());
  for (index_t i = 0; i < squared.size(); ++i) {
    index_t const d2 = squared.data()[i];
    out.data()[i] = d2 == unreachable ? std::numeric_limits<T>::infinity()
                                      : static_cast<T>(std::sqrt(static_cast<double>(d2)));
  }
  return out;
}

}  // namespace vision
}  // namespace v0
}  // namespace fsis
