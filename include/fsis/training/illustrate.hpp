// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/bench/text_table.hpp>
#include <fsis/training/evaluation_report.hpp>
#include <fsis/training/thesis_tables.hpp>
#include <fsis/vision/overlay.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// Numbers of the episodes with the highest and lowest IoU after the last click, best and worst first.
struct extremes {
  std::vector<std::size_t> best, worst;
};

inline extremes extremes_of(evaluation const& e, std::size_t count) {
  std::vector<std::size_t> order(e.episodes.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return e.episodes[a].after_click.back().foreground_iou() > e.episodes[b].after_click.back().foreground_iou();
  });
  count = std::min(count, order.size());
  return {{order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count)},
          {order.rbegin(), order.rbegin() + static_cast<std::ptrdiff_t>(count)}};
}

/// Poses episodes again and draws what became of them.
template <class Context, class Network>
std::vector<illustration> illustrate(Context const& ctx, Network const& net, segmentation_set const& set,
                                     evaluation const& e, std::vector<std::size_t> const& which,
                                     session_options const& options) {
  std::vector<illustration> out;
  session s{ctx, net, options};
  for (std::size_t const i : which) {
    auto const& posed = e.episodes[i].posed;
    auto const p = pose(set, posed);
    auto const again = click_through(s, posed, p, e.clicks);
    out.push_back({vision::overlay(p.photo, s.result(), s.clicks()),
                   set.entry(posed.query.picture).name + ", " + pascal_class_name(posed.query.label) + ": IoU " +
                       bench::fixed_text(again.after_click.back().foreground_iou(), 3)});
  }
  return out;
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
