// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/dispatch.hpp>
#include <fsis/core/image.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/core/math.hpp>
#include <fsis/vision/check.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace vision {
namespace detail {

/// Which input pixels make one output pixel, and how much of each.
struct resize_taps {
  index_t first = 0;
  std::vector<float> weight;
};

/// Enlarging: the two nearest pixels, half-pixel centres. Shrinking: every pixel by the share of it that the
/// output pixel covers. At equal size one pixel of weight 1.
inline std::vector<resize_taps> make_taps(index_t in, index_t out) {
  std::vector<resize_taps> taps(static_cast<std::size_t>(out));
  double const ratio = static_cast<double>(in) / static_cast<double>(out);
  for (index_t o = 0; o < out; ++o) {
    resize_taps& t = taps[static_cast<std::size_t>(o)];
    if (out >= in) {
      double const centre = (static_cast<double>(o) + 0.5) * ratio - 0.5;
      double const at = hd_clamp(centre, 0.0, static_cast<double>(in - 1));
      t.first = hd_min(static_cast<index_t>(at), in - 1);
      float const share = static_cast<float>(at - static_cast<double>(t.first));
      t.weight = {1.0f - share};
      if (share > 0) t.weight.push_back(share);
    } else {
      // whole numbers decide which pixels take part, so that rounding cannot reach past the last one
      t.first = o * in / out;
      index_t const last = ceil_div((o + 1) * in, out);
      double const low = static_cast<double>(o) * ratio, high = static_cast<double>(o + 1) * ratio;
      for (index_t i = t.first; i < last; ++i) {
        double const from = hd_max(low, static_cast<double>(i));
        double const to = hd_min(high, static_cast<double>(i + 1));
        t.weight.push_back(static_cast<float>(hd_max(to - from, 0.0) / ratio));
      }
    }
  }
  return taps;
}

inline std::uint8_t to_byte(float v) { return static_cast<std::uint8_t>(hd_clamp(v + 0.5f, 0.0f, 255.0f)); }

inline void check_target(char const* op, index_t height, index_t width) {
  require<value_error>(height > 0 && width > 0, op, ": wanted size ", height, "x", width,
                       ", both must be positive");
}

}  // namespace detail

/// A picture in another size, 8-bit RGB. Each axis by itself: enlarged bilinearly with half-pixel centres
/// (the convention of OpenCV and of align_corners = false), shrunk by averaging the area that an output
/// pixel covers, so that fine texture does not alias. Rounds to nearest; a picture of one colour keeps it.
/// Throws `value_error` on a target that is not positive, `shape_error` where it does not fit into memory
/// sizes.
inline image resize_image(image_view const& source, index_t height, index_t width) {
  detail::check_target("resize_image", height, width);
  image out = image::blank(height, width);
  auto const rows = detail::make_taps(source.height(), height);
  auto const columns = detail::make_taps(source.width(), width);
  index_t const offset[3] = {source.offset_of(0), source.offset_of(1), source.offset_of(2)};
  index_t const step = channels_of(source.order());
  std::vector<float> line(static_cast<std::size_t>(step * source.width()));
  for (index_t y = 0; y < height; ++y) {
    std::fill(line.begin(), line.end(), 0.0f);
    detail::resize_taps const& row = rows[static_cast<std::size_t>(y)];
    backend::run_for(supported_instruction_set(), [&]() __attribute__((always_inline)) {
      for (std::size_t k = 0; k < row.weight.size(); ++k) {
        std::uint8_t const* const from = source.pixel(row.first + static_cast<index_t>(k), 0);
        float* const to = line.data();
        float const weight = row.weight[k];
        backend::run_independent(0, step * source.width(), [=](index_t i) __attribute__((always_inline)) {
          to[i] += weight * static_cast<float>(from[i]);
        });
      }
    });
    for (index_t x = 0; x < width; ++x) {
      detail::resize_taps const& column = columns[static_cast<std::size_t>(x)];
      float sum[3] = {0, 0, 0};
      float const* from = line.data() + step * column.first;
      for (float w : column.weight) {
        for (index_t c = 0; c < 3; ++c) sum[c] += w * from[offset[c]];
        from += step;
      }
      for (index_t c = 0; c < 3; ++c) out(y, x, c) = detail::to_byte(sum[c]);
    }
  }
  return out;
}

/// A mask or label map in another size: each output pixel takes the input pixel under its centre, the same
/// convention as `resize_image`, so a mask stays on its picture. (Nearest in OpenCV and PyTorch takes the
/// pixel under the output pixel's corner, which shifts masks by up to half a pixel.)
/// Throws `value_error` on a 0x0 mask or a target that is not positive.
inline mask resize_mask(mask const& source, index_t height, index_t width) {
  detail::check_not_empty("resize_mask", "mask", source);
  detail::check_target("resize_mask", height, width);
  mask out = mask::blank(height, width);
  std::vector<index_t> column(static_cast<std::size_t>(width));
  for (index_t x = 0; x < width; ++x)
    column[static_cast<std::size_t>(x)] = (2 * x + 1) * source.width() / (2 * width);
  for (index_t y = 0; y < height; ++y) {
    index_t const from = (2 * y + 1) * source.height() / (2 * height);
    for (index_t x = 0; x < width; ++x) out(y, x) = source(from, column[static_cast<std::size_t>(x)]);
  }
  return out;
}

}  // namespace vision
}  // namespace v0
}  // namespace fsis
