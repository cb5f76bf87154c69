// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/training/folder_set.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// The regions of a picture as things of one class: the map's values become instances in the order of their size, the
/// largest first; those beyond the 254th are void.
inline annotated_picture regions_as_things(image picture, mask const& regions) {
  std::map<std::uint8_t, index_t> area;
  for (index_t i = 0; i < regions.size(); ++i) ++area[regions.data()[i]];
  std::vector<std::uint8_t> order;
  for (auto const& r : area) order.push_back(r.first);
  std::stable_sort(order.begin(), order.end(), [&](std::uint8_t a, std::uint8_t b) { return area[a] > area[b]; });
  std::vector<std::uint8_t> id(256, mask::void_label);
  for (std::size_t i = 0; i < order.size() && i < 254; ++i) id[order[i]] = static_cast<std::uint8_t>(i + 1);
  annotated_picture out{std::move(picture), mask::blank(regions.height(), regions.width(), 1), regions};
  for (index_t i = 0; i < regions.size(); ++i) {
    out.instances.data()[i] = id[regions.data()[i]];
    if (out.instances.data()[i] == mask::void_label) out.labels.data()[i] = mask::void_label;
  }
  return out;
}

/// A folder with `images/NAME.jpg` (or .jpeg, .png) and `regions/NAME.png`, grey maps whose values are regions without a
/// class, objects and stuff alike: for learning to click. Throws `io_error` as `folder_set`.
inline segmentation_set regions_set(std::string const& folder, double smallest = 0.01,
                                    unreadable_file unreadable = unreadable_file::is_fatal) {
  mapped_pictures const pictures("regions_set", folder, "regions");
  auto const read = [pictures](index_t i) {
    auto shown = pictures.read(i);
    return regions_as_things(std::move(shown.picture), shown.labels);
  };
  return segmentation_set(pictures.names(), read, smallest, unreadable);
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
