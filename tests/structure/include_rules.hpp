// SPDX-License-Identifier: MIT
#pragma once

#include <structure/rule.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace fsis_test {

/// The floors of the library: a file may include any lower floor and its own folder. Folders on the same floor do
/// not see each other.
inline std::map<std::string, int> const& floors() {
  static std::map<std::string, int> const table = {
      {"core", 0}, {"device", 1},   {"tensor", 2}, {"kernels", 3},      {"backend", 4},
      {"ops", 5},  {"autograd", 6}, {"nn", 7},     {"optim", 7},        {"vision", 8},
      {"io", 8},   {"bench", 9},    {"model", 9},  {"interactive", 10}, {"training", 11},
      {"systems", 12}};
  return table;
}

/// "core" for "fsis/core/view.hpp", "" for an umbrella such as "fsis/tensor.hpp".
inline std::string folder_of(std::string const& header) {
  std::size_t const begin = std::string("fsis/").size(), end = header.find('/', begin);
  return end == std::string::npos ? "" : header.substr(begin, end - begin);
}

/// Includes go down the floors or stay in their folder; kernels include core alone; only umbrellas include umbrellas.
inline findings check_include_direction(source_tree const& tree) {
  findings found;
  std::set<std::string> headers;
  for (auto const& f : tree)
    if (in_library(f)) headers.insert(f.path.substr(std::string("include/").size()));

  for (auto const& f : tree) {
    if (!in_library(f)) continue;
    std::string const from = folder_of(f.path.substr(std::string("include/").size()));
    if (!from.empty() && floors().count(from) == 0) {
      found.push_back(f.path + ": folder '" + from + "' is no floor of the library");
      continue;
    }
    for (auto const& i : inclusions_of(f.text)) {
      if (!starts_with(i.target, "fsis/")) continue;
      std::string const to = folder_of(i.target);
      if (headers.count(i.target) == 0) {
        found.push_back(place(f, i.line) + "<" + i.target + "> does not exist");
      } else if (from.empty() || from == to) {
        continue;
      } else if (to.empty()) {
        found.push_back(place(f, i.line) + "includes the umbrella <" + i.target + ">, wanted the exact headers");
      } else if (floors().count(to) == 0 || floors().at(to) >= floors().at(from)) {
        found.push_back(place(f, i.line) + from + " (floor " + std::to_string(floors().at(from)) + ") includes <" +
                        i.target + ">, which is not below it");
      } else if (from == "kernels" && to != "core") {
        found.push_back(place(f, i.line) + "kernels include core only, here <" + i.target + ">");
      }
    }
  }
  return found;
}

/// The library is included by full path in angle brackets, and a .hpp never includes a .cuh.
inline findings check_include_form(source_tree const& tree) {
  findings found;
  for (auto const& f : tree) {
    if (!is_cpp(f.path)) continue;
    for (auto const& i : inclusions_of(f.text)) {
      if (i.target.find("../") != std::string::npos)
        found.push_back(place(f, i.line) + "relative include of " + i.target);
      if (in_library(f) && i.in_quotes)
        found.push_back(place(f, i.line) + "include of \"" + i.target + "\" in quotes, wanted <fsis/...>");
      if (in_library(f) && ends_with(f.path, ".hpp") && ends_with(i.target, ".cuh"))
        found.push_back(place(f, i.line) + "a .hpp, for any compiler, includes <" + i.target + ">, which needs nvcc");
    }
  }
  return found;
}

/// Each library of somebody else is known in one place: Eigen under backend/cpu/, cuDNN in one file under
/// backend/cuda/, JSON in io/, picture formats in their files of io/.
inline findings check_third_party(source_tree const& tree) {
  findings found;
  std::set<std::string> dnn_files;
  for (auto const& f : tree) {
    bool const example = starts_with(f.path, "examples/");
    if (!in_library(f) && !example) continue;
    for (auto const& i : inclusions_of(f.text)) {
      auto const allow = [&](bool is_it, std::string const& folder) {
        if (is_it && !starts_with(f.path, "include/fsis/" + folder))
          found.push_back(place(f, i.line) + "<" + i.target + "> belongs to include/fsis/" + folder);
      };
      allow(starts_with(i.target, "Eigen/") || starts_with(i.target, "unsupported/Eigen"), "backend/cpu/");
      allow(starts_with(i.target, "nlohmann/"), "io/");
      allow(i.target == "png.h" || i.target == "jpeglib.h" || i.target == "jerror.h", "io/");
      allow(starts_with(i.target, "cudnn") || starts_with(i.target, "cublas"), "backend/cuda/");
      if (starts_with(i.target, "cudnn")) dnn_files.insert(f.path);
    }
    if (in_library(f) && !starts_with(f.path, "include/fsis/backend/cpu/"))
      for (std::size_t line : lines_with_word(without_comments(f.text), "Eigen"))
        if (lines_of(f.text)[line - 1].find("#include") == std::string::npos)
          found.push_back(place(f, line) + "an Eigen type outside backend/cpu");
  }
  if (dnn_files.size() > 1)
    for (auto const& path : dnn_files)
      found.push_back(path + ": one of several files that include cuDNN, wanted one");
  return found;
}

/// A test of a floor includes the exact headers it tests: an umbrella costs every test the whole library.
inline findings check_tests_include_exact_headers(source_tree const& tree) {
  findings found;
  for (auto const& f : tree) {
    if (!starts_with(f.path, "tests/") || !ends_with(f.path, "_test.cpp")) continue;
    std::string const folder = f.path.substr(6, f.path.find('/', 6) - 6);
    if (floors().count(folder) == 0) continue;
    for (auto const& i : inclusions_of(f.text))
      if (starts_with(i.target, "fsis/") && folder_of(i.target).empty())
        found.push_back(place(f, i.line) + "a test includes the umbrella <" + i.target +
                        ">, wanted the exact headers");
  }
  return found;
}

}  // namespace fsis_test
