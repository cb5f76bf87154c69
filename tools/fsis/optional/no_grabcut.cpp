// SPDX-License-Identifier: MIT
#include "grabcut.hpp"

namespace fsis_tool {

std::optional<fsis::training::one_click_rule> grabcut_rule(double) { return std::nullopt; }

}  // namespace fsis_tool
