// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace fsis {
inline namespace v0 {
namespace interactive {

/// Milliseconds of one step after the other.
class stopwatch {
 public:
  using clock = std::chrono::steady_clock;

  /// Since the last call, or since the start.
  double lap() {
    auto const now = clock::now();
    double const ms = std::chrono::duration<double, std::milli>(now - last_).count();
    last_ = now;
    return ms;
  }

  double total() const { return std::chrono::duration<double, std::milli>(clock::now() - start_).count(); }
  clock::time_point start() const { return start_; }

 private:
  clock::time_point start_ = clock::now(), last_ = start_;
};

}  // namespace interactive
}  // namespace v0
}  // namespace fsis
