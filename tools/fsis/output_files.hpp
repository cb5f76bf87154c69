// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fsis_tool {

/// Files that a run leaves behind, all of them or none: nothing is on the disk before `write`.
class output_files {
 public:
  /// A file to write later.
  void add(std::string const& path, std::vector<std::uint8_t> bytes);

  /// Writes all. Every byte of every file is on the disk before the first file gets its name. Throws `io_error`.
  void write() const;

 private:
  struct file {
    std::string path;
    std::vector<std::uint8_t> bytes;
  };
  std::vector<file> files_;
};

/// Do two paths lead to the same file, there or not?
bool same_file(std::string const& a, std::string const& b);

/// "png" of "a/b.PNG", "" of a name without a dot.
std::string ending_of(std::string const& path);

/// Throws `value_error` unless the name ends in one of `endings`: in lower case, without dots.
void check_ending(std::string const& option, std::string const& path, std::vector<std::string> const& endings);

}  // namespace fsis_tool
