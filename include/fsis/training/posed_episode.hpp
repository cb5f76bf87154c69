// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/interactive/shot.hpp>
#include <fsis/training/episode.hpp>
#include <fsis/vision/resize_image.hpp>

#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// An episode as pictures: the photo, the truth (1 what is asked for, 255 void) and the examples.
struct posed_episode {
  image photo;
  mask truth;
  std::vector<shot> shots;
};

inline posed_episode pose(segmentation_set const& set, episode const& e) {
  auto const query = set.read(e.query.picture);
  posed_episode p{query.picture,
                  e.rules.whole_class ? segmentation_set::class_of(query.labels, e.query.label)
                                      : segmentation_set::target_of(query, e.query),
                  {}};
  if (e.rules.side > 0) {
    p.photo = vision::resize_image(p.photo, e.rules.side, e.rules.side);
    p.truth = vision::resize_mask(p.truth, e.rules.side, e.rules.side);
  }
  if (e.rules.void_is_background)
    for (index_t i = 0; i < p.truth.size(); ++i) p.truth.data()[i] = p.truth.data()[i] == 1;
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
