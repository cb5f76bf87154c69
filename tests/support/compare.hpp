// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/tensor/transfer.hpp>

#include <support/near.hpp>
#include <support/tolerance.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace fsis_test {

/// "" when every element of `a` is as near to that of `b` as `margin(a, b)` allows, else the first that is not.
/// NaN is near to nothing.
template <class A, class B, class Margin>
std::string first_difference(std::vector<A> const& a, std::vector<B> const& b, Margin margin) {
  if (a.size() != b.size()) return std::to_string(a.size()) + " and " + std::to_string(b.size()) + " elements";
  for (std::size_t i = 0; i < a.size(); ++i) {
    double const x = static_cast<double>(a[i]), y = static_cast<double>(b[i]);
    double const most = margin(x, y);
    if (!(std::abs(x - y) <= most)) return "element " + std::to_string(i) + ": " + is_near(x, y, most).text;
  }
  return "";
}

/// The elements of a tensor against numbers, to `tolerance<T>`.
template <class T, class Context, class B>
std::string difference(Context const& ctx, fsis::tensor<T, Context> const& a, std::vector<B> const& b) {
  return first_difference(fsis::to_host(ctx, a), b, [](double x, double y) { return allowed<T>(x, y); });
}

/// Two tensors of the same shape, to `tolerance<T>`.
template <class T, class Context>
std::string difference(Context const& ctx, fsis::tensor<T, Context> const& a, fsis::tensor<T, Context> const& b) {
  if (a.extents() != b.extents()) return "shapes " + to_string(a.extents()) + " and " + to_string(b.extents());
  return difference(ctx, a, fsis::to_host(ctx, b));
}

/// The elements of a tensor against printed numbers.
template <class T, class Context>
std::string golden_difference(Context const& ctx, fsis::tensor<T, Context> const& a, std::vector<double> const& b) {
  return first_difference(fsis::to_host(ctx, a), b, [](double, double) { return golden; });
}

/// |a - b| relative to the larger of the two.
inline double relative_difference(double a, double b) {
  return std::abs(a - b) / std::max({std::abs(a), std::abs(b), 1e-300});
}

}  // namespace fsis_test
