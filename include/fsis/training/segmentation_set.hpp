// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/vision/augment.hpp>
#include <fsis/vision/components.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// One thing that can be clicked: a connected component of a class in a picture.
struct instance {
  index_t picture = 0;
  std::uint8_t label = 0;
  index_t piece = 0;  ///< number of the component among those of the class, in reading order
  index_t area = 0;   ///< pixels
};

/// A picture of the set: what it shows.
struct set_entry {
  std::string name;
  std::map<std::uint8_t, index_t> area_of;  ///< pixels of every class it shows
  std::vector<instance> instances;
};

/// Pictures with label maps (0 background, 1 to 254 classes, 255 void), read when needed, and an index of what
/// they show.
class segmentation_set {
 public:
  using reader = std::function<vision::labelled_image(index_t)>;

  /// Reads every picture's labels once to make the index. Components smaller than `smallest` (a share of the
  /// picture) can not be clicked, and a class that covers less does not count as shown in a support.
  segmentation_set(std::vector<std::string> names, reader read, double smallest = 0.01)
      : read_(std::move(read)), smallest_(smallest) {
    for (index_t i = 0; i < static_cast<index_t>(names.size()); ++i)
      entries_.push_back(index_of(i, names[static_cast<std::size_t>(i)], read_(i).labels));
  }

  index_t size() const { return static_cast<index_t>(entries_.size()); }
  set_entry const& entry(index_t picture) const { return entries_[static_cast<std::size_t>(picture)]; }

  /// The picture and its label map.
  vision::labelled_image read(index_t picture) const { return read_(picture); }

  /// The label map of one instance: 1 on it, void where the picture is void, else 0.
  static mask target_of(mask const& labels, instance const& what) {
    mask out = only(labels, what.label);
    mask const piece = vision::connected_components(out, vision::connectivity::eight).piece(what.piece);
    for (index_t i = 0; i < labels.size(); ++i)
      out.data()[i] = labels.data()[i] == mask::void_label ? mask::void_label : piece.data()[i];
    return out;
  }

  /// The label map of a whole class: 1 on it, void where the picture is void, else 0 (other classes too).
  static mask class_of(mask const& labels, std::uint8_t label) {
    mask out = only(labels, label);
    for (index_t i = 0; i < labels.size(); ++i)
      if (labels.data()[i] == mask::void_label) out.data()[i] = mask::void_label;
    return out;
  }

  /// Does the picture show this class, large or small?
  bool shows(index_t picture, std::uint8_t label) const { return entry(picture).area_of.count(label) > 0; }

 private:
  static mask only(mask const& labels, std::uint8_t label) {
    mask out = mask::blank(labels.height(), labels.width());
    for (index_t i = 0; i < labels.size(); ++i) out.data()[i] = labels.data()[i] == label;
    return out;
  }

  set_entry index_of(index_t picture, std::string const& name, mask const& labels) const {
    set_entry e;
    e.name = name;
    std::set<std::uint8_t> present(labels.data(), labels.data() + labels.size());
    index_t const least = static_cast<index_t>(smallest_ * static_cast<double>(labels.size()));
    for (std::uint8_t const label : present) {
      if (label == 0 || label == mask::void_label) continue;
      mask const one = only(labels, label);
      index_t const area = one.count();
      e.area_of[label] = area;
      if (area < least) continue;
      auto const pieces = vision::connected_components(one, vision::connectivity::eight);
      for (std::size_t i = 0; i < pieces.components.size(); ++i)
        if (pieces.components[i].size >= least)
          e.instances.push_back({picture, label, static_cast<index_t>(i), pieces.components[i].size});
    }
    return e;
  }

  reader read_;
  double smallest_;
  std::vector<set_entry> entries_;
};

}  // namespace training
}  // namespace v0
}  // namespace fsis
