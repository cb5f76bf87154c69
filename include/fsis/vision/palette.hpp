// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

namespace fsis {
inline namespace v0 {
namespace vision {

/// Colour of a label in the palette of PASCAL VOC: bits 0, 1, 2 of the label are the highest bits of red,
/// green and blue, bits 3, 4, 5 the next lower ones, bits 6, 7 those below. 255, void, is (224,224,192).
inline std::array<std::uint8_t, 3> voc_colour(std::uint8_t label) {
  std::array<std::uint8_t, 3> colour{{0, 0, 0}};
  for (unsigned bit = 0; bit < 8; ++bit)
    if (label >> bit & 1u)
      colour[bit % 3] = static_cast<std::uint8_t>(colour[bit % 3] | (128u >> (bit / 3)));
  return colour;
}

/// The 256 colours of an indexed picture of labels.
inline std::array<std::array<std::uint8_t, 3>, 256> voc_palette() {
  std::array<std::array<std::uint8_t, 3>, 256> all{};
  for (unsigned label = 0; label < 256; ++label) all[label] = voc_colour(static_cast<std::uint8_t>(label));
  return all;
}

}  // namespace vision
}  // namespace v0
}  // namespace fsis
