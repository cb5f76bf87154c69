// SPDX-License-Identifier: MIT
#include <fsis/interactive/session_options.hpp>

#include <support/catch.hpp>

#include <limits>

using namespace fsis;

namespace {

template <class Change>
std::string refusal(Change change) {
  session_options o;
  change(o);
  return error_text([&] { check(o); });
}

}  // namespace

TEST_CASE("the defaults are in range, and so are the released settings of f-BRS") {
  CHECK(refusal([](session_options&) {}).empty());
  CHECK(refusal([](session_options& o) {
          o.threshold = 0.49;
          o.refine_after = 1;
          o.stop = stop_rule::mask_settled;
          o.cost = click_cost::probability;
          o.shrink_evaluations = 0;
          o.merge = false;
          o.correction_radius = 0;
          o.regularisation = 1e-3;
          o.colour_weight = 0;
          o.edge_radius = 0;
          o.start = warm_start::last;
          o.net_clicks_limit = 8;
          o.flip_averaging = o.zoom_in = true;
          o.zoom_target = 400;
        }).empty());
}

TEST_CASE("every option outside its range is refused by name") {
  double const nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  CHECK(mentions(refusal([](auto& o) { o.max_evaluations = 0; }), "session", "max_evaluations 0", "at least 1"));
  CHECK(mentions(refusal([](auto& o) { o.time_budget_ms = -1; }), "time_budget_ms -1"));
  CHECK(mentions(refusal([&](auto& o) { o.time_budget_ms = nan; }), "time_budget_ms"));
  CHECK(mentions(refusal([](auto& o) { o.refine_after = -1; }), "refine_after -1"));
  CHECK(mentions(refusal([](auto& o) { o.correction_radius = -1; }), "correction_radius -1"));
  CHECK(mentions(refusal([](auto& o) { o.correction_radius = 1001; }), "correction_radius 1001"));
  CHECK(mentions(refusal([](auto& o) { o.settled_above = 1; }), "settled_above 1"));
  CHECK(mentions(refusal([](auto& o) { o.click_margin = 0.5; }), "click_margin 0.5"));
  CHECK(mentions(refusal([](auto& o) { o.click_margin = -0.1; }), "click_margin -0.1"));
  CHECK(mentions(refusal([](auto& o) { o.click_radius = -1; }), "click_radius -1"));
  CHECK(mentions(refusal([](auto& o) { o.click_radius = 1001; }), "click_radius 1001"));
  CHECK(mentions(refusal([&](auto& o) { o.regularisation = inf; }), "regularisation"));
  CHECK(mentions(refusal([](auto& o) { o.bias_factor = -2; }), "bias_factor -2"));
  CHECK(mentions(refusal([](auto& o) { o.history_pairs = 0; }), "history_pairs 0"));
  CHECK(mentions(refusal([](auto& o) { o.history_pairs = 1001; }), "history_pairs 1001"));
  CHECK(mentions(refusal([](auto& o) { o.net_clicks_limit = -1; }), "net_clicks_limit -1"));
  CHECK(mentions(refusal([](auto& o) { o.keep_weight = -1; }), "keep_weight -1"));
  CHECK(mentions(refusal([](auto& o) { o.threshold = 1.0; }), "threshold 1"));
  CHECK(mentions(refusal([&](auto& o) { o.threshold = nan; }), "threshold"));
  CHECK(mentions(refusal([](auto& o) { o.zoom_skip_clicks = 0; }), "zoom_skip_clicks 0"));
  CHECK(mentions(refusal([](auto& o) { o.zoom_target = -1; }), "zoom_target -1"));
  CHECK(mentions(refusal([](auto& o) { o.zoom_ratio = 0.9; }), "zoom_ratio 0.9"));
  CHECK(mentions(refusal([](auto& o) { o.zoom_min_size = 0; }), "zoom_min_size 0"));
  CHECK(mentions(refusal([](auto& o) { o.zoom_adopt_below = 0; }), "zoom_adopt_below 0"));
  CHECK(mentions(refusal([](auto& o) { o.history_limit = 0; }), "history_limit 0"));
  CHECK(mentions(refusal([](auto& o) { o.max_pixels = 0; }), "max_pixels 0"));
  CHECK(mentions(refusal([](auto& o) { o.refine = static_cast<refinement>(9); }), "refinement 9"));
  CHECK(mentions(refusal([](auto& o) { o.cost = static_cast<click_cost>(9); }), "click cost 9"));
  CHECK(mentions(refusal([](auto& o) { o.logit_margin = -0.1; }), "logit_margin -0.1"));
  CHECK(mentions(refusal([](auto& o) { o.shrink_evaluations = -1; }), "shrink_evaluations -1"));
  CHECK(mentions(refusal([](auto& o) { o.colour_weight = -1; }), "colour_weight -1"));
  CHECK(mentions(refusal([](auto& o) { o.edge_radius = -1; }), "edge_radius -1"));
  CHECK(mentions(refusal([](auto& o) { o.edge_epsilon = 0; }), "edge_epsilon 0"));
  CHECK(mentions(refusal([](auto& o) { o.stop = static_cast<stop_rule>(9); }), "stop rule 9"));
  CHECK(mentions(refusal([](auto& o) { o.start = static_cast<warm_start>(9); }), "warm start 9"));
}
