// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// A row of the thesis' tables 2.1 and 2.2 (Bhatia 2021): IoU of the classes aeroplane, bicycle, bird, boat and bottle
/// on split 0 of PASCAL-5i, one click, one shot, with the means as printed. Two of the printed mIoU are not the mean of
/// the printed classes: docs/differences.md.
struct thesis_row {
  std::string method;
  std::array<double, 5> class_iou;
  double printed_miou;    ///< table 2.1
  double printed_fb_iou;  ///< table 2.2
  double miou() const { return (class_iou[0] + class_iou[1] + class_iou[2] + class_iou[3] + class_iou[4]) / 5; }
};

inline std::vector<thesis_row> thesis_rows() {
  return {{"f-BRS", {{.281, .150, .306, .217, .317}}, .254, .263},
          {"f-BRS, fine-tuned on the support", {{.299, .161, .307, .252, .342}}, .275, .286},
          {"the thesis, f-BRS before the junction", {{.386, .212, .392, .325, .351}}, .332, .343},
          {"the thesis, f-BRS behind the junction", {{.408, .208, .404, .321, .372}}, .343, .357}};
}

/// Names of the classes of PASCAL VOC, from 1; 0 is the background.
inline std::string pascal_class_name(int label) {
  static constexpr char const* names[] = {
      "background", "aeroplane", "bicycle",     "bird",  "boat",        "bottle", "bus",
      "car",        "cat",       "chair",       "cow",   "diningtable", "dog",    "horse",
      "motorbike",  "person",    "pottedplant", "sheep", "sofa",        "train",  "tvmonitor"};
  return label >= 0 && label <= 20 ? names[label] : "class " + std::to_string(label);
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
