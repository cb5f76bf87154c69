// SPDX-License-Identifier: MIT
#include <fsis/ops/batch_norm.hpp>

#include <fsis/ops/conv2d.hpp>

#include <support/catch.hpp>
#include <support/compare.hpp>
#include <support/random_tensor.hpp>
#include <support/threads.hpp>

#include <cmath>
#include <vector>

using namespace fsis_test;
using fsis::cpu_context;
using fsis::index_t;
using fsis::shape;
using fsis::tensor;
namespace ops = fsis::ops;

namespace {

constexpr double epsilon = 1e-5;

std::vector<shape> const norm_shapes = {{5, 1}, {1, 4}, {2, 3, 4, 5}, {1, 3, 7, 33}, {3, 20, 21, 8}};

/// Mean and biased variance of channel c, in double.
struct moment {
  double mean = 0, variance = 0;
};

template <class T>
std::vector<moment> moments_of(tensor<T> const& x) {
  index_t const C = x.extent(-1), rows = x.size() / C;
  std::vector<moment> all(static_cast<std::size_t>(C));
  for (index_t c = 0; c < C; ++c) {
    moment& m = all[static_cast<std::size_t>(c)];
    for (index_t r = 0; r < rows; ++r) m.mean += static_cast<double>(x.data()[r * C + c]) / static_cast<double>(rows);
    for (index_t r = 0; r < rows; ++r)
      m.variance += std::pow(static_cast<double>(x.data()[r * C + c]) - m.mean, 2) / static_cast<double>(rows);
  }
  return all;
}

template <class T>
ops::channel_moments<T, cpu_context> fixed_moments(cpu_context const& ctx, index_t C) {
  return {random_tensor<T>(ctx, {C}, 11), random_tensor<T>(ctx, {C}, 12, 0.5, 2)};
}

}  // namespace

TEMPLATE_TEST_CASE("batch norm equals its formula", "", float, double) {
  cpu_context const ctx;
  for (auto const& extents : norm_shapes) {
    INFO(to_string(extents));
    index_t const C = extents[-1];
    auto const x = random_tensor<TestType>(ctx, extents, 1);
    auto const gamma = random_tensor<TestType>(ctx, {C}, 2), beta = random_tensor<TestType>(ctx, {C}, 3);
    auto const m = ops::moments(ctx, x);
    auto const expected = moments_of(x);
    std::vector<double> means, variances, y;
    for (auto const& e : expected) {
      means.push_back(e.mean);
      variances.push_back(e.variance);
    }
    CHECK(m.mean.extents() == shape{C});
    CHECK(difference(ctx, m.mean, means) == "");
    CHECK(difference(ctx, m.variance, variances) == "");
    for (index_t i = 0; i < x.size(); ++i) {
      auto const& e = expected[static_cast<std::size_t>(i % C)];
      double const unit = (static_cast<double>(x.data()[i]) - e.mean) / std::sqrt(e.variance + epsilon);
      y.push_back(static_cast<double>(gamma.data()[i % C]) * unit + static_cast<double>(beta.data()[i % C]));
    }
    // a single row has no variance: 1/sqrt(epsilon) = 316 multiplies the rounding of its mean
    double const room = x.size() == C ? 400 : 4;
    auto const found = to_host(ctx, ops::batch_norm(ctx, x, m, gamma, beta, epsilon));
    CHECK(first_difference(found, y, [&](double a, double b) { return room * allowed<TestType>(a, b); }) == "");
  }
}

TEST_CASE("batch norm of a large mean keeps the digits of its variance") {
  cpu_context const ctx;
  auto x = random_tensor<float>(ctx, {1, 40, 50, 1}, 4);
  for (index_t i = 0; i < x.size(); ++i) x.data()[i] += 1000;
  auto const expected = moments_of(x)[0];
  auto const m = ops::moments(ctx, x);
  CHECK_NEAR(item(ctx, m.mean), expected.mean, 1e-4);
  CHECK(relative_difference(static_cast<double>(item(ctx, m.variance)), expected.variance) <= 1e-6);
}

