// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

#include <io/scratch.hpp>

#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

namespace fsis_test {

/// What a program said and returned.
struct outcome {
  int code = -1;
  std::string out, err;
};

inline std::string shell_quoted(std::string const& text) {
  std::string quoted = "'";
  for (char const c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

/// Runs a program to its end.
inline outcome run(std::string const& program, std::vector<std::string> const& arguments) {
  scratch_folder said;
  std::string command = shell_quoted(program);
  for (std::string const& a : arguments) command += " " + shell_quoted(a);
  command += " >" + shell_quoted(said / "out") + " 2>" + shell_quoted(said / "err") + " </dev/null";
  int const status = std::system(command.c_str());
  outcome o;
  o.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  o.out = text_of_file(said / "out");
  o.err = text_of_file(said / "err");
  return o;
}

inline fsis::index_t lines_in(std::string const& text) { return std::count(text.begin(), text.end(), '\n'); }

/// Does a text consist of one line that the program wrote?
inline bool is_one_complaint(std::string const& text, std::string const& program = "fsis") {
  return lines_in(text) == 1 && text.back() == '\n' && text.rfind(program + ": ", 0) == 0 && text.size() > 12;
}

}  // namespace fsis_test
