// SPDX-License-Identifier: MIT
#include <fsis/autograd/functions/conv2d.hpp>

#include <fsis/autograd/functions/elementwise.hpp>
#include <fsis/autograd/functions/spatial.hpp>

#include <support/catch.hpp>
#include <support/conv_cases.hpp>
#include <support/gradient.hpp>
#include <support/threads.hpp>

using namespace fsis_test;
using fsis::cpu_context;
using fsis::shape;
using fsis::tensor;
using fsis::variable;
namespace ops = fsis::ops;

namespace {

struct conv_inputs {
  tensor<double> x, filter, bias;
};

/// Inputs whose results keep away from the kink of relu: drawn again until they do.
conv_inputs inputs_of(cpu_context const& ctx, conv_case const& c) {
  for (std::uint64_t seed = 1;; seed += 3) {
    conv_inputs in{random_tensor<double>(ctx, c.x, seed), random_tensor<double>(ctx, c.filter, seed + 1),
                   random_tensor<double>(ctx, {c.filter[0]}, seed + 2)};
    double nearest = 1;
    for (auto const& bias : {tensor<double>(), in.bias})
      for (double y : to_host(ctx, ops::conv2d(ctx, in.x, in.filter, bias, c.options)))
        if (y != 0) nearest = std::min(nearest, std::abs(y));
    if (nearest > 1e-3) return in;
  }
}

/// A small network with two scales and a skip connection.
template <class Tape, class Tensor>
variable<Tensor> small_network(Tape& t, std::vector<variable<Tensor>> const& v) {
  auto const fine = conv2d_relu(t, v[0], v[1], v[2], conv_with({1, 1}, {1, 1}));
  auto const coarse = conv2d_relu(t, average_pool(t, fine), v[3], {}, conv_with({1, 1}, {1, 1}));
  auto const wide = resize(t, coarse, v[0].value.extent(1), v[0].value.extent(2));
  return conv2d(t, concatenate(t, std::vector<variable<Tensor>>{fine, wide}), v[4]);
}

std::vector<tensor<double>> network_inputs(cpu_context const& ctx, shape const& x) {
  return {random_tensor<double>(ctx, x, 1), random_tensor<double>(ctx, {4, 3, 3, x[3]}, 2, -0.4, 0.4),
          random_tensor<double>(ctx, {4}, 3), random_tensor<double>(ctx, {5, 3, 3, 4}, 4, -0.3, 0.3),
          random_tensor<double>(ctx, {2, 1, 1, 9}, 5)};
}

}  // namespace

TEST_CASE("gradients of conv2d and of conv2d with relu") {
  cpu_context const ctx;
  for (auto const& c : small_conv_cases()) {
    INFO(c);
    auto const in = inputs_of(ctx, c);
    auto const o = c.options;
    check_gradient([=](auto& t, auto const& v) { return conv2d(t, v[0], v[1], v[2], o); },
                   {in.x, in.filter, in.bias});
    check_gradient([=](auto& t, auto const& v) { return conv2d(t, v[0], v[1], {}, o); }, {in.x, in.filter});
    check_gradient([=](auto& t, auto const& v) { return conv2d_relu(t, v[0], v[1], v[2], o); },
                   {in.x, in.filter, in.bias});
    check_gradient([=](auto& t, auto const& v) { return conv2d_relu(t, v[0], v[1], {}, o); }, {in.x, in.filter});
    auto const g = ops::conv_geometry_of(c.x, c.filter, o);
    if (g.P < 2 || g.Q < 2) continue;
    check_gradient([=](auto& t, auto const& v) { return conv2d_relu_max_pool(t, v[0], v[1], v[2], o); },
                   {in.x, in.filter, in.bias});
  }
}

TEST_CASE("conv2d with relu is conv2d and then relu, forth and back") {
  cpu_context const ctx;
  for (auto const& c : small_conv_cases()) {
    INFO(c);
    auto const in = inputs_of(ctx, c);
    auto const o = c.options;
    std::vector<tensor<double>> const all = {in.x, in.filter, in.bias};
    auto const fused = differentiate<double>(
        ctx, [=](auto& t, auto const& v) { return conv2d_relu(t, v[0], v[1], v[2], o); }, all);
    auto const apart = differentiate<double>(
        ctx, [=](auto& t, auto const& v) { return relu(t, conv2d(t, v[0], v[1], v[2], o)); }, all);
    CHECK(to_host(ctx, fused.y) == to_host(ctx, apart.y));
    for (std::size_t i = 0; i < 3; ++i)
      CHECK(to_host(ctx, fused.gradients[i]) == to_host(ctx, apart.gradients[i]));
  }
}

TEST_CASE("conv2d of constants: only the recorded operand gets a gradient") {
  cpu_context const ctx;
  auto const x = random_tensor<double>(ctx, {1, 4, 4, 2}, 1), f = random_tensor<double>(ctx, {3, 3, 3, 2}, 2);
  auto const bias = random_tensor<double>(ctx, {3}, 3);
  auto const constant = [](auto& t, tensor<double> const& value) {
    return variable<tensor_of<decltype(t)>>(ops::cast<scalar_of<decltype(t)>>(t.context(), value));
  };
  check_gradient([&](auto& t, auto const& v) { return conv2d(t, v[0], constant(t, f), constant(t, bias)); }, {x});
  check_gradient([&](auto& t, auto const& v) { return conv2d(t, constant(t, x), v[0], constant(t, bias)); }, {f});
  check_gradient([&](auto& t, auto const& v) { return conv2d(t, constant(t, x), constant(t, f), v[0]); }, {bias});
  fsis::tape<tensor<double>> t(ctx);
  using constant_of = variable<tensor<double>>;
  CHECK(!conv2d(t, constant_of(x), constant_of(f), constant_of(bias)).is_recorded());
}

TEST_CASE("gradients of a product of matrices") {
  cpu_context const ctx;
  for (shape const& s : {shape{1, 1, 1}, shape{2, 3, 4}, shape{1, 5, 2}, shape{4, 1, 3}, shape{3, 2, 1}}) {
    INFO(to_string(s));
    check_gradient([](auto& t, auto const& v) { return matmul(t, v[0], v[1]); },
                   {random_tensor<double>(ctx, {s[0], s[1]}, 1), random_tensor<double>(ctx, {s[1], s[2]}, 2)});
  }
  check_gradient([](auto& t, auto const& v) { return matmul(t, v[0], v[0]); },
                 {random_tensor<double>(ctx, {3, 3}, 3)});
}

TEST_CASE("gradients of a small network") {
  cpu_context const ctx;
  check_gradient([](auto& t, auto const& v) { return small_network(t, v); }, network_inputs(ctx, {1, 5, 6, 2}));
}

TEST_CASE("a network's gradients are the same bytes for any number of threads") {
  auto const network = [](auto& t, auto const& v) { return small_network(t, v); };
  for (std::size_t input = 0; input < 5; ++input) {
    INFO("gradient of input " << input);
    CHECK(same_bytes_for_any_threads([&](cpu_context const& ctx) {
      return differentiate<float>(ctx, network, network_inputs(ctx, {2, 54, 61, 3})).gradients[input];
    }));
  }
}
