// SPDX-License-Identifier: MIT
#include "output_files.hpp"

#include <fsis/io/file.hpp>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <memory>

namespace fsis_tool {

void output_files::add(std::string const& path, std::vector<std::uint8_t> bytes) {
  files_.push_back({path, std::move(bytes)});
}

void output_files::write() const {
  std::vector<std::unique_ptr<fsis::io::atomic_file>> open;
  for (file const& f : files_) {
    open.push_back(std::make_unique<fsis::io::atomic_file>(f.path));
    open.back()->append(f.bytes.data(), f.bytes.size());
  }
  for (auto const& f : open) f->commit();
}

bool same_file(std::string const& a, std::string const& b) {
  std::error_code unknown;
  if (std::filesystem::equivalent(a, b, unknown)) return true;
  auto const plain = [&](std::string const& p) {
    auto const full = std::filesystem::weakly_canonical(p, unknown);
    return unknown ? std::filesystem::path(p) : full;
  };
  return plain(a) == plain(b);
}

std::string ending_of(std::string const& path) {
  std::string ending = std::filesystem::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return ending.empty() ? ending : ending.substr(1);
}

void check_ending(std::string const& option, std::string const& path, std::vector<std::string> const& endings) {
  std::string const ending = ending_of(path);
  if (std::find(endings.begin(), endings.end(), ending) != endings.end()) return;
  std::string wanted;
  for (std::string const& e : endings) wanted += (wanted.empty() ? "" : ", ") + e;
  fsis::fail<fsis::value_error>(option, ": '", path, "' ends in '", ending, "', wanted ", wanted);
}

}  // namespace fsis_tool
