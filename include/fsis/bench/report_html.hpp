// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/bench/html_page.hpp>
#include <fsis/bench/plots.hpp>
#include <fsis/bench/report_text.hpp>
#include <fsis/io/file.hpp>

#include <string>

namespace fsis {
inline namespace v0 {
namespace bench {
namespace detail {

template <class Charts>
std::string section_of(char const* heading, Charts const& charts) {
  if (charts.empty()) return "";
  std::string out = std::string("<h2>") + heading + "</h2>\n";
  for (auto const& c : charts) out += svg_of(c);
  return out;
}

}  // namespace detail

/// A page with the tables and plots of a report. It stands alone: no scripts, and nothing is loaded from elsewhere.
inline std::string to_html(report const& r) {
  std::string command;
  for (std::string const& word : r.meta.argv) command += (command.empty() ? "" : " ") + word;
  std::string const source = r.meta.git_sha.empty() ? "" : ", " + r.meta.git_sha + (r.meta.is_dirty ? ", changed" : "");
  std::string out = "<pre>" + escaped(command) + "\n" + escaped("fsis " + r.meta.version + source + "; " + r.meta.compiler) +
         "\n" + escaped(machine_text(r)) + "</pre>\n";
  out += detail::section_of("How cost grows", scaling_charts(r));
  out += detail::section_of("Against others", contender_charts(r));
  out += detail::section_of("Against the machine", roofline_charts(r));
  out += "<h2>All numbers</h2>\n<pre>" + escaped(states_text(r)) + "</pre>\n";
  out +=
      "<p>Times are of one run: median and quartiles of samples taken in turns. GFLOP/s and GB/s count the operations "
      "and bytes of the definition; limit is the least time that the measured peaks allow for them over the time "
      "taken.</p>\n";
  return html_page("Benchmarks", out);
}

/// Replaces a file, whole or not at all. Throws `io_error`.
inline void write_html(report const& r, std::string const& path) {
  std::string const text = to_html(r);
  io::write_file(path, text.data(), text.size());
}

}  // namespace bench
}  // namespace v0
}  // namespace fsis
