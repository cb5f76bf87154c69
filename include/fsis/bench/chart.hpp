// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/math.hpp>

#include <cmath>
#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace bench {

enum class scale { linear, logarithmic };

/// A value at a place, with the range of the middle half of its samples.
struct chart_point {
  double x, y, low, high;
  std::string note;  ///< shown where the pointer rests on it
};

struct chart_line {
  std::string name;
  std::vector<chart_point> points;
  bool is_joined = true;   ///< by straight lines; else points alone
  bool is_marked = true;   ///< points are drawn; a roof is a line without any
};

/// Lines over a horizontal axis. Numbers on a logarithmic axis are above 0.
struct line_chart {
  std::string title, x_label, y_label;
  scale x = scale::linear, y = scale::linear;
  std::vector<chart_line> lines;
};

struct chart_bar {
  std::string name;
  double value, low, high;
  std::string text;   ///< at the end of the bar
  std::size_t group;  ///< bars of a group share its colour
};

/// Bars from 0 to the right, one below the other.
struct bar_chart {
  std::string title, label;
  std::vector<chart_bar> bars;
};

/// The part of an axis that is shown, and where its marks stand.
struct chart_axis {
  scale kind = scale::linear;
  double low = 0, high = 1;
  std::vector<double> ticks;

  /// 0 at `low`, 1 at `high`.
  double place(double v) const {
    if (kind == scale::logarithmic) return std::log(v / low) / std::log(high / low);
    return (v - low) / (high - low);
  }
};

namespace detail {

inline std::vector<double> linear_ticks(double low, double high) {
  double const step_wanted = (high - low) / 6, power = std::pow(10.0, std::floor(std::log10(step_wanted)));
  double step = 10 * power;
  for (double s : {1.0, 2.0, 5.0})
    if (s * power >= step_wanted) {
      step = s * power;
      break;
    }
  std::vector<double> ticks;
  for (double k = std::ceil(low / step - 1e-9); k * step <= high * (1 + 1e-9); k += 1)
    ticks.push_back(k * step + 0.0);  // 0, not -0
  return ticks;
}

/// 1, 2 and 5 of each power of ten, or the powers alone where there are many.
inline std::vector<double> logarithmic_ticks(double low, double high) {
  std::vector<double> ticks;
  bool const many = high / low > 1e3;
  for (double power = std::pow(10.0, std::floor(std::log10(low))); power <= high * (1 + 1e-9); power *= 10)
    for (double s : {1.0, 2.0, 5.0})
      if ((s == 1.0 || !many) && s * power >= low * (1 - 1e-9) && s * power <= high * (1 + 1e-9))
        ticks.push_back(s * power);
  return ticks;
}

}  // namespace detail

/// An axis on which all of [low, high] is seen, from 0 where it is linear.
inline chart_axis axis_over(double low, double high, scale kind) {
  chart_axis a;
  a.kind = kind;
  if (kind == scale::logarithmic) {
    a.low = low > 0 ? low / 1.25 : 1e-12;
    a.high = hd_max(high * 1.25, a.low * 2);
    a.ticks = detail::logarithmic_ticks(a.low, a.high);
  } else {
    a.low = 0;
    a.high = high > 0 ? high * 1.05 : 1;
    a.ticks = detail::linear_ticks(a.low, a.high);
  }
  return a;
}

}  // namespace bench
}  // namespace v0
}  // namespace fsis
