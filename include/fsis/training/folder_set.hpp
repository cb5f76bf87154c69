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

/// A folder with `images/NAME.jpg` (or .jpeg, .png) and `masks/NAME.png` label maps (palette or grey; 0 background,
/// 255 void). Pictures without a mask are left out. Throws `io_error` naming the file on an unreadable or empty folder,
/// and where a mask has another size than its picture.
inline segmentation_set folder_set(std::string const& folder, double smallest = 0.01) {
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
  auto const read = [pictures, masks](index_t i) {
    fs::path const& picture = pictures[static_cast<std::size_t>(i)];
    fs::path const labels = masks / picture.stem().concat(".png");
    vision::labelled_image out{io::read_image(picture.string()), io::read_mask(labels.string())};
    require<io_error>(
        out.picture.height() == out.labels.height() && out.picture.width() == out.labels.width(), "folder_set: ",
        picture.string(), " is ", out.picture.height(), "x", out.picture.width(), ", its mask ", out.labels.height(),
        "x", out.labels.width());
    return out;
  };
  return segmentation_set(std::move(names), read, smallest);
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
