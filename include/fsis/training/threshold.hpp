// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/interactive/session.hpp>
#include <fsis/training/posed_episode.hpp>
#include <fsis/vision/metrics.hpp>
#include <fsis/vision/simulated_user.hpp>

#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// The threshold among 0.2, 0.25, ..., 0.8 with the best one-click mIoU of the network alone.
template <class Context, class Network>
double best_threshold(Context const& ctx, Network const& net, segmentation_set const& set,
                      std::vector<episode> const& episodes) {
  constexpr int count = 13;
  std::vector<vision::episode_scores> scores(count);
  session_options o;
  o.refine = refinement::none;
  session s{ctx, net, o};
  auto const threshold = [](int i) { return 0.2 + 0.05 * i; };
  for (episode const& e : episodes) {
    auto const p = pose(set, e);
    s.set_support(p.shots);
    s.set_query(p.photo);
    s.click(*vision::next_click(p.truth, s.result()));
    auto const& probability = s.probability();
    for (int i = 0; i < count; ++i) {
      mask m = mask::blank(p.truth.height(), p.truth.width());
      for (index_t k = 0; k < m.size(); ++k) m.data()[k] = static_cast<double>(probability.data()[k]) > threshold(i);
      scores[static_cast<std::size_t>(i)].add(e.query.label, vision::compare(m, p.truth));
    }
  }
  int best = 0;
  for (int i = 1; i < count; ++i)
    if (scores[static_cast<std::size_t>(i)].mean_iou() > scores[static_cast<std::size_t>(best)].mean_iou()) best = i;
  return threshold(best);
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
