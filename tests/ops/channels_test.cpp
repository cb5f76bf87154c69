// SPDX-License-Identifier: MIT
#include <fsis/ops/channels.hpp>

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

std::vector<shape> const channel_shapes = {{1},         {7},     {3, 1},  {5, 2}, {2, 3, 4, 5}, {1, 9, 7, 513},
                                           {4, 21}, {3, 32}, {0, 3}};

/// One row of channels at a time: `f(row, C)` returns the row of results, in double.
template <class T, class F>
std::vector<double> by_rows(tensor<T> const& x, F f) {
  std::size_t const C = static_cast<std::size_t>(x.extent(-1)), size = static_cast<std::size_t>(x.size());
  std::vector<double> out;
  for (std::size_t first = 0; first < size; first += C) {
    std::vector<double> row(x.data() + first, x.data() + first + C);
    for (double v : f(row)) out.push_back(v);
  }
  return out;
}

std::vector<double> log_softmax_of(std::vector<double> const& row) {
  double largest = row[0], sum = 0;
  for (double v : row) largest = std::max(largest, v);
  for (double v : row) sum += std::exp(v - largest);
  std::vector<double> out;
  for (double v : row) out.push_back((v - largest) - std::log(sum));
  return out;
}

std::vector<double> softmax_of(std::vector<double> const& row) {
  auto out = log_softmax_of(row);
  for (double& v : out) v = std::exp(v);
  return out;
}

}  // namespace

TEMPLATE_TEST_CASE("scale and bias per channel", "", float, double) {
  cpu_context const ctx;
  for (auto const& extents : channel_shapes) {
    INFO(to_string(extents));
    auto const x = random_tensor<TestType>(ctx, extents, 1);
    auto const s = random_tensor<TestType>(ctx, {extents[-1]}, 2), b = random_tensor<TestType>(ctx, {extents[-1]}, 3);
    std::vector<double> scaled, shifted, products(static_cast<std::size_t>(extents[-1]));
    for (index_t i = 0; i < x.size(); ++i) {
      index_t const c = i % extents[-1];
      double const v = static_cast<double>(x.data()[i]) * static_cast<double>(s.data()[c]);
      scaled.push_back(v);
      shifted.push_back(v + static_cast<double>(b.data()[c]));
      products[static_cast<std::size_t>(c)] += v * static_cast<double>(x.data()[i]);
    }
    CHECK(difference(ctx, ops::scale_channels(ctx, x, s), scaled) == "");
    CHECK(difference(ctx, ops::scale_bias(ctx, x, s, b), shifted) == "");
    CHECK(difference(ctx, ops::dot_to_channels(ctx, x, ops::scale_channels(ctx, x, s)), products) == "");
  }
  // per-channel numbers may also be stored as (1,1,1,C)
  auto const x = random_tensor<TestType>(ctx, {2, 3, 4, 5}, 1), s = random_tensor<TestType>(ctx, {5}, 2);
  CHECK(to_host(ctx, ops::scale_channels(ctx, x, s.reshaped({1, 1, 1, 5}))) ==
        to_host(ctx, ops::scale_channels(ctx, x, s)));
}

TEMPLATE_TEST_CASE("softmax and its logarithm equal their definitions", "", float, double) {
  cpu_context const ctx;
  for (auto const& extents : channel_shapes) {
    INFO(to_string(extents));
    auto const x = random_tensor<TestType>(ctx, extents, 4, -5, 5);
    CHECK(difference(ctx, ops::softmax(ctx, x), by_rows(x, softmax_of)) == "");
    CHECK(difference(ctx, ops::log_softmax(ctx, x), by_rows(x, log_softmax_of)) == "");
  }
}

TEMPLATE_TEST_CASE("softmax of large inputs is finite, exact, and sums to one", "", float, double) {
  cpu_context const ctx;
  for (double offset : {-1e4, 0.0, 1e4, 1e30}) {
    INFO("offset " << offset);
    // differences of a quarter are exact in float even at 1e4
    std::vector<TestType> values;
    for (int i = 0; i < 60; ++i) values.push_back(static_cast<TestType>(offset + 0.25 * ((i * 7) % 13)));
    auto const x = fsis::from_host<TestType>(ctx, {10, 6}, values);
    auto const p = ops::softmax(ctx, x), log_p = ops::log_softmax(ctx, x);
    CHECK(difference(ctx, p, by_rows(x, softmax_of)) == "");
    CHECK(difference(ctx, log_p, by_rows(x, log_softmax_of)) == "");
    for (TestType sum : to_host(ctx, ops::sum(ctx, p, 1))) CHECK_NEAR(sum, 1, 2 * tolerance<TestType>::relative);
  }
  auto const spread = fsis::from_host<TestType>(ctx, {1, 3}, {TestType(-1e4), TestType(0), TestType(1e4)});
  CHECK(to_host(ctx, ops::softmax(ctx, spread)) == std::vector<TestType>{0, 0, 1});
  CHECK(to_host(ctx, ops::log_softmax(ctx, spread)) == std::vector<TestType>{TestType(-2e4), TestType(-1e4), 0});
}

TEMPLATE_TEST_CASE("rows of softmax sum to one", "", float, double) {
  cpu_context const ctx;
  auto const p = ops::softmax(ctx, random_tensor<TestType>(ctx, {40, 21}, 5, -30, 30));
  for (TestType sum : to_host(ctx, ops::sum(ctx, p, -1))) CHECK_NEAR(sum, 1, 2 * tolerance<TestType>::relative);
}

