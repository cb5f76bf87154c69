// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/click.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/interactive/stopwatch.hpp>
#include <fsis/vision/metrics.hpp>
#include <fsis/vision/simulated_user.hpp>

#include <optional>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace interactive {

/// One click of a simulated user and what came of it.
struct simulated_click {
  click at;
  double iou = 0;           ///< of the mask after the click
  double milliseconds = 0;  ///< of `session::click`
};

struct simulation_options {
  index_t clicks = 20;    ///< at most, >= 1
  double target_iou = 1;  ///< stop once it is reached
  vision::truth_reading reading = vision::truth_reading::labels;
};

/// Lets a user who knows the truth click into a session until nothing is left to correct, the target is reached or the
/// clicks are used up. Goes on from the session's clicks and mask. Throws as `vision::next_click` and
/// `session::click`.
template <class Session>
std::vector<simulated_click> simulate(Session& session, mask const& truth, simulation_options const& options = {}) {
  require<value_error>(options.clicks >= 1, "simulate: ", options.clicks, " clicks, wanted at least 1");
  std::vector<simulated_click> made;
  while (static_cast<index_t>(made.size()) < options.clicks) {
    auto const next = vision::next_click(truth, session.result(), session.clicks(), options.reading);
    if (!next) break;
    stopwatch watch;
    mask const m = session.click(*next);
    double const ms = watch.lap();
    made.push_back({*next, vision::iou(m, truth, options.reading), ms});
    if (made.back().iou >= options.target_iou) break;
  }
  return made;
}

}  // namespace interactive
}  // namespace v0
}  // namespace fsis
