// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/image.hpp>
#include <fsis/model/preprocess.hpp>
#include <fsis/ops/layout.hpp>
#include <fsis/vision/zoom.hpp>

#include <cmath>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace interactive {

// A frame is the part of the photo that the network sees, and the size at which it sees it. Pixels are areas: the
// mapping of clicks is that of `vision::resize_image`.

/// The whole photo as a network input: shrunk to `longest`, never enlarged beyond rounding to `multiple`.
inline vision::zoom whole_frame(index_t height, index_t width, index_t longest, index_t multiple) {
  auto const size = model::input_size_of(height, width, longest, multiple);
  return {vision::whole(height, width), size.height, size.width, vision::crop_mapping::half_pixel};
}

/// A region as a network input whose longer side is `longest`, enlarged where it is smaller; sides are multiples of
/// `multiple`.
inline vision::zoom region_frame(vision::region const& from, index_t longest, index_t multiple) {
  double const scale = static_cast<double>(longest) / static_cast<double>(hd_max(from.height(), from.width()));
  auto const side = [&](index_t n) {
    double const units = std::nearbyint(static_cast<double>(n) * scale / static_cast<double>(multiple));
    return hd_clamp(static_cast<index_t>(units), index_t{1}, hd_max(longest / multiple, index_t{1})) * multiple;
  };
  return {from, side(from.height()), side(from.width()), vision::crop_mapping::half_pixel};
}

/// A region of a picture, without a copy. Both ends of the region must lie in the picture.
inline image_view cropped(image const& picture, vision::region const& r) {
  std::uint8_t const* const first = picture.data() + (r.top * picture.width() + r.left) * 3;
  return image_view(first, r.height(), r.width(), picture.width() * 3);
}

/// A region of a mask.
inline mask cropped(mask const& m, vision::region const& r) {
  mask out = mask::blank(r.height(), r.width());
  for (index_t y = 0; y < r.height(); ++y)
    for (index_t x = 0; x < r.width(); ++x) out(y, x) = m(r.top + y, r.left + x);
  return out;
}

/// One picture (1,H,W,C), or with `copies` = 2 the picture and its mirror image (2,H,W,C).
template <class T, class Context>
tensor<T, Context> with_mirror_image(Context const& ctx, tensor<T, Context> const& x, index_t copies) {
  if (copies == 1) return x;
  return ops::concatenate(ctx, std::vector<tensor<T, Context>>{x, ops::flip(ctx, x, 2)}, 0);
}

}  // namespace interactive
}  // namespace v0
}  // namespace fsis
