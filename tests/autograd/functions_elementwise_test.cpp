// SPDX-License-Identifier: MIT
#include <fsis/autograd/functions/elementwise.hpp>

#include <support/catch.hpp>
#include <support/gradient.hpp>

using namespace fsis_test;
using fsis::cpu_context;
using fsis::shape;
using fsis::tensor;

namespace {

std::vector<shape> const element_shapes = {{}, {1}, {5}, {2, 3}, {2, 3, 2, 4}};

struct pair_of_shapes {
  shape a, b;
};

std::vector<pair_of_shapes> const broadcasts = {
    {{}, {}},           {{3}, {3}},         {{2, 3}, {3}},         {{3}, {2, 3}},
    {{2, 1}, {1, 3}},   {{2, 3}, {}},       {{2, 2, 3, 2}, {2}},   {{2, 2, 3, 2}, {2, 1, 1, 2}},
    {{1, 3, 1}, {2, 1, 2}}, {{2, 2, 3, 1}, {2, 2, 3, 2}}, {{1, 1}, {1}}, {{2, 2}, {2, 2}},
};

}  // namespace

TEST_CASE("gradients of functions of one number") {
  cpu_context const ctx;
  for (auto const& extents : element_shapes) {
    INFO(to_string(extents));
    auto const x = away_from_zero<double>(ctx, extents, 1);
    auto const positive = random_tensor<double>(ctx, extents, 2, 0.5, 2);
    check_gradient([](auto& t, auto const& v) { return relu(t, v[0]); }, {x});
    check_gradient([](auto& t, auto const& v) { return leaky_relu(t, v[0]); }, {x});
    check_gradient([](auto& t, auto const& v) { return leaky_relu(t, v[0], 0.01); }, {x});
    check_gradient([](auto& t, auto const& v) { return sigmoid(t, v[0]); }, {x});
    check_gradient([](auto& t, auto const& v) { return tanh(t, v[0]); }, {x});
    check_gradient([](auto& t, auto const& v) { return exp(t, v[0]); }, {x});
    check_gradient([](auto& t, auto const& v) { return log(t, v[0]); }, {positive});
    check_gradient([](auto& t, auto const& v) { return sqrt(t, v[0]); }, {positive});
    check_gradient([](auto& t, auto const& v) { return square(t, v[0]); }, {x});
    check_gradient([](auto& t, auto const& v) { return affine(t, v[0], -2.5, 3); }, {x});
    check_gradient([](auto& t, auto const& v) { return apply(t, v[0], fsis::kernels::sigmoid{}); }, {x});
  }
}

TEST_CASE("gradients of arithmetic with broadcasting") {
  cpu_context const ctx;
  for (auto const& s : broadcasts) {
    INFO(to_string(s.a) << " and " << to_string(s.b));
    auto const a = random_tensor<double>(ctx, s.a, 1);
    auto const b = away_from_zero<double>(ctx, s.b, 2, 0.5, 1.5);
    check_gradient([](auto& t, auto const& v) { return add(t, v[0], v[1]); }, {a, b});
    check_gradient([](auto& t, auto const& v) { return subtract(t, v[0], v[1]); }, {a, b});
    check_gradient([](auto& t, auto const& v) { return multiply(t, v[0], v[1]); }, {a, b});
    check_gradient([](auto& t, auto const& v) { return divide(t, v[0], v[1]); }, {a, b});
  }
}

TEST_CASE("gradients where one operand is a constant") {
  cpu_context const ctx;
  auto const x = away_from_zero<double>(ctx, {2, 3}, 1, 0.5, 1.5);
  auto const with = [&](auto op) {
    check_gradient(
        [op](auto& t, auto const& v) {
          fsis::variable<tensor_of<decltype(t)>> const c =
              away_from_zero<scalar_of<decltype(t)>>(t.context(), {2, 1}, 3, 0.5, 1.5);
          return op(t, v[0], c);
        },
        {x});
    check_gradient(
        [op](auto& t, auto const& v) {
          fsis::variable<tensor_of<decltype(t)>> const c =
              away_from_zero<scalar_of<decltype(t)>>(t.context(), {2, 1}, 3, 0.5, 1.5);
          return op(t, c, v[0]);
        },
        {x});
  };
  with([](auto& t, auto const& a, auto const& b) { return add(t, a, b); });
  with([](auto& t, auto const& a, auto const& b) { return subtract(t, a, b); });
  with([](auto& t, auto const& a, auto const& b) { return multiply(t, a, b); });
  with([](auto& t, auto const& a, auto const& b) { return divide(t, a, b); });
}

TEST_CASE("gradients where both operands are the same variable") {
  cpu_context const ctx;
  auto const x = away_from_zero<double>(ctx, {2, 3}, 1, 0.5, 1.5);
  check_gradient([](auto& t, auto const& v) { return add(t, v[0], v[0]); }, {x});
  check_gradient([](auto& t, auto const& v) { return subtract(t, v[0], v[0]); }, {x});
  check_gradient([](auto& t, auto const& v) { return multiply(t, v[0], v[0]); }, {x});
  check_gradient([](auto& t, auto const& v) { return divide(t, v[0], v[0]); }, {x});
}

TEST_CASE("the gradient of relu and leaky relu at zero is that of the left side") {
  cpu_context const ctx;
  fsis::tape<tensor<double>> t(ctx);
  auto const x = t.input(fsis::from_host<double>(ctx, {3}, {-1, 0, 1}));
  t.backward(add(t, relu(t, x), leaky_relu(t, x, 0.1)), fsis::ops::full(ctx, {3}, 1.0));
  CHECK(to_host(ctx, t.gradient(x)) == std::vector<double>{0.1, 0.1, 2});
}
