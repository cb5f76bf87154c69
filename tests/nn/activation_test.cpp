// SPDX-License-Identifier: MIT
#include <fsis/nn/activation.hpp>

#include <fsis/nn/gradcheck_layer.hpp>
#include <fsis/nn/parameter.hpp>

#include <support/catch.hpp>
#include <support/layer.hpp>
#include <support/near.hpp>
#include <support/random_tensor.hpp>

using namespace fsis;

namespace {

using values = tensor<double>;

// inputs away from the kink at 0, and without ties for the pools
template <class Layer>
void check_gradients(Layer layer, shape const& extents = {2, 4, 5, 3}) {
  cpu_context ctx;
  auto const x = fsis_test::distinct_tensor<double>(ctx, extents, 51);
  auto const r = nn::gradcheck_layer(ctx, layer, x);
  INFO(r.text());
  CHECK(r.ok);
}

template <class Layer>
std::vector<double> of(Layer const& layer, std::vector<double> const& x) {
  cpu_context ctx;
  no_tape<values> t(ctx);
  auto const row = from_host<double>(ctx, {1, 1, static_cast<index_t>(x.size()), 1}, x);
  return to_host(ctx, layer(t, variable<values>(row)).value);
}

}  // namespace

TEST_CASE("activations: gradients") {
  check_gradients(nn::relu{});
  check_gradients(nn::leaky_relu{});
  check_gradients(nn::leaky_relu{{}, 0.05});
  check_gradients(nn::sigmoid{});
  check_gradients(nn::tanh{});
}

TEST_CASE("pools: gradients") {
  check_gradients(nn::max_pool<>{});
  check_gradients(nn::max_pool<3, 2>{}, {1, 7, 6, 2});
  check_gradients(nn::max_pool<2, 3>{}, {1, 7, 6, 2});
  check_gradients(nn::global_average_pool{});
}

TEST_CASE("activations: values") {
  CHECK(of(nn::relu{}, {-2, 0, 3}) == std::vector<double>{0, 0, 3});
  CHECK(of(nn::leaky_relu{}, {-2, 0, 3}) == std::vector<double>{-0.4, 0, 3});
  CHECK(of(nn::leaky_relu{{}, 0.5}, {-2, 3}) == std::vector<double>{-1, 3});
  CHECK_NEAR(of(nn::sigmoid{}, {0.3})[0], 1 / (1 + std::exp(-0.3)), 1e-15);
  CHECK_NEAR(of(nn::tanh{}, {0.3})[0], std::tanh(0.3), 1e-15);
}

TEST_CASE("pools: values and sizes") {
  cpu_context ctx;
  no_tape<values> t(ctx);
  auto const x = variable<values>(from_host<double>(ctx, {1, 3, 3, 1}, {1, 2, 3, 4, 5, 6, 7, 8, 9}));
  CHECK(to_host(ctx, nn::max_pool<>{}(t, x).value) == std::vector<double>{5});  // the odd row and column are left out
  CHECK(to_host(ctx, nn::max_pool<2, 1>{}(t, x).value) == std::vector<double>{5, 6, 8, 9});
  CHECK(to_host(ctx, nn::max_pool<3>{}(t, x).value) == std::vector<double>{9});
  auto const mean = nn::global_average_pool{}(t, x).value;
  CHECK(mean.extents() == shape{1, 1, 1, 1});
  CHECK(to_host(ctx, mean) == std::vector<double>{5});
}

TEST_CASE("activations and pools: no parameters, any number of channels") {
  static_assert(nn::relu::in_channels == nn::any_channels && nn::max_pool<>::out_channels == nn::any_channels, "any");
  CHECK(fsis_test::names_of(nn::relu{}).empty());
  CHECK(fsis_test::names_of(nn::max_pool<>{}).empty());
}
