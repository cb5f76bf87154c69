// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/image.hpp>
#include <fsis/io/file.hpp>
#include <fsis/io/json.hpp>
#include <fsis/training/bootstrap.hpp>

#include <string>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// A method by name and what it reached.
struct evaluated_method {
  std::string name;
  evaluation result;
};

/// A picture with a mask and clicks drawn on it, and what is said below it.
struct illustration {
  image picture;
  std::string caption;
};

/// Everything an evaluation leaves behind. All methods were posed the same episodes.
struct evaluation_report {
  std::vector<std::pair<std::string, std::string>> setting;  ///< data, fold, seed and so on, as text
  index_t fold = 0;                                          ///< of PASCAL-5i
  index_t shots = 1;
  bool held_out = true;                ///< classes of the fold, else those that were trained on
  std::vector<std::uint8_t> left_out;  ///< classes with too few pictures
  std::vector<evaluated_method> methods;
  std::vector<illustration> best, worst;  ///< of the last method, by IoU after the last click
};

namespace detail {

inline io::json json_of(uncertain const& u) {
  auto o = io::json::object();
  o.add("value", u.value).add("standard_error", u.standard_error).add("low", u.low).add("high", u.high);
  return o;
}

inline io::json json_of(evaluation const& e, index_t click) {
  auto const s = e.scores(click);
  auto o = io::json::object();
  o.add("clicks", click).add("miou", json_of(uncertain_mean_iou(e, click)));
  o.add("fb_iou", s.fb_iou()).add("foreground_iou", s.aggregated_foreground_iou());
  o.add("episode_mean_iou", s.classwise_mean_episode_iou()).add("satisfied_share", e.satisfied_share(click));
  auto classes = io::json::object();
  for (index_t const c : s.classes()) classes.add(std::to_string(c), s.class_iou(c));
  o.add("class_iou", classes);
  return o;
}

inline io::json clicks_to_reach(evaluation const& e, double target) {
  auto const c = vision::count_clicks(e.histories(), target, e.clicks);
  auto o = io::json::object();
  o.add("target", target).add("cap", e.clicks).add("noc", c.mean).add("at_cap", c.at_cap).add("nof", c.failures);
  return o;
}

}  // namespace detail

/// The report as JSON: for each method the figures after each click with their uncertainty, clicks to 85 and 90 %, what
/// a session that learns has learned, and the IoU of each episode after each click.
inline io::json to_json(evaluation_report const& r) {
  auto setting = io::json::object();
  for (auto const& s : r.setting) setting.add(s.first, s.second);
  auto out = io::json::object();
  out.add("setting", setting);
  out.add("fold", r.fold).add("shots", r.shots).add("part", r.held_out ? "held-out" : "validation");
  out.add("classes_left_out", io::json(std::vector<int>(r.left_out.begin(), r.left_out.end())));
  auto methods = io::json::array();
  for (auto const& m : r.methods) {
    auto o = io::json::object();
    o.add("name", m.name).add("episodes", static_cast<index_t>(m.result.episodes.size()));
    auto after = io::json::array();
    for (index_t c = 1; c <= m.result.clicks; ++c) after.push_back(detail::json_of(m.result, c));
    o.add("after_click", after);
    auto reach = io::json::array();
    for (double const target : {0.85, 0.9}) reach.push_back(detail::clicks_to_reach(m.result, target));
    o.add("clicks_to_reach", reach);
    auto const timing = m.result.timing();
    if (timing.seconds > 0) o.add("seconds_per_click", timing.seconds_per_click());
    if (m.result.learned.updates > 0) {
      auto learned = io::json::object();
      o.add("learned", learned.add("updates", m.result.learned.updates).add("drift", m.result.learned.drift));
    }
    auto episodes = io::json::array();
    auto const histories = m.result.histories();
    for (std::size_t i = 0; i < histories.size(); ++i) {
      auto e = io::json::object();
      e.add("picture", m.result.episodes[i].posed.query.picture)
          .add("class", int{m.result.episodes[i].posed.query.label});
      e.add("iou", io::json(histories[i]));
      episodes.push_back(e);
    }
    o.add("each_episode", episodes);
    methods.push_back(o);
  }
  return out.add("methods", methods);
}

/// Replaces a file, whole or not at all. Throws `io_error`.
inline void write_json(evaluation_report const& r, std::string const& path) {
  std::string const text = io::to_text(to_json(r)) + "\n";
  io::write_file(path, text.data(), text.size());
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
