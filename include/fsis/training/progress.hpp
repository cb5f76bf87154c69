// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>

namespace fsis {
inline namespace v0 {
namespace training {

/// "1:02:03" or "2:03" for a number of seconds.
inline std::string clock_text(double seconds) {
  long const s = seconds > 0 && seconds < 1e9 ? static_cast<long>(seconds + 0.5) : 0;
  char text[48];
  if (s >= 3600)
    std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
  else
    std::snprintf(text, sizeof text, "%ld:%02ld", s / 60, s % 60);
  return text;
}

/// A line that says how far a long loop is, how fast it goes and when it will be done. Writes through a callback at
/// most once per `interval` seconds, so that a log stays readable.
class progress_bar {
 public:
  using writer = std::function<void(std::string const&)>;

  /// `first` is where a resumed loop starts. The default writer draws over one line of the terminal's error stream.
  progress_bar(index_t first, index_t total, writer write = to_terminal(), double interval = 0.5)
      : first_(first), total_(total), write_(std::move(write)), interval_(interval), start_(clock::now()) {}

  static writer to_terminal() {
    return [](std::string const& line) { std::fprintf(stderr, "\r%s\x1b[K", line.c_str()); };
  }
  /// One line per report, for logs.
  static writer to_lines() {
    return [](std::string const& line) { std::fprintf(stderr, "%s\n", line.c_str()); };
  }

  /// Says that `done` of the total are done; `note` (a loss, say) stands at the end.
  void at(index_t done, std::string const& note = "") {
    double const seconds = std::chrono::duration<double>(clock::now() - start_).count();
    bool const last = done >= total_;
    if (!last && seconds - reported_ < interval_) return;
    reported_ = seconds;
    write_(line(done, seconds, note));
  }

  /// The text for a state; public so that it can be tested.
  std::string line(index_t done, double seconds, std::string const& note) const {
    constexpr int width = 24;
    double const part = total_ > 0 ? static_cast<double>(done) / static_cast<double>(total_) : 1.0;
    int const full = static_cast<int>(part * width);
    std::string bar(static_cast<std::size_t>(full < width ? full : width), '#');
    bar.resize(width, '.');
    index_t const here = done - first_;
    double const rate = seconds > 0 ? static_cast<double>(here) / seconds : 0.0;
    std::string const eta =
        rate > 0 ? "ETA " + clock_text(static_cast<double>(total_ - done) / rate) : std::string("ETA --");
    char numbers[96];
    std::snprintf(numbers, sizeof numbers, "%lld/%lld  %.2f/s  ", static_cast<long long>(done),
                  static_cast<long long>(total_), rate);
    return "[" + bar + "] " + numbers + clock_text(seconds) + "  " + eta + (note.empty() ? "" : "  " + note);
  }

 private:
  using clock = std::chrono::steady_clock;
  index_t first_, total_;
  writer write_;
  double interval_, reported_ = -1e9;
  clock::time_point start_;
};

}  // namespace training
}  // namespace v0
}  // namespace fsis
