// SPDX-License-Identifier: MIT
#include <fsis/ops/elementwise.hpp>

#include <fsis/tensor/transfer.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>
#include <support/random_tensor.hpp>
#include <support/threads.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

using namespace fsis;

namespace {

// more than one task of for_each
constexpr index_t many = 50001;

/// The derivative of f at x against central differences; x stays away from kinks by more than the step.
template <class Function>
void check_derivative(Function f, std::vector<double> const& points) {
  for (double x : points) {
    double const h = 1e-6;
    double const numeric = (f(x + h) - f(x - h)) / (2 * h);
    INFO("at " << x);
    CHECK_NEAR(f.derivative(x, f(x)), numeric, 1e-8 * (1 + std::abs(numeric)));
  }
}

}  // namespace

TEMPLATE_TEST_CASE("fill, clone, copy and cast", "", float, double) {
  using T = TestType;
  cpu_context const ctx;
  auto x = ops::full<T>(ctx, {3, 2}, T(1.5));
  CHECK(to_host(ctx, x) == std::vector<T>(6, T(1.5)));
  CHECK(to_host(ctx, ops::zeros<T>(ctx, {2})) == std::vector<T>{0, 0});

  auto const y = ops::clone(ctx, x);
  ops::fill(ctx, x, T(2));
  CHECK(to_host(ctx, y) == std::vector<T>(6, T(1.5)));
  CHECK(y.extents() == x.extents());

  ops::copy(ctx, y, x);
  CHECK(to_host(ctx, x) == to_host(ctx, y));
  CHECK(x.data() != y.data());

  CHECK(to_host(ctx, ops::cast<int>(ctx, y)) == std::vector<int>(6, 1));
}

TEST_CASE("every element of a large tensor is reached, whatever the number of threads") {
  for (int threads : fsis_test::thread_counts) {
    auto const ctx = fsis_test::context_with(threads);
    auto const x = fsis_test::random_tensor<float>(ctx, {many}, 1);
    auto y = ops::full<float>(ctx, {many}, 3.0f);
    ops::axpby(ctx, 2.0f, x, -1.0f, y);
    ops::accumulate(ctx, x, y);
    index_t wrong = 0;
    for (index_t i = 0; i < many; ++i) wrong += std::abs(y.data()[i] - (3 * x.data()[i] - 3)) > 2e-6f;
    CHECK(wrong == 0);
  }
}

TEST_CASE("the same bytes for any number of threads") {
  CHECK(fsis_test::same_bytes_for_any_threads([](cpu_context const& ctx) {
    auto const x = fsis_test::random_tensor<float>(ctx, {many}, 2);
    auto const y = ops::map(ctx, x, kernels::sigmoid{});
    return ops::map_backward(ctx, x, x, y, kernels::sigmoid{});
  }));
}

TEST_CASE("functions have their values") {
  CHECK(kernels::relu{}(-1.0) == 0);
  CHECK(kernels::relu{}(2.0) == 2);
  CHECK_NEAR(kernels::leaky_relu{0.2}(-2.0), -0.4, 1e-16);
  CHECK(kernels::leaky_relu{0.2}(2.0) == 2);
  // to a few units in the last place: tests/core/elementary_test.cpp
  CHECK_NEAR(kernels::sigmoid{}(1.0), 1 / (1 + std::exp(-1.0)), 4e-16);
  CHECK_NEAR(kernels::tanh{}(0.5), std::tanh(0.5), 4e-16);
  CHECK_NEAR(kernels::exponential{}(1.0), std::exp(1.0), 1e-15);
  CHECK_NEAR(kernels::logarithm{}(2.0), std::log(2.0), 4e-16);
  CHECK(kernels::square_root{}(9.0) == 3);
  CHECK(kernels::square{}(-3.0) == 9);
  CHECK((kernels::affine{2, 1}(3.0)) == 7);
}

TEST_CASE("derivatives agree with differences") {
  std::vector<double> const points = {-3, -0.7, -0.01, 0.02, 0.6, 1.9};
  std::vector<double> const positive = {0.1, 0.7, 3};
  check_derivative(kernels::relu{}, points);
  check_derivative(kernels::leaky_relu{0.2}, points);
  check_derivative(kernels::sigmoid{}, points);
  check_derivative(kernels::tanh{}, points);
  check_derivative(kernels::exponential{}, points);
  check_derivative(kernels::logarithm{}, positive);
  check_derivative(kernels::square_root{}, positive);
  check_derivative(kernels::square{}, points);
  check_derivative(kernels::affine{-2, 3}, points);
}

TEST_CASE("map and its gradient go element by element") {
  cpu_context const ctx;
  auto const x = from_host<double>(ctx, {2, 2}, {-1, 2, 3, -4});
  auto const g = from_host<double>(ctx, {2, 2}, {1, 10, 100, 1000});
  auto const y = ops::map(ctx, x, kernels::square{});
  CHECK(to_host(ctx, y) == std::vector<double>{1, 4, 9, 16});
  CHECK(y.extents() == shape{2, 2});
  CHECK(to_host(ctx, ops::map_backward(ctx, g, x, y, kernels::square{})) == std::vector<double>{-2, 40, 600, -8000});
  CHECK(to_host(ctx, x) == std::vector<double>{-1, 2, 3, -4});
}

TEST_CASE("an empty tensor passes through") {
  cpu_context const ctx;
  tensor<float> const x(ctx, {0, 4});
  CHECK(ops::map(ctx, x, kernels::relu{}).extents() == shape{0, 4});
  CHECK(ops::clone(ctx, x).size() == 0);
}

TEST_CASE("shapes that differ are refused by name") {
  cpu_context const ctx;
  auto const a = ops::zeros<float>(ctx, {2, 3});
  auto b = ops::zeros<float>(ctx, {3, 2});
  CHECK_THROWS_AS(ops::copy(ctx, a, b), shape_error);
  CHECK_THROWS_AS(ops::axpby(ctx, 1.0f, a, 1.0f, b), shape_error);
  CHECK_THROWS_AS(ops::accumulate(ctx, a, b), shape_error);
  CHECK_THROWS_AS(ops::map_backward(ctx, a, b, b, kernels::relu{}), shape_error);
  CHECK(mentions(error_text([&] { ops::axpby(ctx, 1.0f, a, 1.0f, b); }), "axpby", "(2,3)", "(3,2)"));
}
