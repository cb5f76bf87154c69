// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/io/file.hpp>

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace fsis_test {

/// The files of a zip archive that was made without compression (method 0), by name: the form of the picture
/// collections that tests may find beside the project. Not for archives of strangers.
class stored_zip {
 public:
  explicit stored_zip(std::string const& path) : bytes_(fsis::io::read_file(path, std::uint64_t{1} << 30)) {
    std::size_t end = bytes_.size() < 22 ? 0 : bytes_.size() - 22;
    while (end > 0 && number(end, 4) != 0x06054b50) --end;  // a comment may stand behind the end record
    std::size_t at = number(end + 16, 4);
    for (std::size_t left = number(end + 10, 2); left > 0; --left) {
      if (number(at, 4) != 0x02014b50 || number(at + 10, 2) != 0)
        throw std::runtime_error(path + " is no stored zip");
      std::size_t const size = number(at + 24, 4), name = number(at + 28, 2), local = number(at + 42, 4);
      std::size_t const data = local + 30 + number(local + 26, 2) + number(local + 28, 2);
      files_[std::string(bytes_.begin() + at_(at + 46), bytes_.begin() + at_(at + 46 + name))] = {data, size};
      at += 46 + name + number(at + 30, 2) + number(at + 32, 2);
    }
  }

  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (auto const& f : files_) all.push_back(f.first);
    return all;
  }

  std::vector<std::uint8_t> read(std::string const& name) const {
    auto const& place = files_.at(name);
    return {bytes_.begin() + at_(place.first), bytes_.begin() + at_(place.first + place.second)};
  }

 private:
  static std::ptrdiff_t at_(std::size_t i) { return static_cast<std::ptrdiff_t>(i); }

  std::size_t number(std::size_t at, std::size_t count) const {
    std::size_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value |= static_cast<std::size_t>(bytes_.at(at + i)) << (8 * i);
    return value;
  }

  std::vector<std::uint8_t> bytes_;
  std::map<std::string, std::pair<std::size_t, std::size_t>> files_;
};

}  // namespace fsis_test
