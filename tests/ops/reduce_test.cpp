// SPDX-License-Identifier: MIT
#include <fsis/ops/reduce.hpp>

#include <fsis/tensor/transfer.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>
#include <support/random_tensor.hpp>
#include <support/threads.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

using namespace fsis;

namespace {

/// f folded over the middle axis of (outer, axis, inner), element by element in long double.
template <class T, class F>
std::vector<long double> folded(std::vector<T> const& x, index_t outer, index_t axis, index_t inner,
                                long double start, F f) {
  std::vector<long double> y(static_cast<std::size_t>(outer * inner), start);
  for (index_t o = 0; o < outer; ++o)
    for (index_t a = 0; a < axis; ++a)
      for (index_t i = 0; i < inner; ++i) {
        auto& to = y[static_cast<std::size_t>(o * inner + i)];
        to = f(to, static_cast<long double>(x[static_cast<std::size_t>((o * axis + a) * inner + i)]));
      }
  return y;
}

template <class T>
void check_near(std::vector<T> const& got, std::vector<long double> const& wanted, double tolerance) {
  REQUIRE(got.size() == wanted.size());
  double worst = 0;
  for (std::size_t i = 0; i < got.size(); ++i)
    worst = std::max(worst, std::abs(static_cast<double>(static_cast<long double>(got[i]) - wanted[i])));
  CHECK_NEAR(worst, 0, tolerance);
}

struct extents3 {
  index_t outer, axis, inner;
};

// single and many chunks, contiguous and strided, one row and many
constexpr extents3 cases[] = {{1, 1, 1},     {1, 7, 1},     {5, 1, 3},    {2, 3, 4},     {1, 40000, 1},
                              {3, 20001, 1}, {1, 9, 20000}, {2, 700, 60}, {3000, 13, 1}, {400, 5, 17}};

}  // namespace

TEMPLATE_TEST_CASE("sums along an axis agree with the plain loop", "", float, double) {
  using T = TestType;
  cpu_context const ctx;
  for (auto const& e : cases) {
    INFO(e.outer << " x " << e.axis << " x " << e.inner);
    auto const x = fsis_test::random_tensor<T>(ctx, {e.outer, e.axis, e.inner}, 3);
    auto const values = to_host(ctx, x);
    // the sum runs in double and is rounded once to T
    double const unit = static_cast<double>(std::numeric_limits<T>::epsilon());
    double const length = static_cast<double>(e.axis);
    double const tolerance = unit * std::sqrt(length) + 1e-15 * length;
    auto const plus = [](long double a, long double b) { return a + b; };
    auto const squares = [](long double a, long double b) { return a + b * b; };

    auto const sum = ops::sum(ctx, x, 1);
    CHECK(sum.extents() == shape{e.outer, e.inner});
    auto const wanted = folded(values, e.outer, e.axis, e.inner, 0, plus);
    check_near(to_host(ctx, sum), wanted, 4 * tolerance);

    std::vector<long double> mean = wanted;
    for (auto& m : mean) m /= static_cast<long double>(e.axis);
    check_near(to_host(ctx, ops::mean(ctx, x, -2)), mean, 4 * tolerance / length + unit);

    // a product and a sum may be rounded once or each by itself: the errors along the way are not those of the plain loop
    auto const wanted_squares = folded(values, e.outer, e.axis, e.inner, 0, squares);
    check_near(to_host(ctx, ops::sum_of_squares(ctx, x, 1)), wanted_squares, 2 * unit * length);
    std::vector<long double> norm = wanted_squares;
    for (auto& n : norm) n = std::sqrt(n);
    // what the squares may be off by, over twice the norm of numbers uniform in -1 to 1, sqrt(length / 3)
    check_near(to_host(ctx, ops::norm2(ctx, x, 1)), norm, unit * std::sqrt(3 * length) + unit);
    check_near(to_host(ctx, ops::dot(ctx, x, x, 1)), wanted_squares, 2 * unit * length);
  }
}

TEMPLATE_TEST_CASE("the largest and smallest element are exact", "", float, double) {
  using T = TestType;
  cpu_context const ctx;
  for (auto const& e : cases) {
    INFO(e.outer << " x " << e.axis << " x " << e.inner);
    auto const x = fsis_test::random_tensor<T>(ctx, {e.outer, e.axis, e.inner}, 4);
    auto const values = to_host(ctx, x);
    auto const larger = [](long double a, long double b) { return std::max(a, b); };
    auto const smaller = [](long double a, long double b) { return std::min(a, b); };
    check_near(to_host(ctx, ops::max(ctx, x, 1)), folded(values, e.outer, e.axis, e.inner, -9, larger), 0);
    check_near(to_host(ctx, ops::min(ctx, x, 1)), folded(values, e.outer, e.axis, e.inner, 9, smaller), 0);
    CHECK(item(ctx, ops::max(ctx, x)) == *std::max_element(values.begin(), values.end()));
    CHECK(item(ctx, ops::min(ctx, x)) == *std::min_element(values.begin(), values.end()));
  }
}

TEST_CASE("reductions of everything") {
  cpu_context const ctx;
  auto const x = from_host<float>(ctx, {2, 3}, {1, -2, 3, -4, 5, -6});
  CHECK(ops::sum(ctx, x).rank() == 0);
  CHECK(item(ctx, ops::sum(ctx, x)) == -3);
  CHECK(item(ctx, ops::mean(ctx, x)) == -0.5f);
  CHECK(item(ctx, ops::sum_of_squares(ctx, x)) == 91);
  CHECK(item(ctx, ops::norm1(ctx, x)) == 21);
  CHECK_NEAR(item(ctx, ops::norm2(ctx, x)), std::sqrt(91.0), 1e-6);
  CHECK(item(ctx, ops::norm_inf(ctx, x)) == 6);
  CHECK(item(ctx, ops::max(ctx, x)) == 5);
  CHECK(item(ctx, ops::min(ctx, x)) == -6);
  CHECK(ops::dot(ctx, x, x) == 91.0);
}

