// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/bench/svg.hpp>

#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace bench {
namespace detail {

inline constexpr char const* page_style =
    "body{font:15px sans-serif;margin:2em auto;max-width:1100px;color:#222}"
    "pre{overflow-x:auto;background:#f5f5f5;padding:1em;font-size:12px}"
    "svg{display:block;margin:1em 0;max-width:100%;height:auto}svg text{font:12px sans-serif;fill:#222}"
    "svg .title{font-weight:bold;font-size:14px}.grid{stroke:#ddd}.range{stroke:#222;stroke-width:1.5}"
    "table{border-collapse:collapse;margin:1em 0}td,th{padding:.2em .7em;text-align:right;border-bottom:1px solid #ddd}"
    "td:first-child,th:first-child{text-align:left}figure{display:inline-block;margin:.5em;vertical-align:top}"
    "figcaption{font-size:12px;max-width:320px}";

}  // namespace detail

/// A page around a body. It stands alone: no scripts, and nothing is loaded from elsewhere.
inline std::string html_page(std::string const& title, std::string const& body) {
  std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n";
  out += "<title>" + escaped(title) + "</title>\n<style>" + detail::page_style + "</style>\n</head>\n<body>\n";
  return out + "<h1>" + escaped(title) + "</h1>\n" + body + "</body>\n</html>\n";
}

/// A table; the first row has the headings, and text stays text.
inline std::string html_table(std::vector<std::vector<std::string>> const& rows) {
  std::string out = "<table>\n";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    char const* const cell = r == 0 ? "th" : "td";
    out += "<tr>";
    for (std::string const& text : rows[r])
      out += std::string("<") + cell + ">" + escaped(text) + "</" + cell + ">";
    out += "</tr>\n";
  }
  return out + "</table>\n";
}

}  // namespace bench
}  // namespace v0
}  // namespace fsis
