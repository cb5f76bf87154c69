// SPDX-License-Identifier: MIT
#pragma once

#include <support/mgh/data_fits.hpp>
#include <support/mgh/expectations.hpp>
#include <support/mgh/few_variables.hpp>
#include <support/mgh/many_variables.hpp>

namespace fsis_test {
namespace mgh {

/// `f(k)` for k = 1 ... n.
template <class F>
point points(int n, F f) {
  point x;
  for (int k = 1; k <= n; ++k) x.push_back(f(k));
  return x;
}

/// The 35 problems in the paper's order and with its sizes, Watson and Chebyquad in two sizes each.
inline std::vector<problem> problems() {
  auto const all = [](int n, double value) { return point(static_cast<std::size_t>(n), value); };
  auto const between = [](int k) { return k / 11.0 * (k / 11.0 - 1); };
  auto const pairs = [](int k) { return k % 2 == 1 ? -1.2 : 1.0; };
  auto const fours = [](int k) { return point{1, 3, -1, 0}[static_cast<std::size_t>(k % 4)]; };
  return {
      {"Rosenbrock", 2, {-1.2, 1}, rosenbrock},
      {"Freudenstein and Roth", 2, {0.5, -2}, freudenstein_roth},
      {"Powell badly scaled", 2, {0, 1}, powell_badly_scaled},
      {"Brown badly scaled", 3, {1, 1}, brown_badly_scaled},
      {"Beale", 3, {1, 1}, beale},
      {"Jennrich and Sampson", 10, {0.3, 0.4}, jennrich_sampson},
      {"Helical valley", 3, {-1, 0, 0}, helical_valley},
      {"Bard", 15, {1, 1, 1}, bard},
      {"Gaussian", 15, {0.4, 1, 0}, gaussian},
      {"Meyer", 16, {0.02, 4000, 250}, meyer},
      {"Gulf research and development", 99, {5, 2.5, 0.15}, gulf},
      {"Box three-dimensional", 10, {0, 10, 20}, box_three_dimensional},
      {"Powell singular", 4, {3, -1, 0, 1}, powell_singular},
      {"Wood", 6, {-3, -1, -3, -1}, wood},
      {"Kowalik and Osborne", 11, {0.25, 0.39, 0.415, 0.39}, kowalik_osborne},
      {"Brown and Dennis", 20, {25, 5, -5, -1}, brown_dennis},
      {"Osborne 1", 33, {0.5, 1.5, -1, 0.01, 0.02}, osborne_1},
      {"Biggs EXP6", 13, {1, 2, 1, 1, 1, 1}, biggs_exp6},
      {"Osborne 2", 65, {1.3, 0.65, 0.65, 0.7, 0.6, 3, 5, 7, 2, 4.5, 5.5}, osborne_2},
      {"Watson, n = 6", 31, all(6, 0), watson},
      {"Watson, n = 9", 31, all(9, 0), watson},
      {"Extended Rosenbrock", 20, points(20, pairs), extended_rosenbrock},
      {"Extended Powell singular", 20, points(20, fours), powell_singular},
      {"Penalty I", 11, points(10, [](int k) { return double(k); }), penalty_1},
      {"Penalty II", 20, all(10, 0.5), penalty_2},
      {"Variably dimensioned", 12, points(10, [](int k) { return 1 - k / 10.0; }), variably_dimensioned},
      {"Trigonometric", 10, all(10, 0.1), trigonometric},
      {"Brown almost-linear", 10, all(10, 0.5), brown_almost_linear},
      {"Discrete boundary value", 10, points(10, between), discrete_boundary_value},
      {"Discrete integral equation", 10, points(10, between), discrete_integral_equation},
      {"Broyden tridiagonal", 10, all(10, -1), broyden_tridiagonal},
      {"Broyden banded", 10, all(10, -1), broyden_banded},
      {"Linear, full rank", 20, all(10, 1), linear_full_rank},
      {"Linear, rank 1", 20, all(10, 1), linear_rank_1},
      {"Linear, rank 1, with zeros", 20, all(10, 1), linear_rank_1_zeros},
      {"Chebyquad, n = 8", 8, points(8, [](int k) { return k / 9.0; }), chebyquad},
      {"Chebyquad, n = 9", 9, points(9, [](int k) { return k / 10.0; }), chebyquad},
  };
}

}  // namespace mgh
}  // namespace fsis_test
