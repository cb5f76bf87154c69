// SPDX-License-Identifier: MIT
#pragma once

#include <docs/markdown.hpp>

#include <cctype>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace fsis_test {

/// An option that a page gives to `fsis SUBCOMMAND`, or to some subcommand where `subcommand` is empty.
struct mentioned_option {
  std::size_t line;
  std::string subcommand, option;
};

/// "--a-b" and the like in a text.
inline std::set<std::string> options_in(std::string const& text) {
  std::set<std::string> found;
  for (std::size_t at = text.find("--"); at != std::string::npos; at = text.find("--", at + 2)) {
    std::size_t end = at + 2;
    while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '-')) ++end;
    bool const begins_word =
        at == 0 || !(std::isalnum(static_cast<unsigned char>(text[at - 1])) || text[at - 1] == '-');
    if (begins_word && end > at + 2 && std::isalpha(static_cast<unsigned char>(text[at + 2])))
      found.insert(text.substr(at, end - at));
  }
  return found;
}

namespace detail {

/// The subcommand that a command line runs, "" for the tool itself; nothing is touched when it runs something else.
/// `scripts/demo` hands its options to `fsis segment`.
inline bool runs_fsis(std::string const& command, std::string& subcommand) {
  std::istringstream in(command);
  std::string program, word;
  in >> program >> word;
  std::size_t const slash = program.rfind('/');
  bool const is_demo = program == "scripts/demo";
  if (!is_demo && program.substr(slash == std::string::npos ? 0 : slash + 1) != "fsis") return false;
  subcommand = is_demo ? "segment" : (word.empty() || word[0] == '-' ? "" : word);
  return true;
}

}  // namespace detail

/// The options of fsis in commands (blocks of `sh`, code spans) and in code spans that begin with one.
inline std::vector<mentioned_option> mentioned_options(std::string const& page) {
  std::vector<mentioned_option> found;
  auto const add = [&](std::size_t line, std::string const& subcommand, std::string const& text) {
    for (std::string const& o : options_in(text)) found.push_back({line, subcommand, o});
  };
  for (fenced_block const& block : blocks_of(page)) {
    if (block.language != "sh") continue;
    std::size_t number = block.line;
    bool continues = false, is_fsis = false;
    std::string subcommand;
    for (std::string const& line : lines_of_page(block.text)) {
      if (!continues) is_fsis = detail::runs_fsis(line, subcommand);
      if (is_fsis) add(number, subcommand, line);
      continues = !line.empty() && line.back() == '\\';
      ++number;
    }
  }
  std::vector<std::string> const prose = prose_of(page);
  for (std::size_t i = 0; i < prose.size(); ++i)
    for (std::string const& span : code_spans_of(prose[i])) {
      std::string subcommand;
      if (detail::runs_fsis(span, subcommand))
        add(i + 1, subcommand, span);
      else if (span.compare(0, 2, "--") == 0)
        add(i + 1, "", span);
    }
  return found;
}

}  // namespace fsis_test
