// SPDX-License-Identifier: MIT
#pragma once

#include <support/catch.hpp>

#include <cmath>
#include <cstdio>
#include <string>

namespace fsis_test {

/// |a - b| <= tolerance, false for NaN. The message shows both numbers with all digits.
struct near_result {
  bool ok;
  std::string text;
};

inline near_result is_near(double a, double b, double tolerance) {
  char line[128];
  std::snprintf(line, sizeof line, "%.17g vs %.17g, |difference| %.3g, allowed %.3g", a, b, std::abs(a - b),
                tolerance);
  return {std::abs(a - b) <= tolerance, line};
}

}  // namespace fsis_test

#define CHECK_NEAR(a, b, tolerance)                                                           \
  do {                                                                                        \
    auto const near_ = ::fsis_test::is_near(static_cast<double>(a), static_cast<double>(b),   \
                                            static_cast<double>(tolerance));                  \
    INFO(#a " near " #b ": " << near_.text);                                                  \
    CHECK(near_.ok);                                                                          \
  } while (false)
