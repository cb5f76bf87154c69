// SPDX-License-Identifier: MIT
#include <fsis/optim/lbfgs_history.hpp>

#include <fsis/core/random.hpp>
#include <fsis/tensor/transfer.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>

#include <cmath>
#include <vector>

using namespace fsis;
using fsis::optim::lbfgs_history;

namespace {

using numbers = std::vector<double>;

double inner(numbers const& a, numbers const& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// The dense inverse Hessian that BFGS makes of pairs, from gamma I on (Nocedal and Wright, equation 7.16).
numbers dense_direction(std::vector<numbers> const& s, std::vector<numbers> const& y, numbers const& g) {
  std::size_t const n = g.size();
  double const gamma = inner(s.back(), y.back()) / inner(y.back(), y.back());
  std::vector<numbers> h(n, numbers(n));
  for (std::size_t i = 0; i < n; ++i) h[i][i] = gamma;
  for (std::size_t k = 0; k < s.size(); ++k) {
    double const rho = 1 / inner(s[k], y[k]);
    numbers hy(n);
    for (std::size_t i = 0; i < n; ++i) hy[i] = inner(h[i], y[k]);
    double const yhy = inner(y[k], hy);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        h[i][j] += (1 + rho * yhy) * rho * s[k][i] * s[k][j] - rho * (s[k][i] * hy[j] + hy[i] * s[k][j]);
  }
  numbers d(n);
  for (std::size_t i = 0; i < n; ++i) d[i] = -inner(h[i], g);
  return d;
}

struct step {
  numbers s, y;
};

/// A random step and the change of the gradient of a convex quadratic function along it.
step random_step(random_stream& random, std::size_t n) {
  step p{numbers(n), numbers(n)};
  for (double& v : p.s) v = random.uniform(-1, 1);
  for (std::size_t i = 0; i < n; ++i)
    p.y[i] = (1.0 + static_cast<double>(i)) * p.s[i] + 0.1 * inner(p.s, numbers(n, 1));
  return p;
}

template <class T>
double push(cpu_context const& ctx, lbfgs_history<T>& history, step const& p) {
  shape const extents{static_cast<index_t>(p.s.size())};
  auto const zero = ops::zeros<T>(ctx, extents);
  return history.push(ctx, zero, zero, from_host<T>(ctx, extents, std::vector<T>(p.s.begin(), p.s.end())),
                      from_host<T>(ctx, extents, std::vector<T>(p.y.begin(), p.y.end())));
}

template <class T>
numbers direction(cpu_context const& ctx, lbfgs_history<T> const& history, numbers const& g) {
  shape const extents{static_cast<index_t>(g.size())};
  tensor<double> d(ctx, extents);
  history.direction(ctx, from_host<T>(ctx, extents, std::vector<T>(g.begin(), g.end())), d);
  return to_host(ctx, d);
}

}  // namespace

TEST_CASE("the recursion is the dense BFGS matrix of the last pairs") {
  cpu_context const ctx;
  std::size_t const n = 6;
  random_stream random(7);
  numbers g(n);
  for (double& v : g) v = random.uniform(-1, 1);

  lbfgs_history<double> history(ctx, {static_cast<index_t>(n)}, 3);
  CHECK(history.empty());
  std::vector<numbers> s, y;
  for (int k = 0; k < 5; ++k) {  // the ring of three comes around
    step const p = random_step(random, n);
    CHECK_NEAR(push(ctx, history, p), std::sqrt(inner(p.s, p.s)), 1e-14);
    s.push_back(p.s);
    y.push_back(p.y);
    if (s.size() > 3) {
      s.erase(s.begin());
      y.erase(y.begin());
    }
    numbers const wanted = dense_direction(s, y, g), found = direction(ctx, history, g);
    for (std::size_t i = 0; i < n; ++i) CHECK_NEAR(found[i], wanted[i], 1e-13);
    CHECK(inner(found, g) < 0);
  }
  // the secant equation: H y = s for the newest pair
  numbers const back = direction(ctx, history, y.back());
  for (std::size_t i = 0; i < n; ++i) CHECK_NEAR(back[i], -s.back()[i], 1e-13);

  history.clear();
  CHECK(history.empty());
}

TEST_CASE("a pair without positive curvature is left out") {
  cpu_context const ctx;
  lbfgs_history<double> history(ctx, {2}, 4);
  CHECK_NEAR(push<double>(ctx, history, {{3, 4}, {-1, 0}}), 5, 0);  // negative
  CHECK(history.empty());
  push<double>(ctx, history, {{1, 0}, {1e-17, 1}});  // positive, but not beyond rounding
  CHECK(history.empty());
  push<double>(ctx, history, {{1, 0}, {0, 0}});
  CHECK(history.empty());
  push<double>(ctx, history, {{1, 0}, {HUGE_VAL, 0}});
  CHECK(history.empty());
  push<double>(ctx, history, {{1e-160, 0}, {1e-160, 0}});  // the inverse of 1e-320 is not finite
  CHECK(history.empty());

  push<double>(ctx, history, {{1e-12, 0}, {1e-12, 0}});  // small is not the same as flat
  REQUIRE_FALSE(history.empty());
  numbers const before = direction(ctx, history, {1, 2});
  push<double>(ctx, history, {{0, 1}, {0, -1}});
  CHECK(direction(ctx, history, {1, 2}) == before);
}

TEST_CASE("the recursion works on float pairs in double") {
  cpu_context const ctx;
  std::size_t const n = 1000;
  random_stream random(3);
  lbfgs_history<float> history(ctx, {static_cast<index_t>(n)}, 5);
  std::vector<numbers> s, y;
  for (int k = 0; k < 2; ++k) {
    step p = random_step(random, n);
    for (std::size_t i = 0; i < n; ++i) {
      p.s[i] = static_cast<double>(static_cast<float>(p.s[i]));
      p.y[i] = static_cast<double>(static_cast<float>(p.y[i]));
    }
    push(ctx, history, p);
    s.push_back(p.s);
    y.push_back(p.y);
  }
  numbers const g(n, 0.25);
  // the same by the recursion in plain double
  numbers q(n, -0.25);
  double alpha[2];
  for (std::size_t k = 2; k-- > 0;) {
    alpha[k] = inner(s[k], q) / inner(s[k], y[k]);
    for (std::size_t i = 0; i < n; ++i) q[i] -= alpha[k] * y[k][i];
  }
  double const gamma = inner(s[1], y[1]) / inner(y[1], y[1]);
  for (double& v : q) v *= gamma;
  for (std::size_t k = 0; k < 2; ++k) {
    double const beta = inner(y[k], q) / inner(s[k], y[k]);
    for (std::size_t i = 0; i < n; ++i) q[i] += (alpha[k] - beta) * s[k][i];
  }
  numbers const found = direction(ctx, history, g);
  double worst = 0;
  for (std::size_t i = 0; i < n; ++i) worst = std::max(worst, std::abs(found[i] - q[i]));
  CHECK(worst <= 1e-12);
}
