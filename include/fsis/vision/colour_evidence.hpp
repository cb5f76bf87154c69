// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/image.hpp>
#include <fsis/core/math.hpp>
#include <fsis/vision/check.hpp>
#include <fsis/vision/plane.hpp>

#include <cmath>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace vision {

/// How colours are counted.
struct colour_options {
  index_t bins = 8;  ///< of each of red, green and blue, 1 to 256
  double smoothing =
      50;  ///< pixels of every colour that are there from the start, object and background as the whole
};

/// What the colour of every pixel says of it, given a first answer: log p(colour | object) - log p(colour | background).
/// Both distributions are histograms of this very picture, in which each pixel counts by its probability of being object
/// or background, and not for itself (Boykov and Jolly 2001 count marked pixels; Rother et al. 2004, "GrabCut", those of
/// the last answer). A positive value makes object more likely than `probability`, (H,W) in [0,1], says. Zeros where
/// nothing or everything is object. Throws `shape_error` on different sizes, `value_error` on options out of range.
inline plane<float> colour_evidence(image_view const& picture, plane<float> const& probability,
                                    colour_options const& o = {}) {
  index_t const H = picture.height(), W = picture.width();
  require<shape_error>(probability.height() == H && probability.width() == W, "colour_evidence: picture ", H, "x", W,
                       ", probabilities ", probability.height(), "x", probability.width(), ", wanted equal sizes");
  require<value_error>(o.bins >= 1 && o.bins <= 256, "colour_evidence: ", o.bins, " bins, wanted 1 to 256");
  require<value_error>(o.smoothing > 0 && std::isfinite(o.smoothing), "colour_evidence: smoothing ", o.smoothing,
                       ", wanted more than 0");
  std::vector<double> object(static_cast<std::size_t>(o.bins * o.bins * o.bins)), background(object.size());
  std::vector<std::size_t> bin(static_cast<std::size_t>(H * W));
  double all_object = 0, all_background = 0;
  for (index_t y = 0; y < H; ++y)
    for (index_t x = 0; x < W; ++x) {
      auto const level = [&](index_t channel) { return picture(y, x, channel) * o.bins / 256; };
      std::size_t const c = static_cast<std::size_t>((level(0) * o.bins + level(1)) * o.bins + level(2));
      double const p = static_cast<double>(probability(y, x));
      bin[static_cast<std::size_t>(y * W + x)] = c;
      object[c] += p;
      background[c] += 1 - p;
      all_object += p;
      all_background += 1 - p;
    }
  plane<float> evidence(H, W);
  if (!(all_object > 0) || !(all_background > 0)) return evidence;
  double const share = all_object / (all_object + all_background);
  double const some_object = o.smoothing * share, some_background = o.smoothing * (1 - share);
  double const scale = (all_background + some_background) / (all_object + some_object);
  for (index_t i = 0; i < H * W; ++i) {
    std::size_t const c = bin[static_cast<std::size_t>(i)];
    double const p = static_cast<double>(probability.data()[i]);
    // rounding may leave less than nothing
    double const others = hd_max(object[c] - p, 0.0), behind = hd_max(background[c] - (1 - p), 0.0);
    evidence.data()[i] = static_cast<float>(std::log(scale * (others + some_object) / (behind + some_background)));
  }
  return evidence;
}

}  // namespace vision
}  // namespace v0
}  // namespace fsis
