// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/io/file.hpp>
#include <fsis/training/folder_set.hpp>

#include <filesystem>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// Which pictures of a PASCAL VOC devkit are taken, and which maps.
struct voc_options {
  std::string pictures = "trainval";  ///< a list of ImageSets/Segmentation, without ".txt"; or the path of a list
  std::string without;  ///< a list of the same kind whose pictures are left out, as of VOC val; may be empty
  std::string labels = "SegmentationClass";      ///< folder; "SegmentationClassAug" has the maps of SBD
  std::string instances = "SegmentationObject";  ///< folder; empty: connected components of a class are its things
  double smallest = 0.01;
  unreadable_file unreadable = unreadable_file::is_fatal;
};

namespace detail {

/// The names of a list: the first word of each line that has one, or the file name without its ending where that word
/// is a path (lists of SegmentationClassAug).
inline std::vector<std::string> names_in(std::string const& path) {
  auto const bytes = io::read_file(path, 64'000'000);
  std::istringstream in(std::string(bytes.begin(), bytes.end()));
  std::vector<std::string> names;
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string word;
    if (words >> word) names.push_back(std::filesystem::path(word).stem().string());
  }
  require<io_error>(!names.empty(), "voc: '", path, "' lists no picture");
  return names;
}

}  // namespace detail

/// Pictures of a PASCAL VOC devkit as distributed: `root` has JPEGImages, SegmentationClass, SegmentationObject and
/// ImageSets. Throws `io_error` naming the folder, list or file that is missing or malformed.
inline segmentation_set voc_set(std::string const& root, voc_options const& o = {}) {
  namespace fs = std::filesystem;
  fs::path const base(root), pictures = base / "JPEGImages", labels = base / o.labels;
  auto const list = [&](std::string const& name) {
    fs::path const known = base / "ImageSets" / "Segmentation" / (name + ".txt");
    return fs::exists(known) ? known.string() : name;
  };
  for (fs::path const& folder : {pictures, labels, o.instances.empty() ? labels : base / o.instances})
    require<io_error>(fs::is_directory(folder), "voc: '", root, "' has no folder '", folder.filename().string(), "'");
  std::set<std::string> without;
  if (!o.without.empty())
    for (auto const& name : detail::names_in(list(o.without))) without.insert(name);
  std::vector<std::string> names;
  for (auto const& name : detail::names_in(list(o.pictures)))
    if (without.count(name) == 0) names.push_back(name);
  require<io_error>(!names.empty(), "voc: every picture of '", o.pictures, "' is in '", o.without, "', too");
  fs::path const instances = o.instances.empty() ? fs::path() : base / o.instances;
  auto const read = [=](index_t i) {
    std::string const& name = names[static_cast<std::size_t>(i)];
    return read_annotated((pictures / (name + ".jpg")).string(), (labels / (name + ".png")).string(),
                          instances.empty() ? "" : (instances / (name + ".png")).string());
  };
  return segmentation_set(names, read, o.smallest, o.unreadable);
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
