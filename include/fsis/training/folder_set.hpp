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

/// Pictures of `folder/images` that have a PNG map of their name in another folder, in alphabetical order.
class mapped_pictures {
 public:
  /// Throws `io_error` when a folder is missing or no picture has a map.
  mapped_pictures(std::string const& op, std::string const& folder, std::string const& maps)
      : maps_(std::filesystem::path(folder) / maps) {
    namespace fs = std::filesystem;
    fs::path const images = fs::path(folder) / "images";
    require<io_error>(fs::is_directory(images) && fs::is_directory(maps_), op, ": '", folder,
                      "' has no folders 'images' and '", maps, "'");
    for (auto const& e : fs::directory_iterator(images))
      if (fs::exists(maps_ / e.path().stem().concat(".png"))) pictures_.push_back(e.path());
    std::sort(pictures_.begin(), pictures_.end());
    require<io_error>(!pictures_.empty(), op, ": '", folder, "' has no picture with a map of its name in '", maps,
                      "'");
  }

  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (auto const& p : pictures_) all.push_back(p.stem().string());
    return all;
  }

  /// Picture i with its map as labels, and one of the same name in `instances` if that is not empty.
  annotated_picture read(index_t i, std::filesystem::path const& instances = {}) const {
    auto const& picture = pictures_[static_cast<std::size_t>(i)];
    auto const name = picture.stem().concat(".png");
    return read_annotated(picture.string(), (maps_ / name).string(),
                          instances.empty() ? "" : (instances / name).string());
  }

 private:
  std::filesystem::path maps_;
  std::vector<std::filesystem::path> pictures_;
};

/// A folder with `images/NAME.jpg` (or .jpeg, .png) and `masks/NAME.png` label maps (palette or grey; 0 background,
/// 255 void), and if there is a folder `instances`, maps of things in it. Pictures without a mask are left out. Throws
/// `io_error` naming the file on an unreadable or empty folder, and where a map has another size than its picture.
inline segmentation_set folder_set(std::string const& folder, double smallest = 0.01,
                                   unreadable_file unreadable = unreadable_file::is_fatal) {
  mapped_pictures const pictures("folder_set", folder, "masks");
  std::filesystem::path instances = std::filesystem::path(folder) / "instances";
  if (!std::filesystem::is_directory(instances)) instances.clear();
  auto const read = [pictures, instances](index_t i) { return pictures.read(i, instances); };
  return segmentation_set(pictures.names(), read, smallest, unreadable);
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
