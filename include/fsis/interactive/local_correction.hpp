// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/click.hpp>
#include <fsis/core/elementary.hpp>
#include <fsis/interactive/start_mask.hpp>
#include <fsis/vision/radial_interpolation.hpp>
#include <fsis/vision/region.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace interactive {

/// Makes those clicks right that the refinement could not: two clicks closer than the network's stride, one on each
/// side of an edge, are beyond what a scale and a bias of its channels can tell apart. To the logits of `probability`
/// inside `seen` is added the smallest function (`radial_interpolation`) that lifts or lowers them at these clicks to
/// half a logit beyond the threshold's, and is 0 at all others. Of several clicks on one pixel the last counts. Where
/// every click is right nothing happens; nor does it `radius` pixels from all clicks.
inline void correct_locally(std::vector<click> const& clicks, double threshold, double radius,
                            vision::region const& seen, vision::plane<float>& probability) {
  constexpr double margin = 0.5;
  auto const logit = [](float p) {
    double const q = hd_clamp(static_cast<double>(p), 1e-6, 1 - 1e-6);
    return std::log(q / (1 - q));
  };
  double const edge = std::log(threshold / (1 - threshold));
  std::vector<vision::known_value> wanted;
  bool all_right = true;
  for (auto c = clicks.rbegin(); c != clicks.rend(); ++c) {
    clicked_pixel const at(*c, probability.height(), probability.width());
    auto const is_there = [&](vision::known_value const& v) {
      return v.y + seen.top == at.y && v.x + seen.left == at.x;
    };
    float const p = probability(at.y, at.x);
    if (!seen.contains(static_cast<double>(at.y), static_cast<double>(at.x)) || !std::isfinite(p) ||
        std::any_of(wanted.begin(), wanted.end(), is_there))
      continue;
    bool const right = (static_cast<double>(p) > threshold) == c->is_positive;
    all_right = all_right && right;
    double const missing = edge + (c->is_positive ? margin : -margin) - logit(p);
    wanted.push_back({at.y - seen.top, at.x - seen.left, right ? 0 : missing});
  }
  if (all_right) return;
  auto const more = vision::radial_interpolation(seen.height(), seen.width(), wanted, radius);
  for (index_t y = 0; y < more.height(); ++y)
    for (index_t x = 0; x < more.width(); ++x) {
      if (more(y, x) == 0) continue;
      float& p = probability(seen.top + y, seen.left + x);
      p = static_cast<float>(stable_sigmoid(logit(p) + static_cast<double>(more(y, x))));
    }
}

}  // namespace interactive
}  // namespace v0
}  // namespace fsis
