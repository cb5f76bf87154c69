// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/training/evaluation.hpp>

#include <algorithm>
#include <functional>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// A way to make a mask from one click that has learned nothing: what networks must beat.
using one_click_rule = std::function<mask(posed_episode const&, click const&)>;

/// A rule's masks for the first click of the simulated user.
inline evaluation evaluate_rule(segmentation_set const& set, std::vector<episode> const& episodes,
                                one_click_rule const& rule, after_episode const& each = {}) {
  auto const answer = [&](episode const& e, posed_episode const& p) {
    auto const first = vision::next_click(p.truth, mask::blank(p.truth.height(), p.truth.width()));
    mask const m = rule(p, *first);
    index_t const y = static_cast<index_t>(first->y), x = static_cast<index_t>(first->x);
    return episode_outcome{e, {vision::compare(m, p.truth)}, {m(y, x) != 0}, 1, 0};
  };
  return evaluate_by(set, episodes, 1, answer, each);
}

/// The pixels at most `radius` from a click.
inline mask disk_around(index_t height, index_t width, click const& c, double radius) {
  mask out = mask::blank(height, width);
  for (index_t y = 0; y < height; ++y)
    for (index_t x = 0; x < width; ++x) {
      double const dy = static_cast<double>(y) - c.y, dx = static_cast<double>(x) - c.x;
      out(y, x) = dy * dy + dx * dx <= radius * radius;
    }
  return out;
}

/// The radius in pixels, among multiples of `step`, whose disk around the first click has the best mIoU.
inline double best_disk_radius(segmentation_set const& set, std::vector<episode> const& episodes, double step = 5,
                               double largest = 150) {
  require<value_error>(step > 0 && largest >= step, "best_disk_radius: steps of ", step, " up to ", largest);
  std::vector<vision::episode_scores> scores(static_cast<std::size_t>(largest / step));
  auto const radius = [&](std::size_t i) { return step * static_cast<double>(i + 1); };
  for (episode const& e : episodes) {
    mask const truth = segmentation_set::target_of(set.read(e.query.picture), e.query);
    auto const first = vision::next_click(truth, mask::blank(truth.height(), truth.width()));
    for (std::size_t i = 0; i < scores.size(); ++i)
      scores[i].add(e.query.label,
                    vision::compare(disk_around(truth.height(), truth.width(), *first, radius(i)), truth));
  }
  auto const best = std::max_element(scores.begin(), scores.end(),
                                     [](auto const& x, auto const& y) { return x.mean_iou() < y.mean_iou(); });
  return radius(static_cast<std::size_t>(best - scores.begin()));
}

/// The rule of a disk of that radius.
inline one_click_rule disk_rule(double radius) {
  return [radius](posed_episode const& p, click const& c) {
    return disk_around(p.truth.height(), p.truth.width(), c, radius);
  };
}

/// The rule that everything is object.
inline one_click_rule everything_rule() {
  return [](posed_episode const& p, click const&) { return mask::blank(p.truth.height(), p.truth.width(), 1); };
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
