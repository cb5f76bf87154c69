// SPDX-License-Identifier: MIT
#pragma once

#include <support/mgh/problem.hpp>

#include <algorithm>

namespace fsis_test {
namespace mgh {

inline void bard(double const* x, residuals& out) {
  double const y[] = {0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39};
  for (int i = 0; i < out.rows(); ++i) {
    double const u = i + 1, v = 15 - i, w = std::min(u, v), d = v * x[1] + w * x[2];
    out.value(i) = y[i] - (x[0] + u / d);
    out.slope(i, 0) = -1;
    out.slope(i, 1) = u * v / (d * d);
    out.slope(i, 2) = u * w / (d * d);
  }
}

inline void gaussian(double const* x, residuals& out) {
  double const y[] = {0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989,
                      0.3521, 0.2420, 0.1295, 0.0540, 0.0175, 0.0044, 0.0009};
  for (int i = 0; i < out.rows(); ++i) {
    double const d = (7 - i) / 2.0 - x[2], e = std::exp(-x[1] * d * d / 2);
    out.value(i) = x[0] * e - y[i];
    out.slope(i, 0) = e;
    out.slope(i, 1) = -x[0] * e * d * d / 2;
    out.slope(i, 2) = x[0] * e * x[1] * d;
  }
}

inline void meyer(double const* x, residuals& out) {
  double const y[] = {34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744,
                      8261,  7030,  6005,  5147,  4427,  3820,  3307,  2872};
  for (int i = 0; i < out.rows(); ++i) {
    double const d = 45 + 5 * (i + 1) + x[2], e = std::exp(x[1] / d);
    out.value(i) = x[0] * e - y[i];
    out.slope(i, 0) = e;
    out.slope(i, 1) = x[0] * e / d;
    out.slope(i, 2) = -x[0] * e * x[1] / (d * d);
  }
}

/// The residual exp(-|y - x2|^x3 / x1) - t; the factor m i printed in the paper is a misprint.
inline void gulf(double const* x, residuals& out) {
  for (int i = 0; i < out.rows(); ++i) {
    double const t = (i + 1) / 100.0, y = 25 + std::pow(-50 * std::log(t), 2.0 / 3.0);
    double const d = y - x[1], a = std::abs(d), p = std::pow(a, x[2]), e = std::exp(-p / x[0]);
    out.value(i) = e - t;
    out.slope(i, 0) = e * p / (x[0] * x[0]);
    out.slope(i, 1) = e * x[2] * p / (x[0] * d);
    out.slope(i, 2) = a > 0 ? -e * p * std::log(a) / x[0] : 0.0;
  }
}

inline void kowalik_osborne(double const* x, residuals& out) {
  double const y[] = {0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246};
  double const u[] = {4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625};
  for (int i = 0; i < out.rows(); ++i) {
    double const a = u[i] * (u[i] + x[1]), b = u[i] * (u[i] + x[2]) + x[3];
    out.value(i) = y[i] - x[0] * a / b;
    out.slope(i, 0) = -a / b;
    out.slope(i, 1) = -x[0] * u[i] / b;
    out.slope(i, 2) = x[0] * a * u[i] / (b * b);
    out.slope(i, 3) = x[0] * a / (b * b);
  }
}

inline void osborne_1(double const* x, residuals& out) {
  double const y[] = {0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.850, 0.818, 0.784, 0.751,
                      0.718, 0.685, 0.658, 0.628, 0.603, 0.580, 0.558, 0.538, 0.522, 0.506, 0.490,
                      0.478, 0.467, 0.457, 0.448, 0.438, 0.431, 0.424, 0.420, 0.414, 0.411, 0.406};
  for (int i = 0; i < out.rows(); ++i) {
    double const t = 10.0 * i, a = std::exp(-t * x[3]), b = std::exp(-t * x[4]);
    out.value(i) = y[i] - (x[0] + x[1] * a + x[2] * b);
    out.slope(i, 0) = -1;
    out.slope(i, 1) = -a;
    out.slope(i, 2) = -b;
    out.slope(i, 3) = x[1] * t * a;
    out.slope(i, 4) = x[2] * t * b;
  }
}

inline void osborne_2(double const* x, residuals& out) {
  double const y[] = {1.366, 1.191, 1.112, 1.013, 0.991, 0.885, 0.831, 0.847, 0.786, 0.725, 0.746, 0.679, 0.608,
                      0.655, 0.616, 0.606, 0.602, 0.626, 0.651, 0.724, 0.649, 0.649, 0.694, 0.644, 0.624, 0.661,
                      0.612, 0.558, 0.533, 0.495, 0.500, 0.423, 0.395, 0.375, 0.372, 0.391, 0.396, 0.405, 0.428,
                      0.429, 0.523, 0.562, 0.607, 0.653, 0.672, 0.708, 0.633, 0.668, 0.645, 0.632, 0.591, 0.559,
                      0.597, 0.625, 0.739, 0.710, 0.729, 0.720, 0.636, 0.581, 0.428, 0.292, 0.162, 0.098, 0.054};
  for (int i = 0; i < out.rows(); ++i) {
    double const t = i / 10.0, decay = std::exp(-t * x[4]);
    out.value(i) = y[i] - x[0] * decay;
    out.slope(i, 0) = -decay;
    out.slope(i, 4) = x[0] * t * decay;
    for (int k = 1; k < 4; ++k) {
      double const d = t - x[7 + k], bell = std::exp(-d * d * x[4 + k]);
      out.value(i) -= x[k] * bell;
      out.slope(i, k) = -bell;
      out.slope(i, 4 + k) = x[k] * d * d * bell;
      out.slope(i, 7 + k) = -2 * x[k] * d * x[4 + k] * bell;
    }
  }
}

}  // namespace mgh
}  // namespace fsis_test
