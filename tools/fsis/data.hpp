// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/training/folds.hpp>
#include <fsis/training/segmentation_set.hpp>

#include <CLI/CLI.hpp>

#include <string>

namespace fsis_tool {

/// Pictures and masks on a disk, and which classes are held out.
struct data_options {
  std::string root;           ///< a folder of pictures and masks, a VOC devkit, SBD, or pictures of COCO
  std::string coco;           ///< instances file of COCO
  std::string list, without;  ///< of a devkit
  std::string labels, instances;
  std::string split = "pascal";
  fsis::index_t fold = 0;
  fsis::training::unreadable_file unreadable = fsis::training::unreadable_file::is_fatal;
};

void add_data_options(CLI::App& to, data_options& o);

/// What kind of data it is follows from what the folder holds. Files that were left out are printed.
fsis::training::segmentation_set open_data(data_options const& o);
fsis::training::segmentation_set open_sbd(data_options const& o);

/// Classes of the fold, and all others.
fsis::training::class_labels held_out_classes(data_options const& o);
fsis::training::class_labels training_classes(data_options const& o);

}  // namespace fsis_tool
