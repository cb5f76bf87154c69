// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace bench {

/// Rows of words under headings, columns lined up: the first ones to the left, numbers to the right. A row that is
/// shorter than the headings ends with a remark, which may run on under those behind.
class text_table {
 public:
  /// The first `left` columns stand to the left.
  text_table(std::vector<std::string> headings, std::size_t left) : rows_{std::move(headings)}, left_(left) {}

  /// At least one word.
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  std::string text() const {
    std::vector<std::size_t> width(rows_[0].size(), 0);
    for (auto const& row : rows_) {
      std::size_t const cells = row.size() < width.size() ? row.size() - 1 : width.size();
      for (std::size_t i = 0; i < cells; ++i) width[i] = (std::max)(width[i], row[i].size());
    }
    std::string out;
    for (auto const& row : rows_) {
      std::string line;
      for (std::size_t i = 0; i < row.size() && i < width.size(); ++i) {
        std::string const blanks(width[i] - (std::min)(width[i], row[i].size()), ' ');
        line += (i > 0 ? "  " : "") + (i < left_ ? row[i] + blanks : blanks + row[i]);
      }
      line.erase(line.find_last_not_of(' ') + 1);
      out += line + '\n';
    }
    return out;
  }

 private:
  std::vector<std::vector<std::string>> rows_;
  std::size_t left_;
};

/// A number with so many digits behind the point.
inline std::string fixed_text(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

/// A time with a unit that suits it: "3.42 ms".
inline std::string time_text(double seconds) {
  if (seconds < 1e-6) return fixed_text(seconds * 1e9, 1) + " ns";
  if (seconds < 1e-3) return fixed_text(seconds * 1e6, 2) + " us";
  if (seconds < 1) return fixed_text(seconds * 1e3, 2) + " ms";
  return fixed_text(seconds, 3) + " s";
}

/// Bytes with a unit that suits them: "12.0 MiB".
inline std::string bytes_text(double bytes) {
  static constexpr char const* units[] = {" B", " KiB", " MiB", " GiB", " TiB"};
  int unit = 0;
  for (; bytes >= 1024 && unit < 4; ++unit) bytes /= 1024;
  return fixed_text(bytes, unit == 0 ? 0 : 1) + units[unit];
}

}  // namespace bench
}  // namespace v0
}  // namespace fsis
