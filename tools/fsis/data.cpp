// SPDX-License-Identifier: MIT
#include "data.hpp"

#include <fsis/training/coco_set.hpp>
#include <fsis/training/folder_set.hpp>
#include <fsis/training/voc_set.hpp>

#include <cstdio>
#include <filesystem>

namespace fsis_tool {
namespace {

fsis::training::segmentation_set open_any(data_options const& o) {
  namespace tr = fsis::training;
  std::filesystem::path const root(o.root);
  auto const has = [&](char const* folder) { return std::filesystem::is_directory(root / folder); };
  if (!o.coco.empty()) return tr::coco_set(o.root, o.coco, 0.01, o.unreadable);
  if (has("JPEGImages")) {
    tr::voc_options v;
    if (!o.list.empty()) v.pictures = o.list;
    v.without = o.without;
    if (!o.labels.empty()) v.labels = o.labels;
    v.instances = o.instances.empty() && has(v.instances.c_str()) && o.labels.empty() ? v.instances : o.instances;
    v.unreadable = o.unreadable;
    return tr::voc_set(o.root, v);
  }
  if (has("cls") && has("inst")) return open_sbd(o);
  return tr::folder_set(o.root, 0.01, o.unreadable);
}

}  // namespace

void add_data_options(CLI::App& to, data_options& o) {
  to.add_option("--data", o.root,
                "folder with images/ and masks/ (label maps), VOC devkit, SBD, or the pictures of --coco")
      ->required();
  to.add_option("--coco", o.coco, "instances file of COCO");
  to.add_option("--list", o.list, "pictures of a devkit: a list's name or path");
  to.add_option("--without", o.without, "list of pictures that are left out, as those of VOC val");
  to.add_option("--label-folder", o.labels, "label maps of a VOC devkit, such as SegmentationClassAug");
  to.add_option("--instance-folder", o.instances, "instance maps of a VOC devkit");
  to.add_option("--split", o.split, "classes of the folds: pascal, coco-interleaved or coco-contiguous")
      ->capture_default_str()
      ->check(CLI::IsMember({"pascal", "coco-interleaved", "coco-contiguous"}));
  to.add_option("--fold", o.fold, "fold that is held out, 0 to 3")->capture_default_str();
  to.add_flag("--skip-unreadable", "leave out files that cannot be read, and name them")
      ->each([&o](std::string const&) { o.unreadable = fsis::training::unreadable_file::is_skipped; });
}

fsis::training::segmentation_set open_data(data_options const& o) {
  auto set = open_any(o);
  for (auto const& file : set.skipped()) std::fprintf(stderr, "left out: %s\n", file.c_str());
  return set;
}

fsis::training::class_labels held_out_classes(data_options const& o) {
  using fsis::training::coco_split;
  if (o.split == "pascal") return fsis::training::pascal_fold(o.fold);
  return fsis::training::coco_fold(o.fold,
                                   o.split == "coco-contiguous" ? coco_split::contiguous : coco_split::interleaved);
}

fsis::training::class_labels training_classes(data_options const& o) {
  return fsis::training::other_classes(held_out_classes(o), o.split == "pascal" ? 20 : 80);
}

}  // namespace fsis_tool
