// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/math.hpp>
#include <fsis/vision/plane.hpp>

#include <cmath>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace vision {

/// A number that is known at a pixel.
struct known_value {
  index_t y, x;
  double value;
};

/// Wendland's function of smoothness 0 ("Piecewise polynomial, positive definite and compactly supported radial
/// functions of minimal degree", 1995, phi_{3,0}): 1 at the centre, 0 from `radius` pixels on, with a peak that has no
/// round top, so that values of opposite signs at neighbours do not overshoot.
inline double radial_bump(double squared_distance, double radius) {
  double const t = 1 - std::sqrt(squared_distance) / radius;
  return t > 0 ? t * t : 0;
}

namespace detail {

/// Solves A x = b in place of b by Cholesky's factors, in place of A's lower half (n,n).
inline void solve_positive_definite(std::vector<double>& a, std::vector<double>& b) {
  std::size_t const n = b.size();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = a[i * n + j];
      for (std::size_t k = 0; k < j; ++k) sum -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = i == j ? std::sqrt(sum) : sum / a[j * n + j];
    }
    for (std::size_t k = 0; k < i; ++k) b[i] -= a[i * n + k] * b[k];
    b[i] /= a[i * n + i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) b[i] -= a[k * n + i] * b[k];
    b[i] /= a[i * n + i];
  }
}

}  // namespace detail

/// The smallest sum of bumps of a radius with the known values where they are known (smallest in the norm that belongs
/// to the bump, as every interpolation by a positive definite kernel): a map of height x width that is 0 farther than
/// `radius` pixels from all of them. Takes n^3/6 steps for n values, and a bump's pixels for each that is not 0. Throws
/// `value_error` on a radius below 1, a pixel outside the map, a value that is not finite, and two at one pixel.
inline plane<float> radial_interpolation(index_t height, index_t width, std::vector<known_value> const& known,
                                         double radius) {
  require<value_error>(radius >= 1 && std::isfinite(radius), "radial_interpolation: radius ", radius,
                       ", wanted at least 1");
  std::size_t const n = known.size();
  std::vector<double> bumps(n * n), weights(n);
  for (std::size_t i = 0; i < n; ++i) {
    known_value const& a = known[i];
    require<value_error>(a.y >= 0 && a.y < height && a.x >= 0 && a.x < width, "radial_interpolation: value ", i,
                         " at (", a.y, ", ", a.x, ") is outside the map of ", height, "x", width);
    require<value_error>(std::isfinite(a.value), "radial_interpolation: value ", i, " is ", a.value);
    for (std::size_t j = 0; j <= i; ++j) {
      double const dy = static_cast<double>(a.y - known[j].y), dx = static_cast<double>(a.x - known[j].x);
      require<value_error>(i == j || dy != 0 || dx != 0, "radial_interpolation: values ", j, " and ", i,
                           " are both at (", a.y, ", ", a.x, ")");
      bumps[i * n + j] = radial_bump(dy * dy + dx * dx, radius);
    }
    weights[i] = a.value;
  }
  detail::solve_positive_definite(bumps, weights);
  plane<float> out(height, width);
  index_t const reach = static_cast<index_t>(hd_min(std::ceil(radius), static_cast<double>(height + width)));
  for (std::size_t i = 0; i < n; ++i) {
    if (weights[i] == 0) continue;
    known_value const& a = known[i];
    for (index_t y = hd_max(a.y - reach, index_t{0}); y <= hd_min(a.y + reach, height - 1); ++y)
      for (index_t x = hd_max(a.x - reach, index_t{0}); x <= hd_min(a.x + reach, width - 1); ++x) {
        double const dy = static_cast<double>(y - a.y), dx = static_cast<double>(x - a.x);
        out(y, x) += static_cast<float>(weights[i] * radial_bump(dy * dy + dx * dx, radius));
      }
  }
  return out;
}

}  // namespace vision
}  // namespace v0
}  // namespace fsis
