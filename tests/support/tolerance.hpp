// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>

namespace fsis_test {

/// |a - b| <= absolute + relative * max(|a|, |b|), for numbers of type T that are of the order of one and went
/// through a sum of some thousand terms. A test that needs more says so and why.
template <class T>
struct tolerance;

template <>
struct tolerance<float> {
  // 2^-24 per rounding; blocked sums of a few thousand terms lose a factor of about thirty on top
  static constexpr double relative = 4e-6;
  // results near zero are differences of terms of the order of one
  static constexpr double absolute = 4e-6;
};

template <>
struct tolerance<double> {
  // 2^-53 per rounding, and the same factor with room to spare
  static constexpr double relative = 1e-13;
  static constexpr double absolute = 1e-13;
};

/// Golden numbers are printed with eight decimals or fewer, systems.md section 17: 1e-6.
constexpr double golden = 1e-6;

/// What `tolerance<T>` allows between a and b.
template <class T>
double allowed(double a, double b) {
  return tolerance<T>::absolute + tolerance<T>::relative * std::max(std::abs(a), std::abs(b));
}

}  // namespace fsis_test
