// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/core/error.hpp>

#include <cmath>
#include <optional>

namespace fsis {
inline namespace v0 {

/// What a click optimises until the network agrees with the clicks (f-BRS: Sofiiuk et al. 2020; BRS: Jang and Kim
/// 2019).
enum class refinement {
  none,  ///< nothing: the network's answer as it is
  aj,    ///< scale and bias of the features after the junction
  bj,    ///< scale and bias of the features before the junction
  brs    ///< the click maps themselves
};

/// What a refinement lowers at the clicked pixels.
enum class click_cost {
  margin,      ///< the squares of what their logits lack of being right by `logit_margin`
  probability  ///< the squares of the errors of their probabilities (f-BRS and BRS)
};

/// When is a refinement good enough?
enum class stop_rule {
  clicks_right,  ///< every click is right, and a start mask cannot be kept better
  mask_settled,  ///< every click is right, or the mask hardly changed since the evaluation before (f-BRS as released)
  never          ///< run until the budget is spent or the loss cannot be lowered
};

/// Where the refinement of the next click starts.
enum class warm_start {
  best,  ///< at the variables of the result
  last,  ///< at the variables evaluated last (f-BRS as released)
  none   ///< at the network's own answer
};

/// When does the network learn from the user? What is learned belongs to the session (`session::learned`,
/// `session::forget_learned`); the network given is never changed.
enum class learning {
  never,
  after_click,  ///< to give the mask of every click without refinement, with the clicks so far
  after_object  ///< to give an accepted mask (`session::finish_object`) from its first click alone
};

/// Everything a session lets one choose. The defaults refine from the first click on, until every click is right.
struct session_options {
  refinement refine = refinement::aj;
  index_t max_evaluations = 20;  ///< of the network's tail with its gradient, per click; never exceeded
  /// Per click; 0: none. No evaluation begins later: the best answer so far is the result. One pass through the
  /// network always runs.
  double time_budget_ms = 0;
  index_t shrink_evaluations = 5;  ///< at most so many of them look for a smaller change with which every click is right
  bool merge = true;  ///< of what a refinement changes, only connected pieces near the clicks that ask for them stay
  /// Clicks that a refinement leaves wrong correct the probability around them as far as this, in pixels of the
  /// network's input; 0: they stay wrong.
  index_t correction_radius = 16;
  index_t refine_after = 0;  ///< the first clicks that are not refined (f-BRS as released: 1)

  stop_rule stop = stop_rule::clicks_right;
  double settled_above = 0.99;  ///< IoU of two evaluations' masks that counts as "hardly changed"
  click_cost cost = click_cost::margin;
  double logit_margin = 0.5;    ///< beyond the threshold's logit, of `click_cost::margin`
  double click_margin = 0;      ///< a click is right when its probability is beyond the threshold by more than this
  warm_start start = warm_start::best;

  /// Evaluate around the clicks alone wherever that is exact and cheaper; false: always the whole picture. The same
  /// results but for rounding. A start mask and `stop_rule::mask_settled` need the whole picture.
  bool refine_on_patches = true;

  index_t click_radius = 1;      ///< a click asks for a square of 2 radius + 1 pixels of the network's input
  double regularisation = 1e-4;  ///< weight of the squares of the optimised variables
  double bias_factor = 10;       ///< how much more a squared bias weighs than a squared scale
  index_t history_pairs = 20;    ///< of L-BFGS
  index_t net_clicks_limit = 0;  ///< clicks that enter the click maps, the first ones; 0: all (f-BRS as released: 8)
  double keep_weight = 0.1;      ///< of the wish to keep what a start mask says, clicks weigh 1; 0: none

  learning learn = learning::never;
  index_t learn_steps = 5;    ///< of Adam, each time
  double learn_rate = 1e-4;   ///< of Adam
  double learn_forget = 0.1;  ///< share of what was learned that fades each time, so that it does not drift away

  double colour_weight = 1;     ///< of what the photo's colours say of the network's answer; 0: they are not asked
  index_t edge_radius = 16;     ///< pixels of the network's input within which the photo's edges draw the answer's; 0: none
  double edge_epsilon = 1e-4;   ///< variance of colours in [0,1] that is no edge

  std::optional<double> threshold;  ///< a pixel is object above this probability; empty: as stored with the network
  bool flip_averaging = false;      ///< also run the mirrored photo, and average both logits

  bool zoom_in = false;           ///< from some click on run the network on the object's surroundings alone
  index_t zoom_skip_clicks = 1;   ///< clicks that see the whole photo, >= 1
  index_t zoom_target = 0;        ///< longer side of the crop in pixels of the network's input; 0: the network's own
  double zoom_ratio = 1.4;        ///< size of the surroundings over the size of the object
  index_t zoom_min_size = 200;    ///< least height and width of the surroundings, in pixels of the photo
  double zoom_adopt_below = 0.5;  ///< new surroundings replace the old ones when they overlap less than this

  index_t history_limit = 64;       ///< steps that `undo` can go back
  index_t max_pixels = 64'000'000;  ///< of a photo or example picture
};

/// Is the answer to so many clicks refined?
inline bool wants_refinement(session_options const& o, index_t clicks) {
  return o.refine != refinement::none && clicks > o.refine_after;
}

/// Pictures that the network sees of a photo: itself, and its mirror image.
inline index_t copies_of(session_options const& o) { return o.flip_averaging ? 2 : 1; }

/// Throws `value_error` naming the option that is outside its range.
inline void check(session_options const& o) {
  auto const at_least = [](char const* name, index_t value, index_t least) {
    require<value_error>(value >= least, "session: ", name, " ", value, ", wanted at least ", least);
  };
  auto const not_negative = [](char const* name, double value) {
    require<value_error>(value >= 0 && std::isfinite(value), "session: ", name, " ", value,
                         ", wanted a finite number of at least 0");
  };
  auto const between_0_and_1 = [](char const* name, double value) {
    require<value_error>(value > 0 && value < 1, "session: ", name, " ", value, ", wanted between 0 and 1");
  };
  require<value_error>(o.refine >= refinement::none && o.refine <= refinement::brs, "session: unknown refinement ",
                       static_cast<int>(o.refine));
  require<value_error>(o.stop >= stop_rule::clicks_right && o.stop <= stop_rule::never, "session: unknown stop rule ",
                       static_cast<int>(o.stop));
  require<value_error>(o.start >= warm_start::best && o.start <= warm_start::none, "session: unknown warm start ",
                       static_cast<int>(o.start));
  require<value_error>(o.cost >= click_cost::margin && o.cost <= click_cost::probability,
                       "session: unknown click cost ", static_cast<int>(o.cost));
  not_negative("logit_margin", o.logit_margin);
  at_least("max_evaluations", o.max_evaluations, 1);
  not_negative("time_budget_ms", o.time_budget_ms);
  at_least("shrink_evaluations", o.shrink_evaluations, 0);
  at_least("refine_after", o.refine_after, 0);
  require<value_error>(o.correction_radius >= 0 && o.correction_radius <= 1000, "session: correction_radius ",
                       o.correction_radius, ", wanted 0 to 1000");
  between_0_and_1("settled_above", o.settled_above);
  require<value_error>(o.click_margin >= 0 && o.click_margin < 0.5, "session: click_margin ", o.click_margin,
                       ", wanted at least 0 and below 0.5");
  require<value_error>(o.click_radius >= 0 && o.click_radius <= 1000, "session: click_radius ", o.click_radius,
                       ", wanted 0 to 1000");
  not_negative("regularisation", o.regularisation);
  not_negative("bias_factor", o.bias_factor);
  at_least("history_pairs", o.history_pairs, 1);
  require<value_error>(o.history_pairs <= 1000, "session: history_pairs ", o.history_pairs, ", wanted at most 1000");
  at_least("net_clicks_limit", o.net_clicks_limit, 0);
  not_negative("colour_weight", o.colour_weight);
  at_least("edge_radius", o.edge_radius, 0);
  require<value_error>(o.edge_epsilon > 0 && std::isfinite(o.edge_epsilon), "session: edge_epsilon ", o.edge_epsilon,
                       ", wanted more than 0");
  not_negative("keep_weight", o.keep_weight);
  require<value_error>(o.learn >= learning::never && o.learn <= learning::after_object, "session: unknown learning ",
                       static_cast<int>(o.learn));
  at_least("learn_steps", o.learn_steps, 0);
  not_negative("learn_rate", o.learn_rate);
  require<value_error>(o.learn_forget >= 0 && o.learn_forget <= 1, "session: learn_forget ", o.learn_forget,
                       ", wanted 0 to 1");
  if (o.threshold) between_0_and_1("threshold", *o.threshold);
  at_least("zoom_skip_clicks", o.zoom_skip_clicks, 1);
  at_least("zoom_target", o.zoom_target, 0);
  require<value_error>(o.zoom_ratio >= 1 && std::isfinite(o.zoom_ratio), "session: zoom_ratio ", o.zoom_ratio,
                       ", wanted at least 1");
  at_least("zoom_min_size", o.zoom_min_size, 1);
  between_0_and_1("zoom_adopt_below", o.zoom_adopt_below);
  at_least("history_limit", o.history_limit, 1);
  at_least("max_pixels", o.max_pixels, 1);
}

}  // namespace v0
}  // namespace fsis
