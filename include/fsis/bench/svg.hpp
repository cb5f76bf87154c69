// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/bench/chart.hpp>
#include <fsis/bench/text_table.hpp>
#include <fsis/io/text.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace fsis {
inline namespace v0 {
namespace bench {

/// A text as it may stand between tags and in attributes: nothing in it is markup, what is not UTF-8 and control
/// characters become '?'.
inline std::string escaped(std::string const& text) {
  std::string out;
  std::size_t valid_until = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i >= valid_until) valid_until = i + io::utf8_prefix(text.data() + i, text.size() - i);
    char const c = text[i];
    bool const is_control = static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t';
    if (i >= valid_until || is_control || c == 0x7F)
      out += '?';
    else if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else
      out += c;
  }
  return out;
}

namespace detail {

/// The colour of a line or a group of bars, told apart also by those who see fewer colours (Okabe and Ito 2008).
inline char const* colour_of(std::size_t i) {
  static constexpr char const* colours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                            "#e69f00", "#56b4e9", "#555555"};
  return colours[i % 7];
}

/// A mark of an axis in few letters: "0.5", "64", "2k", "1M".
inline std::string tick_text(double v) {
  static constexpr char const* units[] = {"", "k", "M", "G", "T"};
  int unit = 0;
  for (; std::abs(v) >= 1000 && unit < 4; ++unit) v /= 1000;
  char text[40];
  std::snprintf(text, sizeof text, "%.4g%s", v, units[unit]);
  return text;
}

/// Writes the elements of one drawing.
class svg_canvas {
 public:
  svg_canvas(double width, double height, std::string const& title) : height_(height) {
    out_ = "<svg viewBox=\"0 0 " + number(width) + " " + number(height) + "\" width=\"" + number(width) +
           "\" height=\"" + number(height) + "\" role=\"img\">\n<title>" + escaped(title) + "</title>\n";
  }

  void line(double x0, double y0, double x1, double y1, char const* kind) {
    out_ += "<line x1=\"" + number(x0) + "\" y1=\"" + number(y0) + "\" x2=\"" + number(x1) + "\" y2=\"" + number(y1) +
            "\" class=\"" + kind + "\"/>\n";
  }

  void path(std::string const& points, char const* colour) {
    out_ += "<polyline points=\"" + points + "\" fill=\"none\" stroke=\"" + colour + "\" stroke-width=\"2\"/>\n";
  }

  void dot(double x, double y, char const* colour, std::string const& note) {
    out_ += "<circle cx=\"" + number(x) + "\" cy=\"" + number(y) + "\" r=\"4\" fill=\"" + colour + "\"><title>" +
            escaped(note) + "</title></circle>\n";
  }

  void box(double x, double y, double width, double height, char const* colour, std::string const& note) {
    out_ += "<rect x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" + number(width) + "\" height=\"" +
            number(height) + "\" fill=\"" + colour + "\"><title>" + escaped(note) + "</title></rect>\n";
  }

  /// `anchor`: start, middle or end of the text stands at x.
  void text(double x, double y, std::string const& words, char const* anchor, char const* more = "") {
    out_ += "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\"" + more + ">" +
            escaped(words) + "</text>\n";
  }

  void upright(double x, double y, std::string const& words) {
    std::string const turn = " transform=\"rotate(-90 " + number(x) + " " + number(y) + ")\"";
    text(x, y, words, "middle", turn.c_str());
  }

  std::string done() const { return out_ + "</svg>\n"; }
  double height() const { return height_; }

  static std::string number(double v) { return fixed_text(v, 1); }

 private:
  std::string out_;
  double height_;
};

template <class Read>
chart_axis axis_of(line_chart const& c, scale kind, Read read) {
  double low = 0, high = 0;
  bool first = true;
  for (chart_line const& l : c.lines)
    for (chart_point const& p : l.points) {
      auto const range = read(p);
      low = first ? range.first : hd_min(low, range.first);
      high = first ? range.second : hd_max(high, range.second);
      first = false;
    }
  return axis_over(low, high, kind);
}

}  // namespace detail

