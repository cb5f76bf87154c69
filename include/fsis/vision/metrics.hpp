// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/mask.hpp>
#include <fsis/vision/check.hpp>
#include <fsis/vision/truth.hpp>

#include <cmath>
#include <map>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace vision {

/// Pixels of one or more comparisons of prediction and truth, void left out.
struct confusion {
  index_t true_positive = 0, false_positive = 0, false_negative = 0, true_negative = 0;

  confusion& operator+=(confusion const& other) {
    true_positive += other.true_positive;
    false_positive += other.false_positive;
    false_negative += other.false_negative;
    true_negative += other.true_negative;
    return *this;
  }

  /// Intersection over union of the object; 1 where neither has any, for then they agree.
  double foreground_iou() const { return ratio(true_positive, false_positive + false_negative); }

  /// The same of the background.
  double background_iou() const { return ratio(true_negative, false_positive + false_negative); }

 private:
  static double ratio(index_t agreed, index_t wrong) {
    if (agreed + wrong == 0) return 1.0;
    return static_cast<double>(agreed) / static_cast<double>(agreed + wrong);
  }
};

/// Counts the four cases. The prediction's nonzero pixels are object. Throws `value_error` on 0x0,
/// `shape_error` on different sizes.
inline confusion compare(mask const& prediction, mask const& truth,
                         truth_reading reading = truth_reading::labels) {
  detail::check_same_size("compare", "prediction", prediction, "truth", truth);
  confusion c;
  for (index_t i = 0; i < truth.size(); ++i) {
    std::uint8_t const t = truth.data()[i];
    if (is_void(t, reading)) continue;
    bool const object = is_object(t, reading), predicted = prediction.data()[i] != 0;
    c.true_positive += object && predicted;
    c.false_positive += !object && predicted;
    c.false_negative += object && !predicted;
    c.true_negative += !object && !predicted;
  }
  return c;
}

/// Intersection over union of one prediction; 1 where neither prediction nor truth has an object pixel.
inline double iou(mask const& prediction, mask const& truth, truth_reading reading = truth_reading::labels) {
  return compare(prediction, truth, reading).foreground_iou();
}

/// Arithmetic mean. Throws `value_error` on no values or one that is not finite.
inline double mean(std::vector<double> const& values) {
  require<value_error>(!values.empty(), "mean: no values");
  double sum = 0;
  for (double v : values) {
    require<value_error>(std::isfinite(v), "mean: value ", v, ", wanted finite numbers");
    sum += v;
  }
  return sum / static_cast<double>(values.size());
}

/// Scores of few-shot episodes, each an episode of one class. The usual figures sum pixels over the episodes
/// of a class before they divide, so large objects weigh more; the means of ratios are kept beside them
/// because publications differ. Every figure throws `value_error` before the first episode.
class episode_scores {
 public:
  void add(index_t class_id, confusion const& episode) {
    record& r = by_class_[class_id];
    r.sum += episode;
    r.iou_sum += episode.foreground_iou();
    ++r.episodes;
    ++episodes_;
    total_ += episode;
    iou_sum_ += episode.foreground_iou();
  }

  index_t episodes() const { return episodes_; }

  std::vector<index_t> classes() const {
    std::vector<index_t> ids;
    for (auto const& entry : by_class_) ids.push_back(entry.first);
    return ids;
  }

  /// Intersection over union of the sums of one class. Throws `value_error` for a class without episodes.
  double class_iou(index_t class_id) const {
    auto const found = by_class_.find(class_id);
    require<value_error>(found != by_class_.end(), "class_iou: no episode of class ", class_id, " among ",
                         episodes_, " episodes");
    return found->second.sum.foreground_iou();
  }

  /// Mean of `class_iou` over the classes seen: the mIoU of the few-shot literature.
  double mean_iou() const {
    return mean_over_classes("mean_iou", [](record const& r) { return r.sum.foreground_iou(); });
  }

  /// (foreground + background) / 2 with sums over all episodes, classes merged: the usual FB-IoU.
  double fb_iou() const {
    check_episodes("fb_iou");
    return (total_.foreground_iou() + total_.background_iou()) / 2;
  }

  /// Intersection over union of the object with sums over all episodes, classes merged. The figures that the
  /// thesis prints as FB-IoU have the size of this one: the background alone would lift the usual FB-IoU.
  double aggregated_foreground_iou() const {
    check_episodes("aggregated_foreground_iou");
    return total_.foreground_iou();
  }

  /// Mean of the episodes' own ratios.
  double mean_episode_iou() const {
    check_episodes("mean_episode_iou");
    return iou_sum_ / static_cast<double>(episodes_);
  }

  /// Mean over classes of the mean of a class' own ratios.
  double classwise_mean_episode_iou() const {
    return mean_over_classes("classwise_mean_episode_iou", [](record const& r) {
      return r.iou_sum / static_cast<double>(r.episodes);
    });
  }

 private:
  struct record {
    confusion sum;
    double iou_sum = 0;
    index_t episodes = 0;
  };

  void check_episodes(char const* op) const { require<value_error>(episodes_ > 0, op, ": no episode yet"); }

  template <class Figure>
  double mean_over_classes(char const* op, Figure figure) const {
    check_episodes(op);
    double sum = 0;
    for (auto const& entry : by_class_) sum += figure(entry.second);
    return sum / static_cast<double>(by_class_.size());
  }

  std::map<index_t, record> by_class_;
  confusion total_;
  double iou_sum_ = 0;
  index_t episodes_ = 0;
};

}  // namespace vision
}  // namespace v0
}  // namespace fsis
