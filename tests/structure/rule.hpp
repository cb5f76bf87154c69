// SPDX-License-Identifier: MIT
#pragma once

#include <structure/source_tree.hpp>

#include <cctype>
#include <string>
#include <vector>

namespace fsis_test {

/// What a rule finds: "path:line: what is wrong, what is wanted", one text per place.
using findings = std::vector<std::string>;

inline std::string place(source_file const& f, std::size_t line) {
  return f.path + ":" + std::to_string(line) + ": ";
}

/// Is the word at `at` not part of a longer one?
inline bool is_whole_word(std::string const& line, std::size_t at, std::size_t length) {
  auto const in_word = [&](std::size_t i) {
    return i < line.size() && (std::isalnum(static_cast<unsigned char>(line[i])) || line[i] == '_');
  };
  return !(at > 0 && in_word(at - 1)) && !in_word(at + length);
}

/// Lines (from 1) in which the word stands by itself.
inline std::vector<std::size_t> lines_with_word(std::string const& text, std::string const& word) {
  std::vector<std::size_t> found;
  auto const lines = lines_of(text);
  for (std::size_t i = 0; i < lines.size(); ++i)
    for (std::size_t at = lines[i].find(word); at != std::string::npos; at = lines[i].find(word, at + 1))
      if (is_whole_word(lines[i], at, word.size())) {
        found.push_back(i + 1);
        break;
      }
  return found;
}

}  // namespace fsis_test
