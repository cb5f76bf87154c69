// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/training/episode.hpp>

#include <training/toy_set.hpp>

#include <vector>

namespace fsis_test {

/// Episodes of the toy set's classes 1 and 2.
inline std::vector<fsis::training::episode> toy_episodes(fsis::training::segmentation_set const& set,
                                                         fsis::index_t count) {
  return fsis::training::episode_source(set, all_pictures(set), {1, 2}, 1).fixed(count, 1);
}

}  // namespace fsis_test
