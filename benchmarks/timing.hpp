// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

namespace fsis_bench {

/// Milliseconds of one call.
inline double milliseconds(std::function<void()> const& work) {
  auto const start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

/// Middle and spread of repeated measurements.
struct summary {
  double median = 0, least = 0, most = 0;
};

inline summary summary_of(std::vector<double> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  return {values[values.size() / 2], values.front(), values.back()};
}

/// Times contenders in turn, round after round: what slows the machine for a while slows them all. One round before
/// the first is not counted.
inline std::vector<summary> compare(int rounds, std::vector<std::function<void()>> const& contenders) {
  std::vector<std::vector<double>> times(contenders.size());
  for (int round = -1; round < rounds; ++round)
    for (std::size_t i = 0; i < contenders.size(); ++i) {
      double const t = milliseconds(contenders[i]);
      if (round >= 0) times[i].push_back(t);
    }
  std::vector<summary> out;
  for (auto const& t : times) out.push_back(summary_of(t));
  return out;
}

}  // namespace fsis_bench
