// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/bench/chart.hpp>
#include <fsis/bench/report.hpp>
#include <fsis/bench/text_table.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace bench {
namespace detail {

/// The measurement that stands for a state: warm caches where they were timed.
inline measurement const* shown_of(state const& s) { return s.warm ? &*s.warm : s.cold ? &*s.cold : nullptr; }

inline chart_line& line_named(std::vector<chart_line>& lines, std::string const& name) {
  for (chart_line& l : lines)
    if (l.name == name) return l;
  lines.push_back({name, {}});
  return lines.back();
}

/// What a swept state shares with the others of its curve: everything but the swept axis.
inline std::string curve_of(state const& s) {
  std::string text = s.benchmark;
  for (auto const& a : s.axes) {
    bool const is_side = s.swept == "side" && (a.first == "height" || a.first == "width");
    if (a.first != s.swept && !is_side) text += " " + a.first + "=" + std::to_string(a.second);
  }
  return text;
}

inline double swept_value(state const& s) {
  index_t const v = s.axis_value(s.swept);
  return static_cast<double>(v > 0 || s.swept != "side" ? v : s.axis_value("height"));
}

/// Scales on which what grows by powers is a straight line, where there is room for it.
inline void choose_scales(line_chart& c, std::string const& axis) {
  double x_low = 0, x_high = 0, y_low = 0, y_high = 0;
  for (chart_line const& l : c.lines)
    for (chart_point const& p : l.points) {
      x_low = x_low > 0 ? hd_min(x_low, p.x) : p.x;
      y_low = y_low > 0 ? hd_min(y_low, p.low) : p.low;
      x_high = hd_max(x_high, p.x);
      y_high = hd_max(y_high, p.high);
    }
  bool const counts = axis == "threads" || axis == "clicks" || axis == "shots";
  if (!counts && x_low > 0 && x_high >= 4 * x_low) c.x = scale::logarithmic;
  if (!counts && y_low > 0 && y_high >= 10 * y_low) c.y = scale::logarithmic;
}

}  // namespace detail

/// Roofline (Williams, Waterman and Patterson 2009), one for each number of threads with measured peaks: arithmetic per
/// second over flops per byte, below the two limits. Flops are those of the definition: an algorithm that needs fewer
/// stands above the roof.
inline std::vector<line_chart> roofline_charts(report const& r) {
  std::vector<line_chart> charts;
  for (peaks const& p : r.measured) {
    line_chart c;
    c.title = "Roofline, " + std::to_string(p.threads) + (p.threads == 1 ? " thread" : " threads");
    c.x_label = "flops per byte", c.y_label = "GFLOP/s";
    c.x = c.y = scale::logarithmic;
    double low = p.flops_per_second / p.bytes_per_second, high = low;
    for (state const& s : r.states) {
      measurement const* const m = detail::shown_of(s);
      if (m == nullptr || peaks_of(r, s) != &p || s.counts.flops <= 0 || s.counts.bytes <= 0) continue;
      double const x = s.counts.flops / s.counts.bytes, unit = s.counts.flops / 1e9;
      low = hd_min(low, x), high = hd_max(high, x);
      chart_line& l = detail::line_named(c.lines, s.contender);
      l.is_joined = false;
      l.points.push_back({x, unit / m->seconds.median, unit / m->seconds.q3, unit / m->seconds.q1,
                          s.benchmark + " " + s.contender + " " + to_string(s.axes) + ": " +
                              time_text(m->seconds.median)});
    }
    if (c.lines.empty()) continue;
    chart_line roof{"measured peaks: copy, arithmetic", {}, true, false};
    double const ridge = p.flops_per_second / p.bytes_per_second, peak = p.flops_per_second / 1e9;
    for (double x : {low / 2, ridge, high * 2}) {
      double const y = hd_min(peak, x * p.bytes_per_second / 1e9);
      roof.points.push_back({x, y, y, y, ""});
    }
    c.lines.push_back(roof);
    charts.push_back(c);
  }
  return charts;
}

/// Contenders of one benchmark beside each other, the time of the first as 1; one chart for each number of threads.
/// Runs of a sweep have charts of their own.
inline std::vector<bar_chart> contender_charts(report const& r) {
  std::map<index_t, bar_chart> charts;
  std::map<std::string, std::size_t> groups;
  state const* base = nullptr;  // the first contender, until it is drawn
  for (state const& s : r.states) {
    measurement const* const m = detail::shown_of(s);
    if (m == nullptr || !s.swept.empty()) continue;
    if (!m->against) {
      base = &s;
      continue;
    }
    bar_chart& c = charts[s.axis_value("threads")];
    auto const add = [&](state const& of, double value, double low, double high) {
      std::size_t const group = groups.emplace(of.contender, groups.size()).first->second;
      c.bars.push_back({of.benchmark + " " + of.contender, value, low, high,
                        time_text(detail::shown_of(of)->seconds.median), group});
    };
    if (base != nullptr) {
      summary const& t = detail::shown_of(*base)->seconds;
      add(*base, 1, t.q1 / t.median, t.q3 / t.median);
      base = nullptr;
    }
    add(s, m->against->of_medians, m->against->q1, m->against->q3);
  }
  std::vector<bar_chart> all;
  for (auto& entry : charts) {
    entry.second.title = "Contenders, " + std::to_string(entry.first) + (entry.first == 1 ? " thread" : " threads");
    entry.second.label = "time over that of the first contender; below 1 is quicker";
    all.push_back(entry.second);
  }
  return all;
}

/// How time and memory grow along each swept axis.
inline std::vector<line_chart> scaling_charts(report const& r) {
  std::vector<std::string> order;
  std::map<std::string, std::pair<line_chart, line_chart>> curves;  // time, memory
  for (state const& s : r.states) {
    measurement const* const m = detail::shown_of(s);
    if (m == nullptr || s.swept.empty()) continue;
    std::string const key = s.swept + " of " + detail::curve_of(s);
    if (curves.count(key) == 0) {
      order.push_back(key);
      curves[key].first = {"Time over " + key, s.swept, "ms", scale::linear, scale::linear, {}};
      curves[key].second = {"Memory over " + key, s.swept, "MiB", scale::linear, scale::linear, {}};
    }
    double const x = detail::swept_value(s);
    summary const& t = m->seconds;
    std::string const note = s.swept + " " + fixed_text(x, 0) + ": ";
    detail::line_named(curves[key].first.lines, s.contender)
        .points.push_back({x, 1e3 * t.median, 1e3 * t.q1, 1e3 * t.q3, note + time_text(t.median)});
    if (!s.memory_bytes) continue;
    double const mib = static_cast<double>(*s.memory_bytes) / (1 << 20);
    detail::line_named(curves[key].second.lines, s.contender)
        .points.push_back({x, mib, mib, mib, note + bytes_text(static_cast<double>(*s.memory_bytes))});
  }
  std::vector<line_chart> charts;
  for (std::string const& key : order)
    for (line_chart* c : {&curves[key].first, &curves[key].second}) {
      if (c->lines.empty()) continue;
      detail::choose_scales(*c, c->x_label);
      charts.push_back(*c);
    }
  return charts;
}

}  // namespace bench
}  // namespace v0
}  // namespace fsis
