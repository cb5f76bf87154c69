// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>

#include <cstdint>
#include <set>

namespace fsis {
inline namespace v0 {
namespace training {

/// Labels of classes.
using class_labels = std::set<std::uint8_t>;

/// The labels from 1 to `count` that are not held out.
inline class_labels other_classes(class_labels const& held_out, int count) {
  class_labels classes;
  for (int c = 1; c <= count; ++c)
    if (held_out.count(static_cast<std::uint8_t>(c)) == 0) classes.insert(static_cast<std::uint8_t>(c));
  return classes;
}

/// Classes 5*fold+1 to 5*fold+5 of PASCAL VOC (PASCAL-5i, Shaban et al. 2017). Throws `value_error` on another fold than
/// 0 to 3.
inline class_labels pascal_fold(index_t fold) {
  require<value_error>(fold >= 0 && fold <= 3, "pascal_fold: fold ", fold, ", wanted 0 to 3");
  class_labels classes;
  for (index_t c = 5 * fold + 1; c <= 5 * fold + 5; ++c) classes.insert(static_cast<std::uint8_t>(c));
  return classes;
}

inline class_labels other_pascal_classes(class_labels const& held_out) { return other_classes(held_out, 20); }

/// How the 80 classes of COCO are dealt to four folds: in turns (FWB, PFENet with `use_split_coco`, HSNet), or in
/// blocks (PANet, PFENet otherwise). Figures of the one say nothing about the other.
enum class coco_split { interleaved, contiguous };

/// COCO-20i: labels 1 to 80 in the order of the categories' numbers; fold f has f+1, f+5, ..., f+77 interleaved and
/// 20f+1 to 20f+20 contiguous. Throws `value_error` on another fold than 0 to 3.
inline class_labels coco_fold(index_t fold, coco_split split) {
  require<value_error>(fold >= 0 && fold <= 3, "coco_fold: fold ", fold, ", wanted 0 to 3");
  class_labels classes;
  for (index_t i = 0; i < 20; ++i)
    classes.insert(
        static_cast<std::uint8_t>(split == coco_split::interleaved ? fold + 4 * i + 1 : 20 * fold + i + 1));
  return classes;
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
