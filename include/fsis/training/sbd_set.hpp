// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/io/mat_file.hpp>
#include <fsis/training/voc_set.hpp>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// The Semantic Boundaries Dataset (Hariharan et al. 2011) as distributed: `root` has img, cls and inst with a .mat per
/// picture, and lists train.txt and val.txt. `list` names one of them or is a path; pictures of the list at the path
/// `without` (as of VOC val, which SBD's training pictures overlap) are left out. Needs libmatio. Throws `io_error`
/// naming the folder, list or file that is missing or malformed.
inline segmentation_set sbd_set(std::string const& root, std::string const& list = "train",
                                std::string const& without = "", double smallest = 0.01,
                                unreadable_file unreadable = unreadable_file::is_fatal) {
  namespace fs = std::filesystem;
  fs::path const base(root);
  for (char const* folder : {"img", "cls", "inst"})
    require<io_error>(fs::is_directory(base / folder), "sbd: '", root, "' has no folder '", folder, "'");
  std::set<std::string> excluded;
  if (!without.empty())
    for (auto const& name : detail::names_in(without)) excluded.insert(name);
  std::vector<std::string> names;
  fs::path const known = base / (list + ".txt");
  for (auto const& name : detail::names_in(fs::exists(known) ? known.string() : list))
    if (excluded.count(name) == 0) names.push_back(name);
  require<io_error>(!names.empty(), "sbd: every picture of '", list, "' is in '", without, "', too");
  auto const read = [=](index_t i) {
    std::string const& name = names[static_cast<std::size_t>(i)];
    annotated_picture out{io::read_image((base / "img" / (name + ".jpg")).string()),
                          io::read_mat_map((base / "cls" / (name + ".mat")).string(), "GTcls", "Segmentation"),
                          io::read_mat_map((base / "inst" / (name + ".mat")).string(), "GTinst", "Segmentation")};
    for (mask const* map : {&out.labels, &out.instances})
      require<io_error>(map->height() == out.picture.height() && map->width() == out.picture.width(), "sbd: picture ",
                        name, " is ", out.picture.height(), "x", out.picture.width(), ", a map ", map->height(), "x",
                        map->width());
    return out;
  };
  return segmentation_set(names, read, smallest, unreadable);
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