TEMPLATE_TEST_CASE("a folded batch norm is the batch norm, also inside a convolution", "", float, double) {
  cpu_context const ctx;
  auto const x = random_tensor<TestType>(ctx, {2, 5, 6, 3}, 5);
  auto const f = random_tensor<TestType>(ctx, {4, 3, 3, 3}, 6, -0.3, 0.3);
  auto const gamma = random_tensor<TestType>(ctx, {4}, 7), beta = random_tensor<TestType>(ctx, {4}, 8);
  auto const m = fixed_moments<TestType>(ctx, 4);
  auto const a = ops::fold_batch_norm(ctx, m, gamma, beta, epsilon);
  auto const y = ops::conv2d(ctx, x, f);
  auto const normed = ops::batch_norm(ctx, y, m, gamma, beta, epsilon);
  CHECK(to_host(ctx, ops::scale_bias(ctx, y, a.scale, a.bias)) == to_host(ctx, normed));

  auto const folded = ops::multiply(ctx, f, a.scale.reshaped({4, 1, 1, 1}));
  CHECK(difference(ctx, ops::conv2d(ctx, x, folded, a.bias), normed) == "");
  for (index_t c = 0; c < 4; ++c) {
    double const root = std::sqrt(static_cast<double>(m.variance.data()[c]) + epsilon);
    CHECK_NEAR(a.scale.data()[c], static_cast<double>(gamma.data()[c]) / root, tolerance<TestType>::absolute);
  }
}

TEST_CASE("batch norm's backward pass in training equals the derivative of its formula") {
  cpu_context const ctx;
  for (auto const& extents : norm_shapes) {
    INFO(to_string(extents));
    index_t const C = extents[-1], rows = extents.size() / C;
    auto const x = random_tensor<double>(ctx, extents, 1), dy = random_tensor<double>(ctx, extents, 2);
    auto const gamma = random_tensor<double>(ctx, {C}, 3);
    auto const m = ops::moments(ctx, x);
    auto const g = ops::batch_norm_backward(ctx, dy, x, m, gamma, epsilon, false);
    // from y = gamma (x - mean)/sigma: dx = gamma/sigma * (dy - mean(dy) - xhat * mean(dy * xhat))
    std::vector<double> dx(static_cast<std::size_t>(x.size())), dgamma, dbeta;
    for (index_t c = 0; c < C; ++c) {
      auto const xhat = [&](index_t r) {
        return (x.data()[r * C + c] - m.mean.data()[c]) / std::sqrt(m.variance.data()[c] + epsilon);
      };
      double along = 0, total = 0;
      for (index_t r = 0; r < rows; ++r) {
        along += dy.data()[r * C + c] * xhat(r);
        total += dy.data()[r * C + c];
      }
      dgamma.push_back(along);
      dbeta.push_back(total);
      double const n = static_cast<double>(rows);
      for (index_t r = 0; r < rows; ++r)
        dx[static_cast<std::size_t>(r * C + c)] = gamma.data()[c] / std::sqrt(m.variance.data()[c] + epsilon) *
                                                  (dy.data()[r * C + c] - total / n - xhat(r) * along / n);
    }
    CHECK(difference(ctx, g.dgamma, dgamma) == "");
    CHECK(difference(ctx, g.dbeta, dbeta) == "");
    CHECK(first_difference(to_host(ctx, g.dx), dx, [](double a, double b) { return 400 * allowed<double>(a, b); }) ==
          "");
  }
}