TEST_CASE("an axis disappears from the shape") {
  cpu_context const ctx;
  auto const x = from_host<float>(ctx, {2, 3}, {1, 2, 3, 4, 5, 6});
  CHECK(to_host(ctx, ops::sum(ctx, x, 0)) == std::vector<float>{5, 7, 9});
  CHECK(to_host(ctx, ops::sum(ctx, x, 1)) == std::vector<float>{6, 15});
  CHECK(to_host(ctx, ops::sum(ctx, x, -1)) == std::vector<float>{6, 15});
  CHECK(ops::sum(ctx, x, 0).extents() == shape{3});
}

TEST_CASE("a float sum of many terms keeps its digits") {
  cpu_context const ctx;
  auto const x = ops::full<float>(ctx, {1 << 20}, 0.1f);
  // a float sum in order is off by more than a thousand here
  CHECK_NEAR(item(ctx, ops::sum(ctx, x)), static_cast<double>(0.1f) * (1 << 20), 0.01);
  CHECK_NEAR(ops::dot(ctx, x, x), static_cast<double>(0.1f) * static_cast<double>(0.1f) * (1 << 20), 1e-8);
}

TEST_CASE("NaN is reported, not lost") {
  float const nan = std::numeric_limits<float>::quiet_NaN();
  cpu_context const ctx;
  for (std::size_t at : {std::size_t{0}, std::size_t{3}, std::size_t{8}}) {
    std::vector<float> values = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    values[at] = nan;
    auto const x = from_host<float>(ctx, {9}, values);
    CHECK(std::isnan(item(ctx, ops::max(ctx, x))));
    CHECK(std::isnan(item(ctx, ops::min(ctx, x))));
    CHECK(std::isnan(item(ctx, ops::sum(ctx, x))));
    CHECK(std::isnan(item(ctx, ops::norm_inf(ctx, x))));
  }
}

TEST_CASE("infinities and negative numbers bound nothing wrongly") {
  float const inf = std::numeric_limits<float>::infinity();
  cpu_context const ctx;
  CHECK(item(ctx, ops::max(ctx, from_host<float>(ctx, {2}, {-5, -3}))) == -3);
  CHECK(item(ctx, ops::max(ctx, from_host<float>(ctx, {2}, {-inf, -inf}))) == -inf);
  CHECK(item(ctx, ops::min(ctx, from_host<float>(ctx, {2}, {inf, 3}))) == 3);
}

TEST_CASE("nothing sums to zero, but has no mean and no maximum") {
  cpu_context const ctx;
  tensor<float> const x(ctx, {0, 3});
  CHECK(to_host(ctx, ops::sum(ctx, x, 0)) == std::vector<float>{0, 0, 0});
  CHECK(ops::sum(ctx, x, 1).size() == 0);
  CHECK(item(ctx, ops::sum(ctx, x)) == 0);
  CHECK(item(ctx, ops::norm_inf(ctx, x)) == 0);
  CHECK(ops::dot(ctx, x, x) == 0);
  CHECK_THROWS_AS(ops::mean(ctx, x, 0), shape_error);
  CHECK_THROWS_AS(ops::mean(ctx, x), shape_error);
  CHECK_THROWS_AS(ops::max(ctx, x, 0), shape_error);
  CHECK_THROWS_AS(ops::min(ctx, x), shape_error);
  CHECK(mentions(error_text([&] { ops::max(ctx, x, 0); }), "max", "(0,3)"));
}

TEST_CASE("an axis that is not there and shapes that differ are refused") {
  cpu_context const ctx;
  auto const x = ops::zeros<float>(ctx, {2, 3});
  CHECK_THROWS_AS(ops::sum(ctx, x, 2), shape_error);
  CHECK_THROWS_AS(ops::sum(ctx, x, -3), shape_error);
  CHECK(mentions(error_text([&] { ops::sum(ctx, x, 2); }), "sum", "axis 2", "(2,3)", "rank 2"));
  CHECK_THROWS_AS(ops::dot(ctx, x, ops::zeros<float>(ctx, {3, 2})), shape_error);
  CHECK_THROWS_AS(ops::dot(ctx, x, ops::zeros<float>(ctx, {3, 2}), 0), shape_error);
}

TEMPLATE_TEST_CASE("the same bytes for any number of threads", "", float, double) {
  using T = TestType;
  for (auto const& e : cases) {
    INFO(e.outer << " x " << e.axis << " x " << e.inner);
    auto const same = [&](auto reduced) {
      return fsis_test::same_bytes_for_any_threads([&](cpu_context const& ctx) {
        return reduced(ctx, fsis_test::random_tensor<T>(ctx, {e.outer, e.axis, e.inner}, 5));
      });
    };
    CHECK(same([](auto const& ctx, auto const& x) { return ops::sum(ctx, x, 1); }));
    CHECK(same([](auto const& ctx, auto const& x) { return ops::norm2(ctx, x, 1); }));
    CHECK(same([](auto const& ctx, auto const& x) { return ops::max(ctx, x, 1); }));
    CHECK(same([](auto const& ctx, auto const& x) { return ops::sum(ctx, x); }));
    CHECK(same([](auto const& ctx, auto const& x) { return ops::norm1(ctx, x); }));
    CHECK(same([](auto const& ctx, auto const& x) { return ops::full(ctx, {1}, ops::dot(ctx, x, x)); }));
  }
}
