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

/// A picture with what it shows.
struct annotated_picture {
  image picture;
  mask labels;     ///< 0 background, 1 to 254 classes, 255 void
  mask instances;  ///< 1 to 254 things, other values none; 0x0: nobody told things of a class apart
};

/// One thing that can be clicked: a thing of the instance map, or without one a connected component of a class.
struct instance {
  index_t picture = 0;
  std::uint8_t label = 0;
  index_t piece = 0;  ///< number of the component among those of the class, in reading order; or in the instance map
  index_t area = 0;   ///< pixels
};

/// What to do about a file that cannot be read.
enum class unreadable_file { is_fatal, is_skipped };

/// A picture of the set: what it shows.
struct set_entry {
  std::string name;
  std::map<std::uint8_t, index_t> area_of;  ///< pixels of every class it shows
  std::vector<instance> instances;
};

/// Pictures with label maps, read when needed, and an index of what they show.
class segmentation_set {
 public:
  using reader = std::function<annotated_picture(index_t)>;

  /// Reads every picture once to make the index. Things smaller than `smallest` (a share of the picture) can not be
  /// clicked, and a class that covers less does not count as shown in a support. A file that cannot be read ends it with
  /// the `io_error` of the reader, or is left out and named in `skipped()`.
  segmentation_set(std::vector<std::string> const& names, reader read, double smallest = 0.01,
                   unreadable_file unreadable = unreadable_file::is_fatal)
      : read_(std::move(read)), smallest_(smallest) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      try {
        entries_.push_back(index_of(size(), names[i], read_(static_cast<index_t>(i))));
        at_.push_back(static_cast<index_t>(i));
      } catch (io_error const& e) {
        if (unreadable == unreadable_file::is_fatal) throw;
        skipped_.push_back(names[i] + ": " + e.what());
      }
    }
  }

  index_t size() const { return static_cast<index_t>(entries_.size()); }
  set_entry const& entry(index_t picture) const { return entries_[static_cast<std::size_t>(picture)]; }

  /// Files left out because they could not be read, each with the reason.
  std::vector<std::string> const& skipped() const { return skipped_; }

  /// The picture and what it shows. Throws `io_error` where the file has become unreadable.
  annotated_picture read(index_t picture) const { return read_(at_[static_cast<std::size_t>(picture)]); }

  /// The label map of one instance: 1 on it, void where the picture is void, else 0.
  static mask target_of(annotated_picture const& shown, instance const& what) {
    mask out = only(shown.labels, what.label);
    if (shown.instances.empty()) {
      out = vision::connected_components(out, vision::connectivity::eight).piece(what.piece);
    } else {
      for (index_t i = 0; i < out.size(); ++i) out.data()[i] &= shown.instances.data()[i] == what.piece;
    }
    keep_void(out, shown.labels);
    return out;
  }

  /// What may be taken for the instance and is not: the other things of the picture (by their instances, else by
  /// class and piece), told apart by their values.
  static mask others_of(annotated_picture const& shown, instance const& what) {
    mask const target = target_of(shown, what);
    mask out = shown.instances.empty() ? pieces_of_classes(shown.labels) : shown.instances;
    for (index_t i = 0; i < out.size(); ++i)
      if (target.data()[i] != 0) out.data()[i] = 0;  // the thing itself, or void
    return out;
  }

  /// The label map of a whole class: 1 on it, void where the picture is void, else 0 (other classes too).
  static mask class_of(mask const& labels, std::uint8_t label) {
    mask out = only(labels, label);
    keep_void(out, labels);
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

  /// The connected pieces of all classes, numbered from 1; those from the 254th on share a number.
  static mask pieces_of_classes(mask const& labels) {
    std::set<std::uint8_t> const present(labels.data(), labels.data() + labels.size());
    mask out = mask::blank(labels.height(), labels.width());
    index_t number = 0;
    for (std::uint8_t const label : present) {
      if (label == 0 || label == mask::void_label) continue;
      auto const found = vision::connected_components(only(labels, label), vision::connectivity::eight);
      for (index_t i = 0; i < out.size(); ++i)
        if (found.label.data()[i] != 0)
          out.data()[i] = static_cast<std::uint8_t>(hd_min(number + found.label.data()[i], index_t{254}));
      number += static_cast<index_t>(found.components.size());
    }
    return out;
  }

  static void keep_void(mask& out, mask const& labels) {
    for (index_t i = 0; i < labels.size(); ++i)
      if (labels.data()[i] == mask::void_label) out.data()[i] = mask::void_label;
  }

  set_entry index_of(index_t picture, std::string const& name, annotated_picture const& shown) const {
    mask const& labels = shown.labels;
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
      for (auto const& piece : pieces_of(one, shown.instances))
        if (piece.second >= least) e.instances.push_back({picture, label, piece.first, piece.second});
    }
    return e;
  }

  /// Number and area of the things of a class.
  static std::map<index_t, index_t> pieces_of(mask const& one, mask const& instances) {
    std::map<index_t, index_t> areas;
    if (instances.empty()) {
      auto const found = vision::connected_components(one, vision::connectivity::eight);
      for (std::size_t i = 0; i < found.components.size(); ++i)
        areas[static_cast<index_t>(i)] = found.components[i].size;
    } else {
      for (index_t i = 0; i < one.size(); ++i) {
        std::uint8_t const id = instances.data()[i];
        if (one.data()[i] && id != 0 && id != mask::void_label) ++areas[id];
      }
    }
    return areas;
  }

  reader read_;
  double smallest_;
  std::vector<set_entry> entries_;
  std::vector<index_t> at_;  // the reader's numbers
  std::vector<std::string> skipped_;
};

}  // namespace training
}  // namespace v0
}  // namespace fsis
