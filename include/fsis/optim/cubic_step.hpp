// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace fsis {
inline namespace v0 {
namespace optim {

/// A step along a line with value and slope there.
struct search_point {
  double step, value, slope;
};

/// Local minimiser of the cubic through a and b with their slopes; NaN where there is none.
/// With d = a' + b' - 3 (f(a) - f(b)) / (a - b) and e = sign(b - a) sqrt(d^2 - a' b') it lies at
/// b - (b - a) (b' + e - d) / (b' - a' + 2 e).
inline double cubic_minimiser(search_point const& a, search_point const& b) {
  double const d = a.slope + b.slope - 3.0 * ((a.value - b.value) / (a.step - b.step));
  double const scale = (std::max)({std::abs(d), std::abs(a.slope), std::abs(b.slope)});
  double const discriminant = (d / scale) * (d / scale) - (a.slope / scale) * (b.slope / scale);
  double const root = scale * std::sqrt(discriminant);  // NaN below zero: no minimiser
  double const e = b.step > a.step ? root : -root;
  return b.step - (b.step - a.step) * ((b.slope + e - d) / (b.slope - a.slope + 2.0 * e));
}

/// Minimiser of the parabola through a and b with the slope at a.
inline double quadratic_minimiser(search_point const& a, search_point const& b) {
  double const chord = (b.value - a.value) / (b.step - a.step);
  return a.step + 0.5 * (b.step - a.step) * (a.slope / (a.slope - chord));
}

/// Where the line through the slopes of a and b is zero.
inline double secant_step(search_point const& a, search_point const& b) {
  return b.step - (b.step - a.step) * (b.slope / (b.slope - a.slope));
}

struct step_range {
  double least, most;
};

enum class interval_end { low, high, here };

/// The interval after one trial: which of the three known points are its ends, and the next trial.
struct interval_step {
  interval_end low, high;
  double step;
  bool bracketed;
};

/// One step of More and Thuente's interval reduction (section 4: four cases by value and slope of the trial).
/// `low` has the least value so far and slopes down towards `here`; `high` counts once `bracketed`. Before that the
/// next trial is taken from `range`.
inline interval_step next_interval(search_point const& low, search_point const& high, search_point const& here,
                                   bool bracketed, step_range range) {
  auto const nearer = [&](double a, double b) { return std::abs(a - here.step) < std::abs(b - here.step) ? a : b; };
  auto const farther = [&](double a, double b) { return std::abs(a - here.step) > std::abs(b - here.step) ? a : b; };
  auto const clamped = [&](double s) { return (std::min)((std::max)(s, range.least), range.most); };
  double const cubic = cubic_minimiser(low, here);
  double const onwards = here.step > low.step ? range.most : range.least;

  if (here.value > low.value) {
    // 1: higher, so a minimiser lies between. The cubic where it stays near the best point, else halfway.
    double const quadratic = quadratic_minimiser(low, here);
    bool const near = std::abs(cubic - low.step) < std::abs(quadratic - low.step);
    return {interval_end::low, interval_end::here, near ? cubic : cubic + 0.5 * (quadratic - cubic), true};
  }
  double const secant = secant_step(low, here);
  if (here.slope * low.slope < 0) {
    // 2: lower, and the slope has turned: between again. The step that goes farther back from the trial.
    return {interval_end::here, interval_end::low, farther(cubic, secant), true};
  }
  interval_end const far = bracketed ? interval_end::high : interval_end::low;
  if (std::abs(here.slope) < std::abs(low.slope)) {
    // 3: lower and flatter. The cubic counts only if its minimiser lies beyond the trial.
    bool const beyond = (cubic - here.step) * (here.step - low.step) > 0 && std::isfinite(cubic);
    double const by_cubic = beyond ? cubic : onwards;
    if (!bracketed) return {interval_end::here, far, clamped(farther(by_cubic, secant)), false};
    double const step = nearer(by_cubic, secant);
    double const limit = here.step + 0.66 * (high.step - here.step);
    double const kept = here.step > low.step ? (std::min)(step, limit) : (std::max)(step, limit);
    return {interval_end::here, far, kept, true};
  }
  // 4: lower and no flatter: on to the far end.
  double const step = bracketed ? cubic_minimiser(high, here) : onwards;
  return {interval_end::here, far, step, bracketed};
}

}  // namespace optim
}  // namespace v0
}  // namespace fsis
