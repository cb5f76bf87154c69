// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/lanes.hpp>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

// Winograd's algorithm F(t x t, 3x3): t x t results of a 3x3 filter from (t + 2)^2 products instead of 9 t^2 (Lavin and
// Gray, "Fast algorithms for convolutional neural networks", CVPR 2016): y = A' [(G f G') * (B' x B)] A, with B' x B the
// tile's polynomial products at t + 2 points, one of them infinity. Along one axis each matrix is a function here, from
// numbers side by side to every `out_step`-th place.

/// What points +p and -p make of the even and the odd half of a sum.
template <class V>
[[gnu::always_inline]] inline void plus_and_minus(V const& even, V const& odd, V* out, int out_step) {
  out[0] = even + odd;
  out[out_step] = even - odd;
}

/// F(4x4,3x3) at 0, a, -a, b, -b and infinity with a = sqrt(1/2) and b = sqrt(2) = 1/a: their powers stay nearer 1 than
/// those of 1 and 2, which the paper takes, and so do the factors by which rounding grows.
///
///     B' = 1    0   -5/2    0    1  0     G =  1     0     0       A' = 1  1   1    1   1   0
///          0   -2a   -2     a    1  0         -2/3 -2a/3 -1/3           0  a  -a    b  -b   0
///          0    2a   -2    -a    1  0         -2/3  2a/3 -1/3           0 1/2 1/2   2   2   0
///          0  -b/2  -1/2    b    1  0          1/6   b/6  1/3           0 a^3 -a^3 b^3 -b^3 1
///          0   b/2  -1/2   -b    1  0          1/6  -b/6  1/3
///          0    1    0    -5/2   0  1          0     0     1
struct winograd_4 {
  static constexpr int tile = 4;   // results per side
  static constexpr int reach = 6;  // inputs per side, and points
  static constexpr float a = 0.70710678118654752f, b = 1.41421356237309505f, a3 = 0.5f * a, b3 = 2.0f * b;

  /// B' d
  template <class V>
  [[gnu::always_inline]] static void input_points(V const* d, V* out, int out_step) {
    V const even_a = d[4] - 2.0f * d[2], odd_a = a * (d[3] - 2.0f * d[1]);
    V const even_b = d[4] - 0.5f * d[2], odd_b = b * (d[3] - 0.5f * d[1]);
    out[0] = d[0] + (d[4] - 2.5f * d[2]);
    plus_and_minus(even_a, odd_a, out + out_step, out_step);
    plus_and_minus(even_b, odd_b, out + 3 * out_step, out_step);
    out[5 * out_step] = d[1] + (d[5] - 2.5f * d[3]);
  }

  /// G f
  template <class V>
  [[gnu::always_inline]] static void filter_points(V const& f0, V const& f1, V const& f2, V* out, int out_step) {
    V const even_a = (-2.0f / 3) * f0 - (1.0f / 3) * f2, odd_a = (-2.0f / 3 * a) * f1;
    V const even_b = (1.0f / 6) * f0 + (1.0f / 3) * f2, odd_b = (1.0f / 6 * b) * f1;
    out[0] = f0;
    plus_and_minus(even_a, odd_a, out + out_step, out_step);
    plus_and_minus(even_b, odd_b, out + 3 * out_step, out_step);
    out[5 * out_step] = f2;
  }

  /// A' m
  template <class V>
  [[gnu::always_inline]] static void results(V const* m, V* out, int out_step) {
    V const sum_a = m[1] + m[2], difference_a = m[1] - m[2];
    V const sum_b = m[3] + m[4], difference_b = m[3] - m[4];
    out[0] = m[0] + sum_a + sum_b;
    out[out_step] = a * difference_a + b * difference_b;
    out[2 * out_step] = 0.5f * sum_a + 2.0f * sum_b;
    out[3 * out_step] = m[5] + (a3 * difference_a + b3 * difference_b);
  }

  /// A y: the adjoint of `results`.
  template <class V>
  [[gnu::always_inline]] static void points_of_results(V const* y, V* out, int out_step) {
    V const even_a = y[0] + 0.5f * y[2], odd_a = a * y[1] + a3 * y[3];
    V const even_b = y[0] + 2.0f * y[2], odd_b = b * y[1] + b3 * y[3];
    out[0] = y[0];
    plus_and_minus(even_a, odd_a, out + out_step, out_step);
    plus_and_minus(even_b, odd_b, out + 3 * out_step, out_step);
    out[5 * out_step] = y[3];
  }

  /// G' m: the adjoint of `filter_points`.
  template <class V>
  [[gnu::always_inline]] static void filter_of_points(V const* m, V* out, int out_step) {
    V const sum_a = m[1] + m[2], sum_b = m[3] + m[4];
    V const odd = (-2.0f / 3 * a) * (m[1] - m[2]) + (1.0f / 6 * b) * (m[3] - m[4]);
    V const even = (-1.0f / 3) * sum_a + (1.0f / 3) * sum_b + m[5];
    out[0] = m[0] + ((-2.0f / 3) * sum_a + (1.0f / 6) * sum_b);
    out[out_step] = odd;
    out[2 * out_step] = even;
  }
};

