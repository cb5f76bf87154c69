// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/optim/lbfgs.hpp>
#include <fsis/tensor/transfer.hpp>

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

namespace fsis_test {

/// f(x) of host numbers with its gradient in g.
using host_function = std::function<double(double const* x, double* g)>;

/// A host function as an objective. Value and gradient are rounded to T, and every value is kept.
template <class T>
class recorded {
 public:
  explicit recorded(host_function f) : f_(std::move(f)) {}

  fsis::optim::evaluation operator()(fsis::tensor<T> const& x, fsis::tensor<T>& g) {
    std::vector<double> const at(x.data(), x.data() + x.size());
    std::vector<double> slope(at.size());
    double const value = static_cast<double>(static_cast<T>(f_(at.data(), slope.data())));
    std::transform(slope.begin(), slope.end(), g.data(), [](double s) { return static_cast<T>(s); });
    values_.push_back(value);
    points_.push_back(at);
    return {value, stop_at_ >= 0 && calls() == stop_at_};
  }

  /// Gives the verdict with call number `call`, counted from 1.
  void stop_at(fsis::index_t call) { stop_at_ = call; }

  fsis::index_t calls() const { return static_cast<fsis::index_t>(values_.size()); }
  std::vector<double> const& values() const { return values_; }
  std::vector<std::vector<double>> const& points() const { return points_; }

  /// The lowest finite value so far.
  double least() const {
    double least = std::numeric_limits<double>::infinity();
    for (double v : values_) least = v < least ? v : least;
    return least;
  }

  /// Calls until the value was not above `level`, 0 if it always was.
  fsis::index_t calls_to(double level) const {
    auto const at = std::find_if(values_.begin(), values_.end(), [level](double v) { return v <= level; });
    return at == values_.end() ? 0 : at - values_.begin() + 1;
  }

 private:
  host_function f_;
  std::vector<double> values_;
  std::vector<std::vector<double>> points_;
  fsis::index_t stop_at_ = -1;
};

/// Rosenbrock's function of two numbers, with its gradient.
inline double rosenbrock(double const* x, double* g) {
  double const a = x[1] - x[0] * x[0], b = 1 - x[0];
  g[0] = -400 * a * x[0] - 2 * b;
  g[1] = 200 * a;
  return 100 * a * a + b * b;
}

inline fsis::tensor<double> start(fsis::cpu_context const& ctx, std::vector<double> const& x) {
  return fsis::from_host<double>(ctx, {static_cast<fsis::index_t>(x.size())}, x);
}

inline fsis::optim::lbfgs_result<double> solve(recorded<double>& objective, std::vector<double> const& x0,
                                               fsis::optim::lbfgs_options const& o = {}) {
  fsis::cpu_context const ctx;
  return fsis::optim::minimize(ctx, start(ctx, x0), objective, o);
}

/// Largest absolute element of g at x.
inline double largest_slope(host_function const& f, std::vector<double> const& x) {
  std::vector<double> g(x.size());
  f(x.data(), g.data());
  double largest = 0;
  for (double s : g) largest = std::max(largest, s < 0 ? -s : s);
  return largest;
}

}  // namespace fsis_test
