// SPDX-License-Identifier: MIT
#pragma once

#include <docs/markdown.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

namespace fsis_test {

/// A program of a page, made of one or more `cpp` blocks. What stands before a block says what it is:
///   nothing                           a whole program, its `int main()` last
///   <!-- snippet: wrap HEADER... -->  statements; a main and the includes are put around them
///   <!-- snippet: continue -->        statements that follow those of the block before, in the same main
/// A `text` block behind <!-- snippet: output --> is what the program before it prints.
struct program {
  std::vector<std::string> headers;  // "<fsis/model.hpp>"
  std::string body;                  // of namespace scope, with a main
  std::string output;                // expected; empty: anything
};

namespace detail {

struct page_place {
  std::string page;
  std::size_t line;

  [[noreturn]] void fail(std::string const& what) const {
    throw std::runtime_error(page + ":" + std::to_string(line) + ": " + what);
  }
};

inline std::string line_mark(page_place const& at) {
  return "#line " + std::to_string(at.line) + " \"" + at.page + "\"\n";
}

/// The block with its include lines blanked, which go to `headers`. A page's programs share a file, so no other
/// directive may stand in one.
inline std::string without_includes(fenced_block const& block, page_place const& at,
                                    std::vector<std::string>& headers) {
  std::string text;
  for (std::string const& line : lines_of_page(block.text)) {
    std::string const words = trimmed(line);
    if (words.compare(0, 8, "#include") == 0)
      headers.push_back(trimmed(words.substr(8)));
    else if (!words.empty() && words[0] == '#')
      at.fail("'" + words + "': programs of a page hold no directive but #include");
    else
      text += line;
    text += "\n";
  }
  return text;
}

/// `int main()` of a whole program as an ordinary function: those return nothing by themselves.
inline std::string with_return(std::string text, page_place const& at) {
  if (text.find("int main() {") == std::string::npos)
    at.fail("no 'int main() {' in the program; mark statements with <!-- snippet: wrap HEADER... -->");
  std::size_t const end = text.rfind("\n}");
  if (end == std::string::npos) at.fail("the program does not end with the '}' of its main");
  return text.insert(end + 1, "return 0; ");
}

}  // namespace detail

/// Throws `std::runtime_error` naming page and line of what cannot be made a program.
inline std::vector<program> programs_of(std::string const& page_path, std::string const& page) {
  std::vector<program> programs;
  bool is_open = false;  // may the last one be continued?
  auto const close = [&] {
    if (is_open) programs.back().body += "\nreturn 0; }\n";
    is_open = false;
  };
  for (fenced_block const& block : blocks_of(page)) {
    detail::page_place const at{page_path, block.line};
    if (block.language != "cpp") {
      if (block.marker == "output" && block.language == "text" && !programs.empty())
        programs.back().output += block.text;
      else if (!block.marker.empty())
        at.fail("marker '" + block.marker + "' before a block of '" + block.language + "'");
      continue;
    }
    std::vector<std::string> headers;
    std::string const text = detail::line_mark(at) + detail::without_includes(block, at, headers);
    std::string const wrap = "wrap ";
    if (block.marker == "continue") {
      if (!is_open) at.fail("nothing to continue: no block marked 'wrap' before it");
      auto& all = programs.back().headers;
      all.insert(all.end(), headers.begin(), headers.end());
      programs.back().body += text;
    } else if (block.marker.compare(0, wrap.size(), wrap) == 0) {
      close();
      std::istringstream names(block.marker.substr(wrap.size()));
      for (std::string name; names >> name;) headers.push_back("<" + name + ">");
      programs.push_back({headers, "int main() {\n" + text, ""});
      is_open = true;
    } else if (block.marker.empty()) {
      close();
      programs.push_back({headers, detail::with_return(text, at), ""});
    } else {
      at.fail("unknown marker '" + block.marker + "'");
    }
  }
  close();
  return programs;
}

/// One C++ file with every program, each in a namespace of its own. It is run as `count`, which prints their number,
/// `run N`, or `output N`, which prints what program N (from 1) is expected to print.
inline std::string translation_unit(std::vector<program> const& programs) {
  std::vector<std::string> headers;
  for (program const& p : programs)
    for (std::string const& h : p.headers)
      if (std::find(headers.begin(), headers.end(), h) == headers.end()) headers.push_back(h);
  std::string text, runs, outputs;
  for (std::string const& h : headers) text += "#include " + h + "\n";
  for (std::size_t i = 0; i < programs.size(); ++i) {
    std::string const number = std::to_string(i + 1);
    text += "namespace program_" + number + " {\n" + programs[i].body + "}\n";
    runs += "  if (runs && n == " + number + ") return program_" + number + "::main();\n";
    outputs += "  if (!runs && n == " + number + ") std::fputs(R\"~(" + programs[i].output + ")~\", stdout);\n";
  }
  // what this main includes comes last, so that no program leans on it
  return text + "#line 1 \"main of all programs\"\n#include <cstdio>\n#include <cstdlib>\n#include <cstring>\n" +
         "int main(int argc, char** argv) {\n  if (argc < 3) return std::printf(\"%d\", " +
         std::to_string(programs.size()) + ") < 0;\n" +
         "  bool const runs = std::strcmp(argv[1], \"run\") == 0;\n  int const n = std::atoi(argv[2]);\n" +
         "  if (n < 1) return 1;\n" + runs + outputs + "  return runs;\n}\n";
}

}  // namespace fsis_test
