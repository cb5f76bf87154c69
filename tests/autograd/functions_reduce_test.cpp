// SPDX-License-Identifier: MIT
#include <fsis/autograd/functions/reduce.hpp>

#include <support/catch.hpp>
#include <support/gradient.hpp>

using namespace fsis_test;
using fsis::cpu_context;
using fsis::shape;
using fsis::tensor;

namespace {

std::vector<shape> const reduced_shapes = {{1}, {5}, {2, 3}, {3, 1, 2}, {2, 3, 2, 4}};

}  // namespace

TEST_CASE("gradients of reductions along an axis") {
  cpu_context const ctx;
  for (auto const& extents : reduced_shapes)
    for (int axis = -extents.rank(); axis < extents.rank(); ++axis) {
      INFO(to_string(extents) << ", axis " << axis);
      auto const x = distinct_tensor<double>(ctx, extents, 1);
      check_gradient([=](auto& t, auto const& v) { return sum(t, v[0], axis); }, {x});
      check_gradient([=](auto& t, auto const& v) { return mean(t, v[0], axis); }, {x});
      check_gradient([=](auto& t, auto const& v) { return max(t, v[0], axis); }, {x});
      check_gradient([=](auto& t, auto const& v) { return min(t, v[0], axis); }, {x});
    }
}

TEST_CASE("gradients of reductions of all elements") {
  cpu_context const ctx;
  for (auto const& extents : reduced_shapes) {
    INFO(to_string(extents));
    auto const x = away_from_zero<double>(ctx, extents, 2);
    check_gradient([](auto& t, auto const& v) { return sum(t, v[0]); }, {x});
    check_gradient([](auto& t, auto const& v) { return mean(t, v[0]); }, {x});
    check_gradient([](auto& t, auto const& v) { return sum_of_squares(t, v[0]); }, {x});
    check_gradient([](auto& t, auto const& v) { return norm2(t, v[0]); }, {x});
  }
  auto const scalar = fsis::from_host<double>(ctx, {}, {-0.7});
  check_gradient([](auto& t, auto const& v) { return sum(t, v[0]); }, {scalar});
  check_gradient([](auto& t, auto const& v) { return norm2(t, v[0]); }, {scalar});
}

TEST_CASE("of equal largest entries the first gets the gradient") {
  cpu_context const ctx;
  fsis::tape<tensor<double>> t(ctx);
  auto const x = t.input(fsis::from_host<double>(ctx, {2, 3}, {1, 2, 2, 0, 0, -1}));
  auto const g = fsis::from_host<double>(ctx, {2}, {10, 20});
  t.backward(max(t, x, 1), g);
  CHECK(to_host(ctx, t.gradient(x)) == std::vector<double>{0, 10, 0, 20, 0, 0});
  fsis::tape<tensor<double>> s(ctx);
  auto const y = s.input(fsis::from_host<double>(ctx, {2, 3}, {1, 1, 2, 0, -1, -1}));
  s.backward(min(s, y, 1), g);
  CHECK(to_host(ctx, s.gradient(y)) == std::vector<double>{10, 0, 0, 0, 20, 0});
}

TEST_CASE("the gradient of the norm is zero at the origin") {
  cpu_context const ctx;
  fsis::tape<tensor<double>> t(ctx);
  auto const x = t.input(fsis::ops::zeros<double>(ctx, {3}));
  t.backward(norm2(t, x));
  CHECK(to_host(ctx, t.gradient(x)) == std::vector<double>{0, 0, 0});
}
