// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/bench/benchmark.hpp>
#include <fsis/core/math.hpp>

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace bench {
namespace detail {

/// Nine digits: differences of floats are seen.
inline std::string exact_text(double v) {
  char text[40];
  std::snprintf(text, sizeof text, "%.9g", v);
  return text;
}

}  // namespace detail

/// What is wrong with a result, "" when nothing is: "element 7 is 3, wanted 4 within 1e-05 of the largest, 8". Not a
/// number is right nowhere, and a check of nothing is not passed.
inline std::string fault_of(std::vector<float> const& result, expectation const& e) {
  if (e.probes.empty()) return "there is nothing that the result is checked against";
  double largest = 0;
  for (probe const& p : e.probes) largest = hd_max(largest, std::abs(p.wanted));
  for (probe const& p : e.probes) {
    if (p.at < 0 || p.at >= static_cast<index_t>(result.size()))
      return message("the result has ", result.size(), " elements, wanted one at ", p.at);
    double const got = static_cast<double>(result[static_cast<std::size_t>(p.at)]);
    if (!(std::abs(got - p.wanted) <= e.tolerance * largest))
      return message("element ", p.at, " is ", detail::exact_text(got), ", wanted ", detail::exact_text(p.wanted),
                     " within ", detail::exact_text(e.tolerance), " of the largest, ", detail::exact_text(largest));
  }
  return "";
}

}  // namespace bench
}  // namespace v0
}  // namespace fsis
