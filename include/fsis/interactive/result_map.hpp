// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/click.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/interactive/start_mask.hpp>
#include <fsis/kernels/elementwise.hpp>
#include <fsis/ops/resize.hpp>
#include <fsis/tensor/transfer.hpp>
#include <fsis/vision/plane.hpp>
#include <fsis/vision/zoom.hpp>

#include <vector>

namespace fsis {
inline namespace v0 {
namespace interactive {

/// Logits (1,H,W,1) of a frame as probabilities on the photo: interpolated (pixels as areas, as the photo was shrunk),
/// then the sigmoid. Outside the frame's region nothing was looked at: 0 there.
template <class T, class Context>
vision::plane<float> probability_on(Context const& ctx, tensor<T, Context> const& logits, vision::zoom const& frame,
                                    index_t height, index_t width) {
  vision::region const& r = frame.from;
  auto const fitted = ops::resize(ctx, logits, r.height(), r.width(), resize_mode::half_pixel);
  auto const p = to_host(ctx, ops::map(ctx, fitted, kernels::sigmoid{}));
  vision::plane<float> out(height, width, 0.0f);
  auto from = p.begin();
  for (index_t y = r.top; y <= r.bottom; ++y)
    for (index_t x = r.left; x <= r.right; ++x) out(y, x) = static_cast<float>(*from++);
  return out;
}

/// 1 where the probability is above the threshold, else 0.
inline mask mask_above(vision::plane<float> const& probability, double threshold) {
  mask out = mask::blank(probability.height(), probability.width());
  for (index_t i = 0; i < out.size(); ++i) out.data()[i] = static_cast<double>(probability.data()[i]) > threshold;
  return out;
}

/// Where a mask differs from what the probability says, the probability becomes the mask's 0 or 1.
inline void agree_with(mask const& m, double threshold, vision::plane<float>& probability) {
  for (index_t i = 0; i < m.size(); ++i) {
    float& p = probability.data()[i];
    bool const object = m.data()[i] != 0;
    if ((static_cast<double>(p) > threshold) != object) p = object ? 1.0f : 0.0f;
  }
}

/// How many clicks lie on a pixel of the kind they asked for.
inline index_t count_satisfied(mask const& m, std::vector<click> const& clicks) {
  index_t n = 0;
  for (click const& c : clicks) {
    clicked_pixel const at(c, m);
    n += (m(at.y, at.x) != 0) == c.is_positive;
  }
  return n;
}

}  // namespace interactive
}  // namespace v0
}  // namespace fsis
