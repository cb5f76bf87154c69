// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/image.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/model/settings.hpp>
#include <fsis/tensor/transfer.hpp>

#include <cmath>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace model {

/// Height and width of a network input.
struct input_size {
  index_t height = 0, width = 0;
  friend bool operator==(input_size const& a, input_size const& b) {
    return a.height == b.height && a.width == b.width;
  }
};

/// The size at which a picture enters a network: its own, shrunk so that the longer side is at most `longest`, each
/// side rounded to a multiple of `multiple` (at least one).
inline input_size input_size_of(index_t height, index_t width, index_t longest, index_t multiple) {
  require<value_error>(height > 0 && width > 0 && longest >= multiple && multiple > 0, "input_size: picture ", height,
                       "x", width, ", longest side ", longest, ", multiple ", multiple);
  double const scale = std::min(1.0, static_cast<double>(longest) / static_cast<double>(hd_max(height, width)));
  auto const side = [&](index_t n) {
    index_t const units =
        static_cast<index_t>(std::nearbyint(static_cast<double>(n) * scale / static_cast<double>(multiple)));
    return hd_clamp(units, index_t{1}, longest / multiple) * multiple;
  };
  return {side(height), side(width)};
}

/// Writes a picture as one normalised entry (H,W,3) at `out`.
template <class T>
void write_normalized(T* out, image_view const& picture, normalization_constants const& n) {
  T table[3][256];
  for (std::size_t c = 0; c < 3; ++c)
    for (int v = 0; v < 256; ++v) table[c][v] = static_cast<T>((v / 255.0 - n.mean[c]) / n.deviation[c]);
  index_t const step = channels_of(picture.order());
  index_t const at[3] = {picture.offset_of(0), picture.offset_of(1), picture.offset_of(2)};
  for (index_t y = 0; y < picture.height(); ++y) {
    std::uint8_t const* p = picture.pixel(y, 0);
    for (index_t x = 0; x < picture.width(); ++x, p += step)
      for (std::size_t c = 0; c < 3; ++c) *out++ = table[c][p[at[c]]];
  }
}

/// A picture as (1,H,W,3), normalised.
template <class T, class Context>
tensor<T, Context> image_tensor(Context const& ctx, image_view const& picture, normalization_constants const& n) {
  std::vector<T> values(static_cast<std::size_t>(picture.height() * picture.width() * 3));
  write_normalized(values.data(), picture, n);
  return from_host<T>(ctx, {1, picture.height(), picture.width(), 3}, values);
}

/// A mask as (1,H,W,1): 1 where it is neither 0 nor void, else 0.
template <class T, class Context>
tensor<T, Context> mask_tensor(Context const& ctx, mask const& m) {
  std::vector<T> values(static_cast<std::size_t>(m.size()));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = m.data()[i] != 0 && m.data()[i] != mask::void_label ? T(1) : T(0);
  return from_host<T>(ctx, {1, m.height(), m.width(), 1}, values);
}

}  // namespace model
}  // namespace v0
}  // namespace fsis
