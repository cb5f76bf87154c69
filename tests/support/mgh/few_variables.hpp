// SPDX-License-Identifier: MIT
#pragma once

#include <support/mgh/problem.hpp>

namespace fsis_test {
namespace mgh {

inline void rosenbrock(double const* x, residuals& out) {
  out.value(0) = 10 * (x[1] - x[0] * x[0]);
  out.slope(0, 0) = -20 * x[0];
  out.slope(0, 1) = 10;
  out.value(1) = 1 - x[0];
  out.slope(1, 0) = -1;
}

inline void freudenstein_roth(double const* x, residuals& out) {
  out.value(0) = -13 + x[0] + ((5 - x[1]) * x[1] - 2) * x[1];
  out.slope(0, 0) = 1;
  out.slope(0, 1) = (10 - 3 * x[1]) * x[1] - 2;
  out.value(1) = -29 + x[0] + ((x[1] + 1) * x[1] - 14) * x[1];
  out.slope(1, 0) = 1;
  out.slope(1, 1) = (3 * x[1] + 2) * x[1] - 14;
}

inline void powell_badly_scaled(double const* x, residuals& out) {
  out.value(0) = 1e4 * x[0] * x[1] - 1;
  out.slope(0, 0) = 1e4 * x[1];
  out.slope(0, 1) = 1e4 * x[0];
  out.value(1) = std::exp(-x[0]) + std::exp(-x[1]) - 1.0001;
  out.slope(1, 0) = -std::exp(-x[0]);
  out.slope(1, 1) = -std::exp(-x[1]);
}

inline void brown_badly_scaled(double const* x, residuals& out) {
  out.value(0) = x[0] - 1e6;
  out.slope(0, 0) = 1;
  out.value(1) = x[1] - 2e-6;
  out.slope(1, 1) = 1;
  out.value(2) = x[0] * x[1] - 2;
  out.slope(2, 0) = x[1];
  out.slope(2, 1) = x[0];
}

inline void beale(double const* x, residuals& out) {
  double const y[] = {1.5, 2.25, 2.625};
  double power = 1;  // x2^i
  for (int i = 0; i < 3; ++i) {
    out.slope(i, 1) = x[0] * (i + 1) * power;
    power *= x[1];
    out.value(i) = y[i] - x[0] * (1 - power);
    out.slope(i, 0) = power - 1;
  }
}

inline void jennrich_sampson(double const* x, residuals& out) {
  for (int i = 0; i < out.rows(); ++i) {
    int const k = i + 1;
    double const a = std::exp(k * x[0]), b = std::exp(k * x[1]);
    out.value(i) = 2 + 2 * k - (a + b);
    out.slope(i, 0) = -k * a;
    out.slope(i, 1) = -k * b;
  }
}

inline void helical_valley(double const* x, residuals& out) {
  double const pi = 3.14159265358979323846;
  double const turn = std::atan(x[1] / x[0]) / (2 * pi) + (x[0] < 0 ? 0.5 : 0.0);
  double const square = x[0] * x[0] + x[1] * x[1], radius = std::sqrt(square);
  out.value(0) = 10 * (x[2] - 10 * turn);
  out.slope(0, 0) = 100 * x[1] / (2 * pi * square);
  out.slope(0, 1) = -100 * x[0] / (2 * pi * square);
  out.slope(0, 2) = 10;
  out.value(1) = 10 * (radius - 1);
  out.slope(1, 0) = 10 * x[0] / radius;
  out.slope(1, 1) = 10 * x[1] / radius;
  out.value(2) = x[2];
  out.slope(2, 2) = 1;
}

inline void box_three_dimensional(double const* x, residuals& out) {
  for (int i = 0; i < out.rows(); ++i) {
    double const t = 0.1 * (i + 1);
    double const a = std::exp(-t * x[0]), b = std::exp(-t * x[1]), c = std::exp(-t) - std::exp(-10 * t);
    out.value(i) = a - b - x[2] * c;
    out.slope(i, 0) = -t * a;
    out.slope(i, 1) = t * b;
    out.slope(i, 2) = -c;
  }
}

/// Blocks of four variables; also the problem of four variables itself.
inline void powell_singular(double const* x, residuals& out) {
  double const r5 = std::sqrt(5.0), r10 = std::sqrt(10.0);
  for (int k = 0; k < out.n; k += 4) {
    double const u = x[k + 1] - 2 * x[k + 2], v = x[k] - x[k + 3];
    out.value(k) = x[k] + 10 * x[k + 1];
    out.slope(k, k) = 1;
    out.slope(k, k + 1) = 10;
    out.value(k + 1) = r5 * (x[k + 2] - x[k + 3]);
    out.slope(k + 1, k + 2) = r5;
    out.slope(k + 1, k + 3) = -r5;
    out.value(k + 2) = u * u;
    out.slope(k + 2, k + 1) = 2 * u;
    out.slope(k + 2, k + 2) = -4 * u;
    out.value(k + 3) = r10 * v * v;
    out.slope(k + 3, k) = 2 * r10 * v;
    out.slope(k + 3, k + 3) = -2 * r10 * v;
  }
}

inline void wood(double const* x, residuals& out) {
  double const r90 = std::sqrt(90.0), r10 = std::sqrt(10.0);
  out.value(0) = 10 * (x[1] - x[0] * x[0]);
  out.slope(0, 0) = -20 * x[0];
  out.slope(0, 1) = 10;
  out.value(1) = 1 - x[0];
  out.slope(1, 0) = -1;
  out.value(2) = r90 * (x[3] - x[2] * x[2]);
  out.slope(2, 2) = -2 * r90 * x[2];
  out.slope(2, 3) = r90;
  out.value(3) = 1 - x[2];
  out.slope(3, 2) = -1;
  out.value(4) = r10 * (x[1] + x[3] - 2);
  out.slope(4, 1) = out.slope(4, 3) = r10;
  out.value(5) = (x[1] - x[3]) / r10;
  out.slope(5, 1) = 1 / r10;
  out.slope(5, 3) = -1 / r10;
}

inline void brown_dennis(double const* x, residuals& out) {
  for (int i = 0; i < out.rows(); ++i) {
    double const t = 0.2 * (i + 1);
    double const a = x[0] + t * x[1] - std::exp(t), b = x[2] + std::sin(t) * x[3] - std::cos(t);
    out.value(i) = a * a + b * b;
    out.slope(i, 0) = 2 * a;
    out.slope(i, 1) = 2 * a * t;
    out.slope(i, 2) = 2 * b;
    out.slope(i, 3) = 2 * b * std::sin(t);
  }
}

inline void biggs_exp6(double const* x, residuals& out) {
  for (int i = 0; i < out.rows(); ++i) {
    double const t = 0.1 * (i + 1);
    double const a = std::exp(-t * x[0]), b = std::exp(-t * x[1]), c = std::exp(-t * x[4]);
    double const y = std::exp(-t) - 5 * std::exp(-10 * t) + 3 * std::exp(-4 * t);
    out.value(i) = x[2] * a - x[3] * b + x[5] * c - y;
    out.slope(i, 0) = -t * x[2] * a;
    out.slope(i, 1) = t * x[3] * b;
    out.slope(i, 2) = a;
    out.slope(i, 3) = -b;
    out.slope(i, 4) = -t * x[5] * c;
    out.slope(i, 5) = c;
  }
}

}  // namespace mgh
}  // namespace fsis_test
