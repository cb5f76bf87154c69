// SPDX-License-Identifier: MIT
#include "data.hpp"

namespace fsis_tool {

fsis::training::segmentation_set open_sbd(data_options const& o) {
  fsis::fail<fsis::value_error>("data: '", o.root, "' looks like SBD, and this program was built without libmatio");
}

}  // namespace fsis_tool
