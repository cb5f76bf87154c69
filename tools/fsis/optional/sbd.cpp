// SPDX-License-Identifier: MIT
#include "data.hpp"

#include <fsis/training/sbd_set.hpp>

namespace fsis_tool {

fsis::training::segmentation_set open_sbd(data_options const& o) {
  return fsis::training::sbd_set(o.root, o.list.empty() ? "train" : o.list, o.without, 0.01, o.unreadable);
}

}  // namespace fsis_tool