/// The chart as an `<svg>` element: no scripts, no fonts, nothing from elsewhere.
inline std::string svg_of(line_chart const& c) {
  using detail::svg_canvas;
  constexpr double width = 720, left = 70, right = 20, top = 34, plot_height = 300;
  double const legend = 18.0 * static_cast<double>(c.lines.size());
  chart_axis const x = detail::axis_of(c, c.x, [](chart_point const& p) { return std::make_pair(p.x, p.x); });
  chart_axis const y = detail::axis_of(c, c.y, [](chart_point const& p) { return std::make_pair(p.low, p.high); });
  auto const at_x = [&](double v) { return left + (width - left - right) * x.place(v); };
  auto const at_y = [&](double v) { return top + plot_height * (1 - hd_clamp(y.place(v), 0.0, 1.0)); };

  svg_canvas canvas(width, top + plot_height + 50 + legend, c.title);
  canvas.text(left, 18, c.title, "start", " class=\"title\"");
  for (double t : x.ticks) {
    canvas.line(at_x(t), top, at_x(t), top + plot_height, "grid");
    canvas.text(at_x(t), top + plot_height + 16, detail::tick_text(t), "middle");
  }
  for (double t : y.ticks) {
    canvas.line(left, at_y(t), width - right, at_y(t), "grid");
    canvas.text(left - 6, at_y(t) + 4, detail::tick_text(t), "end");
  }
  canvas.text((left + width - right) / 2, top + plot_height + 34, c.x_label, "middle");
  canvas.upright(16, top + plot_height / 2, c.y_label);
  for (std::size_t i = 0; i < c.lines.size(); ++i) {
    chart_line const& l = c.lines[i];
    char const* const colour = detail::colour_of(i);
    if (l.is_joined) {
      std::string points;
      for (chart_point const& p : l.points)
        points += (points.empty() ? "" : " ") + svg_canvas::number(at_x(p.x)) + "," + svg_canvas::number(at_y(p.y));
      canvas.path(points, colour);
    }
    for (chart_point const& p : l.points) {
      if (!l.is_marked) continue;
      canvas.line(at_x(p.x), at_y(p.low), at_x(p.x), at_y(p.high), "range");
      canvas.dot(at_x(p.x), at_y(p.y), colour, p.note);
    }
    double const row = top + plot_height + 54 + 18.0 * static_cast<double>(i);
    canvas.box(left, row - 9, 12, 12, colour, l.name);
    canvas.text(left + 18, row + 2, l.name, "start");
  }
  return canvas.done();
}

/// The chart as an `<svg>` element.
inline std::string svg_of(bar_chart const& c) {
  using detail::svg_canvas;
  constexpr double width = 860, left = 320, right = 110, top = 34, row = 20;
  double const height = row * static_cast<double>(c.bars.size());
  double most = 0;
  for (chart_bar const& b : c.bars) most = hd_max(most, b.high);
  chart_axis const x = axis_over(0, most, scale::linear);
  auto const at = [&](double v) { return left + (width - left - right) * x.place(v); };

  svg_canvas canvas(width, top + height + 44, c.title);
  canvas.text(10, 18, c.title, "start", " class=\"title\"");
  for (double t : x.ticks) {
    canvas.line(at(t), top, at(t), top + height, "grid");
    canvas.text(at(t), top + height + 16, detail::tick_text(t), "middle");
  }
  canvas.text((left + width - right) / 2, top + height + 34, c.label, "middle");
  for (std::size_t i = 0; i < c.bars.size(); ++i) {
    chart_bar const& b = c.bars[i];
    double const y = top + row * static_cast<double>(i);
    canvas.text(left - 6, y + 14, b.name, "end");
    canvas.box(left, y + 3, at(b.value) - left, row - 6, detail::colour_of(b.group), b.name + ": " + b.text);
    canvas.line(at(b.low), y + row / 2, at(b.high), y + row / 2, "range");
    canvas.text(at(hd_max(b.value, b.high)) + 6, y + 14, b.text, "start");
  }
  return canvas.done();
}

}  // namespace bench
}  // namespace v0
}  // namespace fsis
