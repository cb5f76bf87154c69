// SPDX-License-Identifier: MIT
#include "grabcut.hpp"

#include <opencv2/imgproc.hpp>

namespace fsis_tool {

std::optional<fsis::training::one_click_rule> grabcut_rule(double radius) {
  namespace tr = fsis::training;
  return [radius](tr::posed_episode const& p, fsis::click const& c) {
    int const H = static_cast<int>(p.photo.height()), W = static_cast<int>(p.photo.width());
    cv::Mat photo(H, W, CV_8UC3), labels(H, W, CV_8UC1);
    auto const probable = tr::disk_around(H, W, c, radius), sure = tr::disk_around(H, W, c, 5);
    for (int y = 0; y < H; ++y)
      for (int x = 0; x < W; ++x) {
        photo.at<cv::Vec3b>(y, x) = {p.photo(y, x, 2), p.photo(y, x, 1), p.photo(y, x, 0)};
        int const label = sure(y, x) ? cv::GC_FGD : probable(y, x) ? cv::GC_PR_FGD : cv::GC_PR_BGD;
        labels.at<std::uint8_t>(y, x) = static_cast<std::uint8_t>(label);
      }
    cv::setRNGSeed(1);  // the mixtures of colours start from random clusters
    cv::Mat background, object;
    cv::grabCut(photo, labels, cv::Rect(), background, object, 5, cv::GC_INIT_WITH_MASK);
    fsis::mask out = fsis::mask::blank(H, W);
    for (int y = 0; y < H; ++y)
      for (int x = 0; x < W; ++x) out(y, x) = labels.at<std::uint8_t>(y, x) & 1;  // object, sure or probable
    return out;
  };
}

}  // namespace fsis_tool
