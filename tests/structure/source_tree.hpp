// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace fsis_test {

/// A file of the repository: its path from the top ("include/fsis/core/view.hpp") and its text.
struct source_file {
  std::string path;
  std::string text;
};

using source_tree = std::vector<source_file>;

inline bool starts_with(std::string const& s, std::string const& start) {
  return s.compare(0, start.size(), start) == 0;
}

inline bool ends_with(std::string const& s, std::string const& end) {
  return s.size() >= end.size() && s.compare(s.size() - end.size(), end.size(), end) == 0;
}

inline std::vector<std::string> lines_of(std::string const& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t const end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

/// The text with comments and the insides of string literals replaced by blanks; lines stay where they are.
inline std::string without_comments(std::string text) {
  enum { code, line_comment, block_comment, literal } state = code;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char const c = text[i], next = i + 1 < text.size() ? text[i + 1] : '\0';
    bool const digit_separator = c == '\'' && i > 0 && std::isalnum(static_cast<unsigned char>(text[i - 1]));
    if (state == code) {
      if (c == '/' && (next == '/' || next == '*')) {
        state = next == '/' ? line_comment : block_comment;
        text[i] = text[i + 1] = ' ';
        ++i;
      } else if (c == '"' || (c == '\'' && !digit_separator)) {
        state = literal;
        quote = c;
      }
    } else if (c == '\n') {
      if (state != block_comment) state = code;
    } else if (state == literal && c == quote) {
      state = code;
    } else if (state == literal && c == '\\' && next != '\n') {
      text[i] = ' ';
      if (i + 1 < text.size()) text[++i] = ' ';
    } else if (state == block_comment && c == '*' && next == '/') {
      state = code;
      text[i] = text[i + 1] = ' ';
      ++i;
    } else {
      text[i] = ' ';
    }
  }
  return text;
}

/// A preprocessor line without its '#': {line number from 1, "include", "<fsis/core/view.hpp>"}.
struct directive {
  std::size_t line;
  std::string name;
  std::string rest;
};

inline std::vector<directive> directives_of(std::string const& text) {
  std::vector<directive> found;
  auto const originals = lines_of(text);
  auto const lines = lines_of(without_comments(text));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::size_t const hash = lines[i].find_first_not_of(" \t");
    if (hash == std::string::npos || lines[i][hash] != '#') continue;
    std::size_t const begin = lines[i].find_first_not_of(" \t", hash + 1);
    if (begin == std::string::npos) continue;
    std::size_t const end = std::min(lines[i].find_first_of(" \t<\"(", begin), lines[i].size());
    std::string const name = lines[i].substr(begin, end - begin);
    // an include in quotes is blanked like a literal: its name is read from the original
    std::string const& source = name == "include" ? originals[i] : lines[i];
    std::size_t const rest = source.find_first_not_of(" \t", end);
    found.push_back({i + 1, name, rest == std::string::npos ? "" : source.substr(rest)});
  }
  return found;
}

/// An include: what stands between the brackets or quotes, and which of the two it was.
struct inclusion {
  std::size_t line;
  std::string target;
  bool in_quotes;
};

inline std::vector<inclusion> inclusions_of(std::string const& text) {
  std::vector<inclusion> found;
  for (auto const& d : directives_of(text)) {
    if (d.name != "include" || d.rest.empty() || (d.rest[0] != '<' && d.rest[0] != '"')) continue;
    bool const quoted = d.rest[0] == '"';
    std::size_t const end = d.rest.find(quoted ? '"' : '>', 1);
    if (end != std::string::npos) found.push_back({d.line, d.rest.substr(1, end - 1), quoted});
  }
  return found;
}

inline bool is_cpp(std::string const& path) {
  return ends_with(path, ".hpp") || ends_with(path, ".cuh") || ends_with(path, ".cpp") || ends_with(path, ".cu");
}
inline bool is_header(std::string const& path) { return ends_with(path, ".hpp") || ends_with(path, ".cuh"); }
inline bool in_library(source_file const& f) { return starts_with(f.path, "include/fsis/"); }

/// Reads what the repository keeps: all text below the known folders and at the top. Build trees are not visited.
inline source_tree read_source_tree(std::filesystem::path const& root) {
  namespace fs = std::filesystem;
  static char const* const folders[] = {".ci",     "benchmarks", "cmake",   "docs",  "examples",
                                        "include", "models",     "scripts", "tests", "tools"};
  std::vector<fs::path> paths;
  for (auto const& entry : fs::directory_iterator(root))
    if (entry.is_regular_file()) paths.push_back(entry.path());
  for (char const* folder : folders)
    if (fs::is_directory(root / folder))
      for (auto const& entry : fs::recursive_directory_iterator(root / folder))
        if (entry.is_regular_file()) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());

  source_tree tree;
  for (auto const& path : paths) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + path.string());
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (text.find('\0') == std::string::npos)
      tree.push_back({fs::relative(path, root).generic_string(), std::move(text)});
  }
  return tree;
}

}  // namespace fsis_test
