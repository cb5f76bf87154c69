// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace bench {

/// The number below which the share `q` of sorted values lies, between two neighbours by a straight line: the median of
/// {1, 2} is 1.5. Throws `value_error` without values or with q outside [0, 1].
inline double quantile(std::vector<double> const& sorted, double q) {
  require<value_error>(!sorted.empty() && q >= 0 && q <= 1, "quantile: ", q, " of ", sorted.size(),
                       " values, wanted 0 to 1 of at least one");
  double const at = q * static_cast<double>(sorted.size() - 1);
  auto const below = static_cast<std::size_t>(at);
  if (below + 1 >= sorted.size()) return sorted.back();
  double const share = at - static_cast<double>(below);
  return sorted[below] + share * (sorted[below + 1] - sorted[below]);
}

/// What a list of samples says, in their unit.
struct summary {
  index_t count = 0;
  double mean = 0, median = 0, min = 0, max = 0;
  double q1 = 0, q3 = 0;  ///< a quarter of the samples lies below q1, a quarter above q3
  double stdev = 0;       ///< by count - 1; 0 for one sample

  /// The length that the middle half of the samples spans.
  double iqr() const { return q3 - q1; }

  friend bool operator==(summary const& a, summary const& b) {
    return a.count == b.count && a.mean == b.mean && a.median == b.median && a.min == b.min && a.max == b.max &&
           a.q1 == b.q1 && a.q3 == b.q3 && a.stdev == b.stdev;
  }
};

/// Throws `value_error` without samples.
inline summary summary_of(std::vector<double> samples) {
  require<value_error>(!samples.empty(), "summary: no samples, wanted at least one");
  std::sort(samples.begin(), samples.end());
  double const n = static_cast<double>(samples.size());
  summary s;
  s.count = static_cast<index_t>(samples.size());
  for (double v : samples) s.mean += v / n;
  s.median = quantile(samples, 0.5);
  s.q1 = quantile(samples, 0.25);
  s.q3 = quantile(samples, 0.75);
  s.min = samples.front();
  s.max = samples.back();
  double squares = 0;
  for (double v : samples) squares += (v - s.mean) * (v - s.mean);
  if (samples.size() > 1) s.stdev = std::sqrt(squares / (n - 1));
  return s;
}

/// How much slower one is than another that took turns with it.
struct ratio {
  double of_medians = 1;   ///< above 1: slower
  double q1 = 1, q3 = 1;   ///< quartiles of the ratios of samples taken in the same round

  friend bool operator==(ratio const& a, ratio const& b) {
    return a.of_medians == b.of_medians && a.q1 == b.q1 && a.q3 == b.q3;
  }
};

/// `samples` over `base`, round by round. Throws `value_error` unless both have the same number, at least one, and all
/// are above 0.
inline ratio ratio_of(std::vector<double> const& samples, std::vector<double> const& base) {
  require<value_error>(samples.size() == base.size(), "ratio: ", samples.size(), " samples over ", base.size(),
                       ", wanted as many");
  std::vector<double> ratios;
  for (std::size_t i = 0; i < base.size(); ++i) {
    require<value_error>(samples[i] > 0 && base[i] > 0, "ratio: samples ", samples[i], " and ", base[i],
                         ", wanted above 0");
    ratios.push_back(samples[i] / base[i]);
  }
  double const of_medians = summary_of(samples).median / summary_of(base).median;
  std::sort(ratios.begin(), ratios.end());
  return {of_medians, quantile(ratios, 0.25), quantile(ratios, 0.75)};
}

}  // namespace bench
}  // namespace v0
}  // namespace fsis
