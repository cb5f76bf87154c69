// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/core/error.hpp>
#include <fsis/core/math.hpp>
#include <fsis/vision/check.hpp>

#include <cmath>
#include <optional>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace vision {

/// IoU after each click on one image, the first click first.
using iou_history = std::vector<double>;

namespace detail {
inline void check_history(char const* op, iou_history const& h) {
  require<value_error>(!h.empty(), op, ": an image without any click, wanted at least one IoU");
  for (double v : h) check_probability(op, "IoU", v);
}
}  // namespace detail

/// First click (from 1, at most `cap`) after which the IoU is at least `target`; empty if there is none.
/// Throws `value_error` on an empty history, an IoU or target outside [0, 1], or a cap below 1.
inline std::optional<index_t> click_reaching(iou_history const& history, double target, index_t cap = 20) {
  char const* op = "click_reaching";
  detail::check_history(op, history);
  detail::check_probability(op, "target", target);
  require<value_error>(cap >= 1, op, ": cap ", cap, ", wanted at least 1 click");
  index_t const n = hd_min(static_cast<index_t>(history.size()), cap);
  for (index_t k = 0; k < n; ++k)
    if (history[static_cast<std::size_t>(k)] >= target) return k + 1;
  return std::nullopt;
}

/// Number of clicks to a target IoU over a set of images.
struct click_count {
  double mean = 0;       ///< NoC: an image that never gets there counts `cap` clicks
  index_t at_cap = 0;    ///< images that count `cap`, with those that succeed at the very last click
  index_t failures = 0;  ///< NoF: images that never get there
};

/// NoC@target, the reference evaluation's ">= cap" count and NoF. Throws as `click_reaching`, and when there
/// is no image.
inline click_count count_clicks(std::vector<iou_history> const& images, double target, index_t cap = 20) {
  require<value_error>(!images.empty(), "count_clicks: no image");
  click_count c;
  index_t sum = 0;
  for (iou_history const& h : images) {
    std::optional<index_t> const reached = click_reaching(h, target, cap);
    index_t const clicks = reached.value_or(cap);
    sum += clicks;
    c.at_cap += clicks == cap;
    c.failures += !reached.has_value();
  }
  c.mean = static_cast<double>(sum) / static_cast<double>(images.size());
  return c;
}

/// Mean IoU after `clicks` clicks; an image that needed fewer keeps its last value.
inline double mean_iou_after(std::vector<iou_history> const& images, index_t clicks) {
  require<value_error>(!images.empty() && clicks >= 1, "mean_iou_after: ", images.size(), " images, ", clicks,
                       " clicks, wanted at least one of each");
  double sum = 0;
  for (iou_history const& h : images) {
    detail::check_history("mean_iou_after", h);
    sum += h[static_cast<std::size_t>(hd_min(clicks, static_cast<index_t>(h.size())) - 1)];
  }
  return sum / static_cast<double>(images.size());
}

/// Time of an evaluation, everything included: reading the images and simulating the user too.
struct click_timing {
  double seconds = 0;
  index_t clicks = 0, images = 0;

  /// SPC. Throws `value_error` before the first click.
  double seconds_per_click() const { return per(clicks, "click"); }

  /// SPI. Throws `value_error` before the first image.
  double seconds_per_image() const { return per(images, "image"); }

 private:
  double per(index_t n, char const* what) const {
    require<value_error>(n > 0 && seconds >= 0 && std::isfinite(seconds), "click_timing: ", seconds,
                         " seconds for ", n, " ", what, "s, wanted at least one and a finite time");
    return seconds / static_cast<double>(n);
  }
};

}  // namespace vision
}  // namespace v0
}  // namespace fsis
