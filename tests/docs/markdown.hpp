// SPDX-License-Identifier: MIT
#pragma once

#include <cctype>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fsis_test {

/// A fenced block of a page.
struct fenced_block {
  std::string language;  // behind the opening fence
  std::string marker;    // of `<!-- snippet: MARKER -->` right before the block, blank lines aside
  std::size_t line = 0;  // of its first line of text, from 1
  std::string text;      // every line ended
};

inline std::vector<std::string> lines_of_page(std::string const& page) {
  std::vector<std::string> lines;
  std::istringstream in(page);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

inline bool is_fence(std::string const& line) { return line.compare(0, 3, "```") == 0; }

inline std::string trimmed(std::string const& text) {
  std::size_t const first = text.find_first_not_of(" \t");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// MARKER of a line `<!-- snippet: MARKER -->`, else nothing.
inline std::string marker_of(std::string const& line) {
  std::string const begin = "<!-- snippet:", end = "-->", text = trimmed(line);
  if (text.compare(0, begin.size(), begin) != 0 || text.size() < begin.size() + end.size()) return "";
  return trimmed(text.substr(begin.size(), text.size() - begin.size() - end.size()));
}

inline std::vector<fenced_block> blocks_of(std::string const& page) {
  std::vector<fenced_block> blocks;
  std::string marker;
  bool inside = false;
  std::size_t number = 0;
  for (std::string const& line : lines_of_page(page)) {
    ++number;
    if (is_fence(line)) {
      if (!inside) blocks.push_back({trimmed(line.substr(3)), marker, number + 1, ""});
      marker.clear();
      inside = !inside;
    } else if (inside) {
      blocks.back().text += line + "\n";
    } else if (!trimmed(line).empty()) {
      marker = marker_of(line);
    }
  }
  return blocks;
}

/// Prose of a page: fenced blocks are blank lines, so that line numbers stay.
inline std::vector<std::string> prose_of(std::string const& page) {
  std::vector<std::string> prose;
  bool inside = false;
  for (std::string const& line : lines_of_page(page)) {
    bool const fence = is_fence(line);
    prose.push_back(inside || fence ? "" : line);
    inside = inside != fence;
  }
  return prose;
}

/// The text between pairs of backticks of a line.
inline std::vector<std::string> code_spans_of(std::string const& line) {
  std::vector<std::string> spans;
  for (std::size_t open = line.find('`'); open != std::string::npos; open = line.find('`', open)) {
    std::size_t const close = line.find('`', open + 1);
    if (close == std::string::npos) break;
    spans.push_back(line.substr(open + 1, close - open - 1));
    open = close + 1;
  }
  return spans;
}

/// A link `[words](target)` of a page.
struct page_link {
  std::size_t line;
  std::string target;
};

inline std::vector<page_link> links_of(std::string const& page) {
  std::vector<page_link> links;
  std::vector<std::string> const prose = prose_of(page);
  for (std::size_t i = 0; i < prose.size(); ++i) {
    std::string text = prose[i];
    for (std::string const& span : code_spans_of(text))
      text.replace(text.find("`" + span + "`"), span.size() + 2, "");
    for (std::size_t at = text.find("]("); at != std::string::npos; at = text.find("](", at + 1)) {
      std::size_t const end = text.find(')', at);
      if (end != std::string::npos) links.push_back({i + 1, text.substr(at + 2, end - at - 2)});
    }
  }
  return links;
}

/// The names under which headings are linked: small letters, digits, `-` and `_`, blanks become `-`.
inline std::set<std::string> anchors_of(std::string const& page) {
  std::set<std::string> anchors;
  for (std::string const& line : prose_of(page)) {
    if (line.empty() || line[0] != '#') continue;
    std::string name;
    for (char const c : trimmed(line.substr(line.find_first_not_of('#')))) {
      if (std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_')
        name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      else if (c == ' ')
        name += '-';
    }
    anchors.insert(name);
  }
  return anchors;
}

}  // namespace fsis_test
