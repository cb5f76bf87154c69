// SPDX-License-Identifier: MIT
#pragma once

#include <docs/markdown.hpp>

#include <cctype>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace fsis_test {

/// An option that a page gives to a subcommand of `fsis` or `fsis-bench`, or to the program itself where `subcommand` is
/// empty; to some subcommand of either where `program` is empty, too.
struct mentioned_option {
  std::size_t line;
  std::string program, subcommand, option;
};

/// What a command line runs; `program` is empty when that is neither `fsis` nor `fsis-bench`.
struct command {
  std::string program, subcommand;
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

/// Words in front of a program that set its environment are passed over; `scripts/demo` hands its options to
/// `fsis segment`.
inline command command_of(std::string const& line) {
  std::istringstream in(line);
  std::string program, word;
  while (in >> program && program.find('=') != std::string::npos && program[0] != '-') {
  }
  in >> word;
  if (program == "scripts/demo") return {"fsis", "segment"};
  std::size_t const slash = program.rfind('/');
  std::string const name = program.substr(slash == std::string::npos ? 0 : slash + 1);
  if (name != "fsis" && name != "fsis-bench") return {};
  return {name, word.empty() || word[0] == '-' ? "" : word};
}

}  // namespace detail

/// The options of both programs in commands (blocks of `sh`, code spans) and in code spans that begin with one.
inline std::vector<mentioned_option> mentioned_options(std::string const& page) {
  std::vector<mentioned_option> found;
  auto const add = [&](std::size_t line, command const& c, std::string const& text) {
    for (std::string const& o : options_in(text)) found.push_back({line, c.program, c.subcommand, o});
  };
  for (fenced_block const& block : blocks_of(page)) {
    if (block.language != "sh") continue;
    std::size_t number = block.line;
    bool continues = false;
    command now;
    for (std::string const& line : lines_of_page(block.text)) {
      if (!continues) now = detail::command_of(line);
      if (!now.program.empty()) add(number, now, line.substr(0, line.find(" #")));
      continues = !line.empty() && line.back() == '\\';
      ++number;
    }
  }
  std::vector<std::string> const prose = prose_of(page);
  for (std::size_t i = 0; i < prose.size(); ++i)
    for (std::string const& span : code_spans_of(prose[i])) {
      command const c = detail::command_of(span);
      if (!c.program.empty() || span.compare(0, 2, "--") == 0) add(i + 1, c, span);
    }
  return found;
}

}  // namespace fsis_test
