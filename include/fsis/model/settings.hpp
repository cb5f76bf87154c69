// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/ops/similarity.hpp>
#include <fsis/vision/click_maps.hpp>

#include <array>

namespace fsis {
inline namespace v0 {

/// How pictures become numbers: (byte / 255 - mean) / deviation, for red, green, blue. The default is what
/// torchvision calls IMAGENET1K_V1.
struct normalization_constants {
  std::array<double, 3> mean{{0.485, 0.456, 0.406}};
  std::array<double, 3> deviation{{0.229, 0.224, 0.225}};
};

/// What belongs to the weights of a network besides its architecture: kept in the metadata of its file.
struct network_settings {
  normalization_constants pixels;
  vision::click_encoding clicks;  ///< as in training
  prior_options prior;
  index_t longest_side = 384;     ///< pictures are shrunk to this before they enter the network
  double threshold = 0.5;         ///< a pixel is object above this probability
};

}  // namespace v0
}  // namespace fsis