/// F(6x6,3x3) at 0, 1, -1, 1/2, -1/2, 2, -2 and infinity: of the points p and 1/p beside 1, those with the least error.
///
///     B' = 1    0   -21/4    0    21/4    0   -1  0     G =   1     0     0      A' = 1 1  1   1     1   1   1  0
///          0    1     1   -17/4  -17/4    1    1  0         -2/9  -2/9  -2/9          0 1 -1  1/2  -1/2  2  -2  0
///          0   -1     1    17/4  -17/4   -1    1  0         -2/9   2/9  -2/9          0 1  1  1/4   1/4  4   4  0
///          0    2     4   -5/2    -5     1/2   1  0         32/45 16/45  8/45         0 1 -1  1/8  -1/8  8  -8  0
///          0   -2     4    5/2    -5    -1/2   1  0         32/45 -16/45 8/45         0 1  1  1/16 1/16 16  16  0
///          0   1/2   1/4  -5/2   -5/4    2     1  0          1/90  1/45  2/45         0 1 -1  1/32 -1/32 32 -32 1
///          0  -1/2   1/4   5/2   -5/4   -2     1  0          1/90 -1/45  2/45
///          0   -1     0    21/4    0   -21/4   0  1           0     0     1
struct winograd_6 {
  static constexpr int tile = 6;
  static constexpr int reach = 8;

  template <class V>
  [[gnu::always_inline]] static void input_points(V const* d, V* out, int out_step) {
    out[0] = (d[0] - d[6]) + 5.25f * (d[4] - d[2]);
    out[7 * out_step] = (d[7] - d[1]) + 5.25f * (d[3] - d[5]);
    V const even_1 = (d[2] + d[6]) - 4.25f * d[4], odd_1 = (d[1] + d[5]) - 4.25f * d[3];
    plus_and_minus(even_1, odd_1, out + out_step, out_step);
    V const even_half = d[6] + 4.0f * (d[2] - 1.25f * d[4]), odd_half = 2.0f * d[1] + (0.5f * d[5] - 2.5f * d[3]);
    plus_and_minus(even_half, odd_half, out + 3 * out_step, out_step);
    V const even_2 = d[6] + (0.25f * d[2] - 1.25f * d[4]), odd_2 = 2.0f * d[5] + (0.5f * d[1] - 2.5f * d[3]);
    plus_and_minus(even_2, odd_2, out + 5 * out_step, out_step);
  }

  template <class V>
  [[gnu::always_inline]] static void filter_points(V const& f0, V const& f1, V const& f2, V* out, int out_step) {
    V const even_1 = (-2.0f / 9) * (f0 + f2), odd_1 = (-2.0f / 9) * f1;
    V const even_half = (32.0f / 45) * f0 + (8.0f / 45) * f2, odd_half = (16.0f / 45) * f1;
    V const even_2 = (1.0f / 90) * f0 + (2.0f / 45) * f2, odd_2 = (1.0f / 45) * f1;
    out[0] = f0;
    plus_and_minus(even_1, odd_1, out + out_step, out_step);
    plus_and_minus(even_half, odd_half, out + 3 * out_step, out_step);
    plus_and_minus(even_2, odd_2, out + 5 * out_step, out_step);
    out[7 * out_step] = f2;
  }

  template <class V>
  [[gnu::always_inline]] static void results(V const* m, V* out, int out_step) {
    V const sum_1 = m[1] + m[2], difference_1 = m[1] - m[2];
    V const sum_half = m[3] + m[4], difference_half = m[3] - m[4];
    V const sum_2 = m[5] + m[6], difference_2 = m[5] - m[6];
    out[0] = (m[0] + sum_1) + (sum_half + sum_2);
    out[out_step] = difference_1 + (0.5f * difference_half + 2.0f * difference_2);
    out[2 * out_step] = sum_1 + (0.25f * sum_half + 4.0f * sum_2);
    out[3 * out_step] = difference_1 + (0.125f * difference_half + 8.0f * difference_2);
    out[4 * out_step] = sum_1 + (0.0625f * sum_half + 16.0f * sum_2);
    out[5 * out_step] = (m[7] + difference_1) + (0.03125f * difference_half + 32.0f * difference_2);
  }

  template <class V>
  [[gnu::always_inline]] static void points_of_results(V const* y, V* out, int out_step) {
    V const even_1 = y[0] + y[2] + y[4], odd_1 = y[1] + y[3] + y[5];
    V const even_half = y[0] + (0.25f * y[2] + 0.0625f * y[4]);
    V const odd_half = 0.5f * y[1] + (0.125f * y[3] + 0.03125f * y[5]);
    V const even_2 = y[0] + (4.0f * y[2] + 16.0f * y[4]), odd_2 = 2.0f * y[1] + (8.0f * y[3] + 32.0f * y[5]);
    out[0] = y[0];
    plus_and_minus(even_1, odd_1, out + out_step, out_step);
    plus_and_minus(even_half, odd_half, out + 3 * out_step, out_step);
    plus_and_minus(even_2, odd_2, out + 5 * out_step, out_step);
    out[7 * out_step] = y[5];
  }

  template <class V>
  [[gnu::always_inline]] static void filter_of_points(V const* m, V* out, int out_step) {
    V const sum_1 = (-2.0f / 9) * (m[1] + m[2]), sum_half = m[3] + m[4], sum_2 = m[5] + m[6];
    out[0] = (m[0] + sum_1) + ((32.0f / 45) * sum_half + (1.0f / 90) * sum_2);
    out[out_step] = (-2.0f / 9) * (m[1] - m[2]) + ((16.0f / 45) * (m[3] - m[4]) + (1.0f / 45) * (m[5] - m[6]));
    out[2 * out_step] = (m[7] + sum_1) + ((8.0f / 45) * sum_half + (2.0f / 45) * sum_2);
  }
};

}  // namespace detail
}  // namespace backend
}  // namespace v0
}  // namespace fsis
