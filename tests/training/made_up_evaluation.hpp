// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/training/evaluation.hpp>

namespace fsis_test {

/// Episodes of classes 1 and 2 in turns, each in a picture of its own, whose objects of 1000 pixels are found with an
/// IoU of `iou(episode, click)` (to three digits), clicks from 1.
template <class Iou>
fsis::training::evaluation made_up_evaluation(fsis::index_t episodes, fsis::index_t clicks, Iou iou) {
  fsis::training::evaluation e;
  e.clicks = clicks;
  for (fsis::index_t i = 0; i < episodes; ++i) {
    fsis::training::episode_outcome o;
    o.posed.query.picture = i;
    o.posed.query.label = static_cast<std::uint8_t>(1 + i % 2);
    for (fsis::index_t c = 1; c <= clicks; ++c) {
      auto const found = static_cast<fsis::index_t>(1000 * iou(i, c) + 0.5);
      o.after_click.push_back({found, 0, 1000 - found, 9000});
      o.satisfied.push_back(found > 500);
    }
    o.clicks = clicks;
    o.click_seconds = 0.01 * static_cast<double>(clicks);
    e.episodes.push_back(o);
  }
  return e;
}

}  // namespace fsis_test
