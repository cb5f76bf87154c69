// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/mask.hpp>
#include <fsis/core/math.hpp>
#include <fsis/vision/check.hpp>
#include <fsis/vision/plane.hpp>

#include <cmath>
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
/// `far` where there is none.
inline plane<index_t> column_distances(mask const& m, bool to_object, frame outside, index_t far) {
  index_t const H = m.height(), W = m.width();
  plane<index_t> g(H, W);
  bool const framed = outside == frame::boundary;
  for (index_t y = 0; y < H; ++y)
    for (index_t x = 0; x < W; ++x) {
      index_t const above = y > 0 ? g(y - 1, x) : (framed ? 0 : far);
      bool const is_site = (m(y, x) != 0) == to_object;
      g(y, x) = is_site ? 0 : hd_min(above + 1, far);
    }
  for (index_t y = H - 1; y >= 0; --y)
    for (index_t x = 0; x < W; ++x) {
      index_t const below = y + 1 < H ? g(y + 1, x) : (framed ? 0 : far);
      g(y, x) = hd_min(g(y, x), below + 1);
    }
  return g;
}

/// Replaces column distances g of one row by min over i of (x - i)^2 + g(i)^2: the lower envelope of
/// parabolas, in whole numbers (Meijster, Roerdink and Hesselink 2000, second phase).
class row_envelope {
 public:
  explicit row_envelope(index_t width)
      : g2_(static_cast<std::size_t>(width)), apex_(g2_.size()), from_(g2_.size()), width_(width) {}

  void apply(index_t* row) {
    for (index_t i = 0; i < width_; ++i) g2(i) = row[i] * row[i];
    index_t last = 0;
    apex(0) = from(0) = 0;
    for (index_t i = 1; i < width_; ++i) {
      while (last >= 0 && value(apex(last), from(last)) > value(i, from(last))) --last;
      if (last < 0) {
        last = 0;
        apex(0) = i;
        from(0) = 0;
        continue;
      }
      // the parabola of i is not higher from here on; the quotient cannot be negative after the loop above
      index_t const a = apex(last);
      index_t const start = 1 + (i * i - a * a + g2(i) - g2(a)) / (2 * (i - a));
      if (start >= width_) continue;
      ++last;
      apex(last) = i;
      from(last) = start;
    }
    for (index_t x = width_ - 1; x >= 0; --x) {
      row[x] = value(apex(last), x);
      if (x == from(last)) --last;
    }
  }

 private:
  index_t& g2(index_t i) { return g2_[static_cast<std::size_t>(i)]; }
  index_t& apex(index_t i) { return apex_[static_cast<std::size_t>(i)]; }
  index_t& from(index_t i) { return from_[static_cast<std::size_t>(i)]; }
  index_t value(index_t i, index_t x) { return (x - i) * (x - i) + g2(i); }

  std::vector<index_t> g2_, apex_, from_;
  index_t width_;
};

inline plane<index_t> squared_distances(mask const& m, bool to_object, frame outside) {
  check_not_empty("distance_transform", "mask", m);
  index_t const H = m.height(), W = m.width();
  // longer than any way inside the picture, so that a column without a site never wins against one with
  index_t const far = H + W;
  plane<index_t> d = column_distances(m, to_object, outside, far);
  row_envelope envelope(W);
  for (index_t y = 0; y < H; ++y) {
    envelope.apply(d.data() + y * W);
    for (index_t x = 0; x < W; ++x) {
      index_t& v = d(y, x);
      if (outside == frame::boundary) {
        index_t const side = hd_min(x + 1, W - x);
        v = hd_min(v, side * side);
      } else if (v >= far * far) {
        v = unreachable;
      }
    }
  }
  return d;
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
