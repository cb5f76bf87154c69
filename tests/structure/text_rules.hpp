// SPDX-License-Identifier: MIT
#pragma once

#include <structure/rule.hpp>

#include <map>
#include <set>
#include <string>

namespace fsis_test {

constexpr std::size_t longest_file = 400;

/// At most 400 lines: a longer file holds a second idea.
inline findings check_file_length(source_tree const& tree) {
  findings found;
  for (auto const& f : tree) {
    std::size_t const lines = lines_of(f.text).size();
    if (is_cpp(f.path) && lines > longest_file)
      found.push_back(f.path + ": " + std::to_string(lines) + " lines, at most " + std::to_string(longest_file));
  }
  return found;
}

/// The licence is the first line (the second one in a script), and a header says `#pragma once` right after it.
inline findings check_first_lines(source_tree const& tree) {
  findings found;
  for (auto const& f : tree) {
    auto const lines = lines_of(f.text);
    if (is_cpp(f.path)) {
      if (lines.empty() || lines[0] != "// SPDX-License-Identifier: MIT")
        found.push_back(f.path + ":1: wanted '// SPDX-License-Identifier: MIT'");
      if (is_header(f.path) && (lines.size() < 2 || lines[1] != "#pragma once"))
        found.push_back(f.path + ":2: wanted '#pragma once'");
    } else if (ends_with(f.path, "CMakeLists.txt") || ends_with(f.path, ".cmake") || starts_with(f.text, "#!")) {
      std::size_t const at = starts_with(f.text, "#!") ? 1 : 0;
      if (lines.size() <= at || lines[at] != "# SPDX-License-Identifier: MIT")
        found.push_back(place(f, at + 1) + "wanted '# SPDX-License-Identifier: MIT'");
    }
  }
  return found;
}

/// Files whose text may depend on the compiler, and why. Nothing else in the library does: a body that changes with a
/// macro is two bodies behind one symbol.
inline std::map<std::string, std::string> const& files_with_conditions() {
  static std::map<std::string, std::string> const table = {
      {"include/fsis/core/config.hpp", "the compiler switches"},
      {"include/fsis/core/error.hpp", "programs built without exceptions"},
  };
  return table;
}

/// `#if` and its kin stand in the listed files only, but for the guard of a .cuh: a condition followed by `#error`.
inline findings check_conditions(source_tree const& tree) {
  static std::set<std::string> const conditions = {"if", "ifdef", "ifndef", "elif", "else", "endif"};
  findings found;
  for (auto const& f : tree) {
    if (!in_library(f) || files_with_conditions().count(f.path) != 0) continue;
    auto const directives = directives_of(f.text);
    for (std::size_t i = 0; i < directives.size(); ++i) {
      if (conditions.count(directives[i].name) == 0) continue;
      bool const guard = ends_with(f.path, ".cuh") && i + 2 < directives.size() &&
                         directives[i + 1].name == "error" && directives[i + 2].name == "endif";
      if (guard)
        i += 2;
      else
        found.push_back(place(f, directives[i].line) + "#" + directives[i].name + " outside core/config.hpp");
    }
  }
  return found;
}

/// `__CUDACC__` and its kin are asked for in core/config.hpp and in the guard of a .cuh.
inline findings check_device_macros(source_tree const& tree) {
  findings found;
  for (auto const& f : tree) {
    if (!in_library(f) || f.path == "include/fsis/core/config.hpp") continue;
    for (char const* word : {"__CUDACC__", "__CUDA_ARCH__", "__NVCC__"})
      for (std::size_t line : lines_with_word(without_comments(f.text), word)) {
        auto const lines = lines_of(f.text);
        bool const guard = ends_with(f.path, ".cuh") && line < lines.size() && starts_with(lines[line], "#error");
        if (!guard) found.push_back(place(f, line) + word + " outside core/config.hpp");
      }
  }
  return found;
}

/// The library defines FSIS_HD, the version, and in core/config.hpp FSIS_HAS_* features and FSIS_X86_* (an attribute
/// that other processors do not know, and a question to the processor); no other macro.
inline findings check_macros(source_tree const& tree) {
  static std::set<std::string> const everywhere = {"FSIS_HD", "FSIS_VERSION_MAJOR", "FSIS_VERSION_MINOR",
                                                   "FSIS_VERSION_PATCH"};
  findings found;
  for (auto const& f : tree) {
    if (!in_library(f)) continue;
    for (auto const& d : directives_of(f.text)) {
      if (d.name != "define" && d.name != "undef") continue;
      std::string const name = d.rest.substr(0, d.rest.find_first_of(" \t("));
      bool const feature =
          (starts_with(name, "FSIS_HAS_") || starts_with(name, "FSIS_X86_") || name == "EIGEN_NO_CUDA") &&
          f.path == "include/fsis/core/config.hpp";
      if (everywhere.count(name) == 0 && !feature) found.push_back(place(f, d.line) + "#" + d.name + " " + name);
    }
  }
  return found;
}

/// Words that have no place in a header-only library: hidden state, names forced on the includer, output.
inline findings check_library_words(source_tree const& tree) {
  static std::map<std::string, std::string> const words = {
      {"thread_local", "state belongs to a context"},
      {"using namespace", "a header must not open a namespace for its includer"},
      {"std::cout", "a library returns what it has to say"},
      {"std::cerr", "a library returns what it has to say"},
      {"assert", "misuse throws in every build"},
  };
  findings found;
  for (auto const& f : tree) {
    if (!in_library(f)) continue;
    std::string const code = without_comments(f.text);
    for (auto const& word : words)
      for (std::size_t line : lines_with_word(code, word.first))
        found.push_back(place(f, line) + "'" + word.first + "': " + word.second);
  }
  return found;
}

/// Marks of unfinished work in code.
inline findings check_unfinished(source_tree const& tree) {
  findings found;
  for (auto const& f : tree) {
    if (!is_cpp(f.path)) continue;
    for (std::string const& word : {std::string("TO") + "DO", std::string("FIX") + "ME", std::string("X") + "XX"})
      for (std::size_t line : lines_with_word(f.text, word)) found.push_back(place(f, line) + "'" + word + "'");
  }
  return found;
}

/// Places of the machine a file was written on, and hosts of package registries. The texts are put together here so
/// that this file does not hold them.
inline findings check_places(source_tree const& tree) {
  std::string const slash = "/", dot = ".";
  std::vector<std::string> places = {slash + "work" + slash, slash + "bash" + "_jobs", dot + dot + "/.libr" + "ary"};
  for (char const* host : {"deb", "registry", "pypi", "files"})
    for (char const* scheme : {"http", "https"}) places.push_back(std::string(scheme) + "://" + host + dot);

  findings found;
  for (auto const& f : tree) {
    auto const lines = lines_of(f.text);
    for (std::size_t i = 0; i < lines.size(); ++i)
      for (auto const& text : places)
        if (lines[i].find(text) != std::string::npos) found.push_back(place(f, i + 1) + "holds '" + text + "'");
  }
  return found;
}

/// Building and testing need no Python; only the programs of others that are timed against us may be driven by it.
inline findings check_no_python(source_tree const& tree) {
  findings found;
  for (auto const& f : tree) {
    if (starts_with(f.path, "benchmarks/peers/")) continue;
    auto const lines = lines_of(f.text);
    bool const script = !lines.empty() && starts_with(lines[0], "#!") && lines[0].find("python") != std::string::npos;
    if (script || ends_with(f.path, ".py") || ends_with(f.path, ".ipynb"))
      found.push_back(f.path + ": Python outside benchmarks/peers");
  }
  return found;
}

}  // namespace fsis_test
