// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/bench/html_page.hpp>
#include <fsis/bench/svg.hpp>
#include <fsis/bench/text_table.hpp>
#include <fsis/io/base64.hpp>
#include <fsis/io/png.hpp>
#include <fsis/training/evaluation_report.hpp>
#include <fsis/training/thesis_tables.hpp>

#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {
namespace detail {

using table = std::vector<std::vector<std::string>>;

inline std::string three_digits(double v) { return bench::fixed_text(v, 3); }

/// "0.512 ± 0.011"
inline std::string with_error(uncertain const& u) {
  return three_digits(u.value) + " \xC2\xB1 " + three_digits(u.standard_error);
}

/// One row per method and chosen click.
inline std::string figures_table(evaluation_report const& r) {
  table rows{{"method", "clicks", "mIoU", "FB-IoU", "foreground IoU", "episode mean", "clicks right"}};
  for (auto const& m : r.methods)
    for (index_t c = 1; c <= m.result.clicks; ++c) {
      if (c != 1 && c != 3 && c != 5 && c != 10 && c != m.result.clicks) continue;
      auto const s = m.result.scores(c);
      rows.push_back({m.name, std::to_string(c), with_error(uncertain_mean_iou(m.result, c)),
                      three_digits(s.fb_iou()), three_digits(s.aggregated_foreground_iou()),
                      three_digits(s.classwise_mean_episode_iou()), three_digits(m.result.satisfied_share(c))});
    }
  return bench::html_table(rows);
}

/// How many clicks it takes; methods that were given one click have no row.
inline std::string clicks_table(evaluation_report const& r) {
  table rows{{"method", "NoC@85", "NoF@85", "NoC@90", "NoF@90", "cap", "milliseconds per click"}};
  for (auto const& m : r.methods) {
    if (m.result.clicks < 2) continue;
    auto const h = m.result.histories();
    auto const to85 = vision::count_clicks(h, 0.85, m.result.clicks),
               to90 = vision::count_clicks(h, 0.9, m.result.clicks);
    rows.push_back({m.name, bench::fixed_text(to85.mean, 2), std::to_string(to85.failures),
                    bench::fixed_text(to90.mean, 2), std::to_string(to90.failures), std::to_string(m.result.clicks),
                    bench::fixed_text(1000 * m.result.timing().seconds_per_click(), 1)});
  }
  return rows.size() > 1 ? bench::html_table(rows) : "";
}

inline std::string curves(evaluation_report const& r) {
  bench::line_chart chart{"mIoU after each click", "clicks", "mIoU", bench::scale::linear, bench::scale::linear, {}};
  for (auto const& m : r.methods) {
    bench::chart_line line;
    line.name = m.name;
    for (index_t c = 1; c <= m.result.clicks; ++c) {
      auto const u = uncertain_mean_iou(m.result, c);
      line.points.push_back({static_cast<double>(c), u.value, u.low, u.high, m.name + ": " + with_error(u)});
    }
    chart.lines.push_back(line);
  }
  return bench::svg_of(chart);
}

/// The tables 2.1 and 2.2 of the thesis with these methods in their layout. A class that was left out has no number.
inline std::string thesis_tables(evaluation_report const& r) {
  table first{{"method"}}, second{{"method", "FB-IoU as printed: foreground alone", "FB-IoU"}};
  for (int label = 1; label <= 5; ++label) first[0].push_back(pascal_class_name(label));
  first[0].push_back("mIoU");
  for (auto const& t : thesis_rows()) {
    std::vector<std::string> row{t.method + " (printed)"};
    for (double const v : t.class_iou) row.push_back(three_digits(v));
    row.push_back(three_digits(t.printed_miou));
    first.push_back(row);
    second.push_back({t.method + " (printed)", three_digits(t.printed_fb_iou), ""});
  }
  for (auto const& m : r.methods) {
    auto const s = m.result.scores(1);
    auto const classes = s.classes();
    std::vector<std::string> row{m.name};
    for (index_t label = 1; label <= 5; ++label) {
      bool const posed = std::find(classes.begin(), classes.end(), label) != classes.end();
      row.push_back(posed ? three_digits(s.class_iou(label)) : "");
    }
    row.push_back(three_digits(s.mean_iou()));
    first.push_back(row);
    second.push_back({m.name, three_digits(s.aggregated_foreground_iou()), three_digits(s.fb_iou())});
  }
  return "<h2>As tables 2.1 and 2.2 of the thesis</h2>\n<p>One click, one shot. The thesis' episodes, pictures and "
         "trunk are others: the rows say where these methods stand among each other, not who wins.</p>\n" +
         bench::html_table(first) + bench::html_table(second);
}

inline std::string class_table(evaluation_report const& r) {
  table rows{{"method, last click"}};
  std::vector<index_t> classes;
  for (auto const& m : r.methods)
    for (index_t const c : m.result.scores(m.result.clicks).classes())
      if (std::find(classes.begin(), classes.end(), c) == classes.end()) classes.push_back(c);
  for (index_t const c : classes) rows[0].push_back(pascal_class_name(static_cast<int>(c)));
  for (auto const& m : r.methods) {
    auto const s = m.result.scores(m.result.clicks);
    std::vector<std::string> row{m.name + ", " + std::to_string(m.result.clicks)};
    for (index_t const c : classes) row.push_back(three_digits(s.class_iou(c)));
    rows.push_back(row);
  }
  return bench::html_table(rows);
}

inline std::string gallery(char const* heading, std::vector<illustration> const& pictures) {
  if (pictures.empty()) return "";
  std::string out = std::string("<h2>") + heading + "</h2>\n";
  for (auto const& p : pictures)
    out += "<figure><img src=\"data:image/png;base64," + io::base64(io::encode_png(p.picture)) +
           "\" alt=\"\"/><figcaption>" + bench::escaped(p.caption) + "</figcaption></figure>\n";
  return out;
}

}  // namespace detail

/// The report as a page that stands alone: tables, curves, and the best and worst examples as pictures.
inline std::string to_html(evaluation_report const& r) {
  std::string setting;
  for (auto const& s : r.setting) setting += s.first + " " + s.second + "\n";
  for (std::uint8_t const c : r.left_out) setting += pascal_class_name(c) + " left out: too few pictures\n";
  std::string body = "<pre>" + bench::escaped(setting) + "</pre>\n<h2>Figures</h2>\n" + detail::figures_table(r);
  body += detail::class_table(r) + detail::clicks_table(r) + detail::curves(r);
  if (r.held_out && r.fold == 0 && r.shots == 1) body += detail::thesis_tables(r);
  body += detail::gallery("Best", r.best) + detail::gallery("Worst", r.worst);
  body +=
      "<p>IoU of a class: intersection and union summed over its episodes, void pixels left out. mIoU: mean over "
      "classes, with its standard error by bootstrap over query pictures; bars show the middle 95 %. NoC counts an "
      "episode that never gets there as the cap, NoF counts these.</p>\n";
  return bench::html_page("Evaluation", body);
}

/// Replaces a file, whole or not at all. Throws `io_error`.
inline void write_html(evaluation_report const& r, std::string const& path) {
  std::string const text = to_html(r);
  io::write_file(path, text.data(), text.size());
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
