// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/model/architecture.hpp>
#include <fsis/training/segmentation_set.hpp>

#include <string>
#include <vector>

namespace fsis_test {

/// A network small enough for a test: two to sixteen channels.
struct tiny : fsis::narrow_vgg16 {
  static constexpr char const* name = "tiny";
  static constexpr fsis::index_t width_divisor = 32;
};

/// Twenty pictures of 48x64: squares of class 1 (even numbers) or 2 (odd ones) on a dark ground, a second square of the
/// same class in every fourth, and class 3 in the last two. One row of void above each square.
inline fsis::training::annotated_picture toy_picture(fsis::index_t i) {
  fsis::training::annotated_picture p{fsis::image::blank(48, 64), fsis::mask::blank(48, 64), {}};
  for (fsis::index_t y = 0; y < 48; ++y)
    for (fsis::index_t x = 0; x < 64; ++x)
      for (fsis::index_t c = 0; c < 3; ++c)
        p.picture(y, x, c) = static_cast<std::uint8_t>((7 * y + 3 * x + 11 * i) % 40);
  std::uint8_t const label = i >= 18 ? 3 : i % 2 == 0 ? 1 : 2;
  auto const square = [&](fsis::index_t top, fsis::index_t left) {
    for (fsis::index_t y = top; y < top + 14; ++y)
      for (fsis::index_t x = left; x < left + 14; ++x) {
        p.labels(y, x) = y == top ? fsis::mask::void_label : label;
        p.picture(y, x, label - 1) = 220;
      }
  };
  square(6 + i % 5, 4 + i);
  if (i % 4 == 0) square(28, 44);
  return p;
}

inline fsis::training::segmentation_set toy_set() {
  std::vector<std::string> names;
  for (int i = 0; i < 20; ++i) names.push_back("toy" + std::to_string(i));
  return fsis::training::segmentation_set(names, toy_picture);
}

/// The numbers of all pictures of a set.
inline std::vector<fsis::index_t> all_pictures(fsis::training::segmentation_set const& set) {
  std::vector<fsis::index_t> numbers;
  for (fsis::index_t i = 0; i < set.size(); ++i) numbers.push_back(i);
  return numbers;
}

}  // namespace fsis_test
