// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/io/image_file.hpp>
#include <fsis/training/segmentation_set.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// A picture with its maps, which must be of its size; without a path of instances there are none. Throws `io_error`
/// naming the file.
inline annotated_picture read_annotated(std::string const& picture, std::string const& labels,
                                        std::string const& instances = "") {
  annotated_picture out{io::read_image(picture), io::read_mask(labels), {}};
  if (!instances.empty()) out.instances = io::read_mask(instances);
  auto const check = [&](mask const& map, std::string const& path) {
    require<io_error>(map.height() == out.picture.height() && map.width() == out.picture.width(), "data: ", picture,
                      " is ", out.picture.height(), "x", out.picture.width(), ", its map ", path, " ", map.height(),
                      "x", map.width());
  };
  check(out.labels, labels);
  if (!instances.empty()) check(out.instances, instances);
  return out;
}

/// A folder with `images/NAME.jpg` (or .jpeg, .png) and `masks/NAME.png` label maps (palette or grey; 0 background,
/// 255 void), and if there is a folder `instances`, maps of things in it. Pictures without a mask are left out. Throws
/// `io_error` naming the file on an unreadable or empty folder, and where a map has another size than its picture.
inline segmentation_set folder_set(std::string const& folder, double smallest = 0.01,
                                   unreadable_file unreadable = unreadable_file::is_fatal) {
  namespace fs = std::filesystem;
  fs::path const images = fs::path(folder) / "images", masks = fs::path(folder) / "masks";
  require<io_error>(fs::is_directory(images) && fs::is_directory(masks), "folder_set: '", folder,
                    "' has no folders 'images' and 'masks'");
  std::vector<fs::path> pictures;
  for (auto const& e : fs::directory_iterator(images))
    if (fs::exists(masks / e.path().stem().concat(".png"))) pictures.push_back(e.path());
  std::sort(pictures.begin(), pictures.end());
  require<io_error>(!pictures.empty(), "folder_set: '", folder, "' has no picture with a mask of its name");
  std::vector<std::string> names;
  for (auto const& p : pictures) names.push_back(p.stem().string());
  fs::path const instances = fs::path(folder) / "instances";
  bool const has_instances = fs::is_directory(instances);
  auto const read = [=](index_t i) {
    fs::path const& picture = pictures[static_cast<std::size_t>(i)];
    fs::path const map = picture.stem().concat(".png");
    return read_annotated(picture.string(), (masks / map).string(), has_instances ? (instances / map).string() : "");
  };
  return segmentation_set(names, read, smallest, unreadable);
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
