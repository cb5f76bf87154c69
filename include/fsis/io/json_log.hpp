// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>
#include <fsis/io/file.hpp>
#include <fsis/io/text.hpp>

#include <charconv>
#include <cmath>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace io {

/// One `"name": value` of a log line. Numbers are written with the digits that give them back exactly;
/// NaN and infinities, which JSON does not know, become null.
class log_field {
 public:
  log_field(std::string const& name, std::string const& text)
      : json_(json_quoted(name) + ": " + json_quoted(text)) {}
  log_field(std::string const& name, char const* text) : log_field(name, std::string(text)) {}

  template <class Number, class = std::enable_if_t<std::is_arithmetic<Number>::value>>
  log_field(std::string const& name, Number value) : json_(json_quoted(name) + ": " + number(value)) {}

  std::string const& json() const { return json_; }

 private:
  static std::string number(bool value) { return value ? "true" : "false"; }

  template <class Number>
  static std::string number(Number value) {
    if (std::is_floating_point<Number>::value && !std::isfinite(static_cast<double>(value))) return "null";
    char digits[64];
    auto const end = std::to_chars(digits, digits + sizeof digits, value);
    return std::string(digits, end.ptr);
  }

  std::string json_;
};

/// Appends JSON objects, one per line, to a file for a person or a script to follow. Every line reaches
/// the system in one piece; a line that an earlier run left unfinished is closed first.
class json_log {
 public:
  /// Opens or makes the file. Throws `io_error`.
  explicit json_log(std::string path) : path_(std::move(path)) {
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    require<io_error>(descriptor_ >= 0, "log: cannot open '", path_, "': ", errno_text(errno));
    ::off_t const size = ::lseek(descriptor_, 0, SEEK_END);
    char last = '\n';
    if (size > 0 && ::pread(descriptor_, &last, 1, size - 1) == 1 && last != '\n') unfinished_ = true;
  }

  json_log(json_log const&) = delete;
  json_log& operator=(json_log const&) = delete;
  ~json_log() { ::close(descriptor_); }

  /// Appends one line, the fields in the order given. Throws `io_error` when the disk refuses.
  void append(std::vector<log_field> const& fields) {
    std::string line = unfinished_ ? "\n{" : "{";
    for (log_field const& f : fields) line += (&f == fields.data() ? "" : ", ") + f.json();
    line += "}\n";
    std::size_t done = 0;
    while (done < line.size()) {
      ::ssize_t const put = ::write(descriptor_, line.data() + done, line.size() - done);
      if (put < 0 && errno == EINTR) continue;
      unfinished_ = unfinished_ || done > 0;
      require<io_error>(put > 0, "log: cannot append to '", path_,
                        "': ", errno_text(put < 0 ? errno : EIO));
      done += static_cast<std::size_t>(put);
    }
    unfinished_ = false;
  }

 private:
  std::string path_;
  int descriptor_ = -1;
  bool unfinished_ = false;
};

}  // namespace io
}  // namespace v0
}  // namespace fsis
