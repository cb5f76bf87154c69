// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/training/rules.hpp>

#include <optional>

namespace fsis_tool {

/// GrabCut (Rother et al. 2004) of OpenCV seeded by a click: its surroundings of 5 pixels are object, a disk of
/// `radius` is probably object, all else probably background; 5 iterations. Empty where this program was built without
/// OpenCV.
std::optional<fsis::training::one_click_rule> grabcut_rule(double radius);

}  // namespace fsis_tool
