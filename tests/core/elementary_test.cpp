// SPDX-License-Identifier: MIT
#include <fsis/core/elementary.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace {

/// The largest error of f, in units of the last place of the exact result, at 20,000 points from low to high.
template <class T, class F, class Exact>
double worst_error(F f, Exact exact, double low, double high, bool by_factors = false) {
  constexpr int points = 20000;
  double worst = 0;
  for (int i = 0; i <= points; ++i) {
    double const part = static_cast<double>(i) / points;
    T const x = static_cast<T>(by_factors ? std::exp(std::log(low) + part * (std::log(high) - std::log(low)))
                                          : low + part * (high - low));
    long double const y = exact(static_cast<long double>(x));
    T const rounded = static_cast<T>(y), size = std::abs(rounded);
    if (std::isinf(rounded) || rounded == 0) {
      if (f(x) != rounded) return std::numeric_limits<double>::infinity();
      continue;
    }
    T const unit = std::nextafter(size, std::numeric_limits<T>::infinity()) - size;
    double const error = static_cast<double>(std::abs(static_cast<long double>(f(x)) - y) / unit);
    if (!(error <= worst)) worst = error;
  }
  return worst;
}

template <class T>
constexpr bool is_float = sizeof(T) == sizeof(float);

}  // namespace

TEMPLATE_TEST_CASE("elementary functions are right to a few units in the last place", "", float, double) {
  using T = TestType;
  auto const exp = [](T x) { return fsis::hd_exp(x); };
  auto const exact_exp = [](long double x) { return std::exp(x); };
  CHECK(worst_error<T>(exp, exact_exp, -1, 1) < 2);
  // denormal results and zero below, infinity above
  double const reach = is_float<T> ? 110 : 760;
  CHECK(worst_error<T>(exp, exact_exp, -reach, reach) < 2);

  auto const log = [](T x) { return fsis::hd_log(x); };
  auto const exact_log = [](long double x) { return std::log(x); };
  CHECK(worst_error<T>(log, exact_log, 0.3, 3) < 2.5);
  CHECK(worst_error<T>(log, exact_log, is_float<T> ? 1e-44 : 1e-322, is_float<T> ? 3e38 : 1e308, true) < 2.5);

  CHECK(worst_error<T>([](T x) { return fsis::hd_log1p_of_fraction(x); },
                       [](long double x) { return std::log1p(x); }, 1e-9, 1, true) < 2.5);

  auto const tanh = [](T x) { return fsis::hd_tanh(x); };
  auto const exact_tanh = [](long double x) { return std::tanh(x); };
  CHECK(worst_error<T>(tanh, exact_tanh, -5, 5) < 4);
  CHECK(worst_error<T>(tanh, exact_tanh, 1e-30, 50, true) < 4);

  CHECK(worst_error<T>([](T x) { return fsis::hd_sqrt(x); }, [](long double x) { return std::sqrt(x); },
                       is_float<T> ? 1e-44 : 1e-322, is_float<T> ? 3e38 : 1e308, true) < 1);
  CHECK(worst_error<T>([](T x) { return fsis::stable_sigmoid(x); },
                       [](long double x) { return 1 / (1 + std::exp(-x)); }, -80, 80) < 3);
  CHECK(worst_error<T>([](T x) { return fsis::softplus(x); },
                       [](long double x) { return std::log1p(std::exp(x)); }, -80, 80) < 3.5);
}

TEMPLATE_TEST_CASE("elementary functions at the ends", "", float, double) {
  using T = TestType;
  T const inf = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  CHECK(fsis::hd_exp(-inf) == 0);
  CHECK(fsis::hd_exp(inf) == inf);
  CHECK(std::isnan(fsis::hd_exp(nan)));
  CHECK(fsis::hd_exp(T(0)) == 1);
  CHECK(fsis::hd_log(T(0)) == -inf);
  CHECK(std::isnan(fsis::hd_log(T(-1))));
  CHECK(fsis::hd_log(inf) == inf);
  CHECK(std::isnan(fsis::hd_log(nan)));
  CHECK(fsis::hd_log(T(1)) == 0);
  CHECK(fsis::hd_tanh(inf) == 1);
  CHECK(fsis::hd_tanh(-inf) == -1);
  CHECK(fsis::hd_tanh(T(0)) == 0);
  CHECK(std::isnan(fsis::hd_tanh(nan)));
  CHECK(fsis::hd_sqrt(T(0)) == 0);
  CHECK(fsis::hd_sqrt(T(9)) == 3);
  CHECK(fsis::hd_sqrt(inf) == inf);
  CHECK(std::isnan(fsis::hd_sqrt(T(-1))));
  CHECK(std::isnan(fsis::hd_sqrt(nan)));
  CHECK(fsis::stable_sigmoid(-inf) == 0);
  CHECK(fsis::stable_sigmoid(inf) == 1);
  CHECK(std::isnan(fsis::stable_sigmoid(nan)));
  CHECK(fsis::softplus(-inf) == 0);
  CHECK(fsis::softplus(inf) == inf);
  CHECK(std::isnan(fsis::softplus(nan)));
}

TEST_CASE("hd_select takes one of two numbers, bit by bit") {
  CHECK(fsis::hd_select(true, 1.5f, -2.0f) == 1.5f);
  CHECK(fsis::hd_select(false, 1.5f, -2.0f) == -2.0f);
  CHECK(fsis::hd_select(true, 1e300, std::numeric_limits<double>::quiet_NaN()) == 1e300);
  CHECK(std::isnan(fsis::hd_select(false, 1e300, std::numeric_limits<double>::quiet_NaN())));
  CHECK(std::signbit(fsis::hd_select(true, -0.0f, 0.0f)));
  CHECK(fsis::hd_select(false, std::int32_t{7}, std::int32_t{-7}) == -7);
}

TEST_CASE("sigmoid and softplus neither overflow nor lose small values") {
  CHECK(fsis::stable_sigmoid(0.0) == 0.5);
  CHECK_NEAR(fsis::stable_sigmoid(2.0), 1 / (1 + std::exp(-2.0)), 4e-16);
  CHECK(fsis::stable_sigmoid(1000.0) == 1.0);
  CHECK(fsis::stable_sigmoid(-1000.0) == 0.0);
  CHECK_NEAR(fsis::stable_sigmoid(-700.0) / std::exp(-700.0), 1.0, 1e-12);
  CHECK(fsis::stable_sigmoid(-100.0f) > 0.0f);

  CHECK_NEAR(fsis::softplus(0.0), std::log(2.0), 4e-16);
  CHECK(fsis::softplus(1000.0) == 1000.0);
  CHECK(fsis::softplus(-1000.0) == 0.0);
  CHECK_NEAR(fsis::softplus(-40.0) / std::exp(-40.0), 1.0, 1e-12);
  CHECK_NEAR(fsis::softplus(3.0) - fsis::softplus(-3.0), 3.0, 1e-15);
}