TEST_CASE("softmax's backward passes equal their definitions") {
  cpu_context const ctx;
  auto const x = random_tensor<double>(ctx, {4, 6}, 6, -2, 2), g = random_tensor<double>(ctx, {4, 6}, 7);
  auto const y = ops::softmax(ctx, x);
  std::vector<double> by_softmax, by_logarithm;
  for (index_t row = 0; row < 4; ++row)
    for (index_t i = 0; i < 6; ++i) {
      double a = 0, b = 0;  // sum over j of g_j * dy_j/dx_i
      for (index_t j = 0; j < 6; ++j) {
        double const pi = y.data()[row * 6 + i], pj = y.data()[row * 6 + j], gj = g.data()[row * 6 + j];
        a += gj * pj * ((i == j ? 1 : 0) - pi);
        b += gj * ((i == j ? 1 : 0) - pi);
      }
      by_softmax.push_back(a);
      by_logarithm.push_back(b);
    }
  CHECK(difference(ctx, ops::softmax_backward(ctx, g, y), by_softmax) == "");
  CHECK(difference(ctx, ops::log_softmax_backward(ctx, g, ops::log_softmax(ctx, x)), by_logarithm) == "");
}

TEMPLATE_TEST_CASE("rows of unit length", "", float, double) {
  cpu_context const ctx;
  for (double epsilon : {0.0, 0.5}) {
    auto const x = random_tensor<TestType>(ctx, {3, 4, 5}, 8);
    auto const r = ops::unit_rows(ctx, x, static_cast<TestType>(epsilon));
    CHECK(r.y.extents() == x.extents());
    CHECK(r.norm.extents() == shape{12});
    auto const length = [](std::vector<double> const& row) {
      double sum = 0;
      for (double v : row) sum += v * v;
      return std::sqrt(sum);
    };
    CHECK(difference(ctx, r.norm, by_rows(x, [&](auto const& row) { return std::vector<double>{length(row)}; })) ==
          "");
    CHECK(difference(ctx, r.y, by_rows(x, [&](auto row) {
            double const n = length(row) + epsilon;
            for (double& v : row) v /= n;
            return row;
          })) == "");
  }
}

TEMPLATE_TEST_CASE("a zero row stays zero and has no gradient", "", float, double) {
  cpu_context const ctx;
  auto const x = fsis::from_host<TestType>(ctx, {2, 2}, {0, 0, 3, 4});
  for (TestType epsilon : {TestType(0), TestType(1e-3)}) {
    auto const r = ops::unit_rows(ctx, x, epsilon);
    auto const y = to_host(ctx, r.y);
    CHECK(y[0] == 0);
    CHECK(y[1] == 0);
    CHECK_NEAR(y[2], 3 / (5 + epsilon), tolerance<TestType>::absolute);
    CHECK(to_host(ctx, r.norm) == std::vector<TestType>{0, 5});
    auto const dx = to_host(ctx, ops::unit_rows_backward(ctx, ops::full(ctx, {2, 2}, TestType(1)), r, epsilon));
    CHECK(dx[0] == 0);
    CHECK(dx[1] == 0);
    CHECK(dx[2] != 0);
  }
}

TEST_CASE("channel ops' bytes do not depend on the number of threads") {
  shape const extents{2, 61, 59, 12};
  CHECK(same_bytes_for_any_threads([&](cpu_context const& ctx) {
    return ops::log_softmax(ctx, random_tensor<float>(ctx, extents, 1));
  }));
  CHECK(same_bytes_for_any_threads([&](cpu_context const& ctx) {
    return ops::dot_to_channels(ctx, random_tensor<float>(ctx, extents, 1), random_tensor<float>(ctx, extents, 2));
  }));
  CHECK(same_bytes_for_any_threads([&](cpu_context const& ctx) {
    return ops::unit_rows(ctx, random_tensor<float>(ctx, extents, 1)).y;
  }));
}

TEST_CASE("channel ops say what does not fit") {
  cpu_context const ctx;
  tensor<float> const x(ctx, {2, 3}), two(ctx, {2}), three(ctx, {3}), scalar(ctx, {}), none(ctx, {2, 0});
  CHECK(mentions(error_text([&] { ops::scale_bias(ctx, x, two, three); }), "scale_bias", "scale (2)", "(2,3)",
                 "3 channels"));
  CHECK(mentions(error_text([&] { ops::scale_bias(ctx, x, three, two); }), "scale_bias", "bias (2)", "3 channels"));
  CHECK(mentions(error_text([&] { ops::scale_channels(ctx, x, two); }), "scale_channels", "scale (2)"));
  CHECK(mentions(error_text([&] { ops::softmax(ctx, scalar); }), "softmax", "()", "no channels"));
  CHECK(mentions(error_text([&] { ops::log_softmax(ctx, none); }), "log_softmax", "(2,0)", "no channels"));
  CHECK(mentions(error_text([&] { ops::unit_rows(ctx, scalar); }), "unit_rows", "no channels"));
  CHECK(mentions(error_text([&] { ops::dot_to_channels(ctx, x, three); }), "dot_to_channels", "(2,3)", "(3)"));
  CHECK(mentions(error_text([&] { ops::softmax_backward(ctx, x, three); }), "softmax_backward", "(2,3)", "(3)"));
  CHECK_THROWS_AS(ops::unit_rows_backward(ctx, three, ops::unit_rows(ctx, ops::full(ctx, {2, 3}, 1.0f))),
                  fsis::shape_error);
}
