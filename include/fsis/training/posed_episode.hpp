// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/interactive/shot.hpp>
#include <fsis/training/episode.hpp>

#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// An episode as pictures: the photo, the truth (1 the instance, 255 void) and the examples.
struct posed_episode {
  image photo;
  mask truth;
  std::vector<shot> shots;
};

inline posed_episode pose(segmentation_set const& set, episode const& e) {
  auto const query = set.read(e.query.picture);
  posed_episode p{query.picture, segmentation_set::target_of(query, e.query), {}};
  for (index_t const s : e.supports) {
    auto const shown = set.read(s);
    p.shots.push_back(
        {shown.picture, segmentation_set::class_of(shown.labels, e.query.label), vision::truth_reading::labels});
  }
  return p;
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