TEST_CASE("a frozen batch norm's backward pass is that of scale and bias") {
  cpu_context const ctx;
  auto const x = random_tensor<double>(ctx, {2, 3, 4, 5}, 1), dy = random_tensor<double>(ctx, {2, 3, 4, 5}, 2);
  auto const gamma = random_tensor<double>(ctx, {5}, 3), beta = random_tensor<double>(ctx, {5}, 4);
  auto const m = fixed_moments<double>(ctx, 5);
  auto const g = ops::batch_norm_backward(ctx, dy, x, m, gamma, epsilon, true);
  auto const a = ops::fold_batch_norm(ctx, m, gamma, beta, epsilon);
  CHECK(difference(ctx, g.dx, ops::scale_channels(ctx, dy, a.scale)) == "");
  CHECK(difference(ctx, g.dbeta, ops::sum_to_channels(ctx, dy)) == "");
  // y is linear in gamma: <dgamma, gamma> = <dy, y - beta>
  auto const y = ops::batch_norm(ctx, x, m, gamma, ops::zeros<double>(ctx, {5}), epsilon);
  CHECK_NEAR(ops::dot(ctx, g.dgamma, gamma), ops::dot(ctx, dy, y), 1e-12);
}

TEST_CASE("batch norm's bytes do not depend on the number of threads") {
  shape const extents{2, 61, 59, 12};
  CHECK(same_bytes_for_any_threads([&](cpu_context const& ctx) {
    auto const x = random_tensor<float>(ctx, extents, 1);
    auto const gamma = random_tensor<float>(ctx, {12}, 2);
    return ops::batch_norm(ctx, x, ops::moments(ctx, x), gamma, gamma, epsilon);
  }));
  for (bool frozen : {false, true})
    CHECK(same_bytes_for_any_threads([&](cpu_context const& ctx) {
      auto const x = random_tensor<float>(ctx, extents, 1), dy = random_tensor<float>(ctx, extents, 3);
      auto const gamma = random_tensor<float>(ctx, {12}, 2);
      auto const g = ops::batch_norm_backward(ctx, dy, x, ops::moments(ctx, x), gamma, epsilon, frozen);
      return ops::add(ctx, g.dx, ops::add(ctx, g.dgamma, g.dbeta));
    }));
}

TEST_CASE("batch norm says what does not fit") {
  cpu_context const ctx;
  auto const ones = [&](shape const& s) { return ops::full(ctx, s, 1.0f); };
  auto const m = fixed_moments<float>(ctx, 3);
  auto const x = ones({2, 2, 2, 3});
  CHECK(mentions(error_text([&] { ops::moments(ctx, ones({0, 4, 4, 3})); }), "batch_norm", "no pixels", "(0,4,4,3)"));
  CHECK(mentions(error_text([&] { ops::moments(ctx, ones({})); }), "batch_norm", "no channels"));
  CHECK(mentions(error_text([&] { ops::batch_norm(ctx, x, m, ones({3}), ones({4}), epsilon); }), "batch_norm",
                 "moments (3)", "gamma (3)", "beta (4)"));
  CHECK(mentions(error_text([&] { ops::batch_norm(ctx, ones({2, 4}), m, ones({3}), ones({3}), epsilon); }), "(2,4)",
                 "4 channels"));
  CHECK(mentions(error_text([&] { ops::batch_norm_backward(ctx, ones({2, 3}), x, m, ones({3}), epsilon, true); }),
                 "batch_norm_backward", "(2,3)", "(2,2,2,3)"));
  CHECK(mentions(error_text([&] { ops::batch_norm_backward(ctx, x, x, m, ones({2}), epsilon, false); }), "gamma (2)",
                 "3 channels"));
  auto const two = fixed_moments<float>(ctx, 2);
  CHECK(
      mentions(error_text([&] { ops::batch_norm_backward(ctx, x, x, two, ones({3}), epsilon, false); }), "mean (2)"));
  ops::channel_moments<float, cpu_context> const mixed{m.mean, two.variance};
  CHECK(mentions(error_text([&] { ops::batch_norm_backward(ctx, x, x, mixed, ones({3}), epsilon, false); }),
                 "variance (2)"));
  CHECK(
      mentions(error_text([&] { ops::fold_batch_norm(ctx, mixed, ones({3}), ones({3}), epsilon); }), "(3) and (2)"));
}
