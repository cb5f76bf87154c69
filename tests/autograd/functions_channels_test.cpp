// SPDX-License-Identifier: MIT
#include <fsis/autograd/functions/channels.hpp>

#include <support/catch.hpp>
#include <support/gradient.hpp>

using namespace fsis_test;
using fsis::cpu_context;
using fsis::index_t;
using fsis::shape;
using fsis::tensor;
namespace ops = fsis::ops;

namespace {

std::vector<shape> const channel_shapes = {{4}, {3, 2}, {5, 1}, {2, 3, 2, 3}};

}  // namespace

TEST_CASE("gradients of scale and bias") {
  cpu_context const ctx;
  for (auto const& extents : channel_shapes) {
    INFO(to_string(extents));
    auto const x = random_tensor<double>(ctx, extents, 1);
    auto const s = random_tensor<double>(ctx, {extents[-1]}, 2), b = random_tensor<double>(ctx, {extents[-1]}, 3);
    auto const f = [](auto& t, auto const& v) { return scale_bias(t, v[0], v[1], v[2]); };
    check_gradient(f, {x, s, b});
    shape const wide{1, 1, 1, extents[-1]};
    check_gradient(f, {x, s.reshaped(wide), b.reshaped(wide)});
  }
}

TEST_CASE("scale and bias of constant features, as in f-BRS") {
  cpu_context const ctx;
  check_gradient(
      [](auto& t, auto const& v) {
        using T = scalar_of<decltype(t)>;
        fsis::variable<tensor_of<decltype(t)>> const features = random_tensor<T>(t.context(), {1, 2, 3, 4}, 1);
        return scale_bias(t, features, v[0], v[1]);
      },
      {random_tensor<double>(ctx, {4}, 2), random_tensor<double>(ctx, {4}, 3)});
}

TEST_CASE("gradients of batch norm in training go through the moments") {
  cpu_context const ctx;
  for (shape const& extents : {shape{6, 1}, shape{7, 3}, shape{2, 3, 2, 3}}) {
    INFO(to_string(extents));
    auto const x = random_tensor<double>(ctx, extents, 1);
    auto const gamma = random_tensor<double>(ctx, {extents[-1]}, 2),
               beta = random_tensor<double>(ctx, {extents[-1]}, 3);
    for (double epsilon : {1e-5, 0.1})
      check_gradient(
          [=](auto& t, auto const& v) {
            return batch_norm(t, v[0], ops::moments(t.context(), v[0].value), v[1], v[2], epsilon, false);
          },
          {x, gamma, beta});
  }
}

TEST_CASE("gradients of a frozen batch norm") {
  cpu_context const ctx;
  for (auto const& extents : channel_shapes) {
    INFO(to_string(extents));
    index_t const C = extents[-1];
    check_gradient(
        [=](auto& t, auto const& v) {
          using T = scalar_of<decltype(t)>;
          ops::channel_moments<T, cpu_context> const m{random_tensor<T>(t.context(), {C}, 4),
                                                       random_tensor<T>(t.context(), {C}, 5, 0.5, 2)};
          return batch_norm(t, v[0], m, v[1], v[2], 1e-5, true);
        },
        {random_tensor<double>(ctx, extents, 1), random_tensor<double>(ctx, {C}, 2),
         random_tensor<double>(ctx, {C}, 3)});
  }
}

TEST_CASE("gradients of softmax and its logarithm") {
  cpu_context const ctx;
  for (auto const& extents : channel_shapes) {
    INFO(to_string(extents));
    auto const x = random_tensor<double>(ctx, extents, 1, -3, 3);
    check_gradient([](auto& t, auto const& v) { return softmax(t, v[0]); }, {x});
    check_gradient([](auto& t, auto const& v) { return log_softmax(t, v[0]); }, {x});
  }
}

TEST_CASE("gradients of rows of unit length") {
  cpu_context const ctx;
  for (auto const& extents : channel_shapes) {
    INFO(to_string(extents));
    auto const x = away_from_zero<double>(ctx, extents, 1);
    for (double epsilon : {0.0, 1e-3, 0.5})
      check_gradient([=](auto& t, auto const& v) { return unit_rows(t, v[0], epsilon); }, {x});
  }
}
