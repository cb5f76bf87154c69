// SPDX-License-Identifier: MIT
#include <fsis/nn/sequential.hpp>

#include <fsis/nn/activation.hpp>
#include <fsis/nn/batch_norm.hpp>
#include <fsis/nn/conv.hpp>
#include <fsis/nn/conv_block.hpp>
#include <fsis/nn/gradcheck_layer.hpp>
#include <fsis/nn/linear.hpp>

#include <support/catch.hpp>
#include <support/layer.hpp>
#include <support/random_tensor.hpp>

#include <type_traits>

using namespace fsis;

namespace {

using values = tensor<double>;
using names = std::vector<std::string>;

struct stem : nn::sequential<nn::conv<3, 4, 3, values>, nn::leaky_relu, nn::max_pool<>, nn::batch_norm<4, values>> {};
struct classifier
    : nn::sequential<stem, nn::conv_block<4, 5, 1, values>, nn::global_average_pool, nn::linear<5, 2, values>> {};

// relu `Count` times
template <class Indices>
struct many;
template <std::size_t... I>
struct many<std::index_sequence<I...>> : nn::sequential<std::conditional_t<(I >= 0), nn::relu, void>...> {};
struct hundred_relus : many<std::make_index_sequence<100>> {};

}  // namespace

TEST_CASE("sequential: channels are those of the first and the last layer that fix them") {
  static_assert(stem::in_channels == 3 && stem::out_channels == 4, "");
  static_assert(classifier::in_channels == 3 && classifier::out_channels == 2, "");
  using pool_first = nn::sequential<nn::max_pool<>, nn::relu, nn::conv<7, 9, 3, values>, nn::relu>;
  static_assert(pool_first::in_channels == 7 && pool_first::out_channels == 9, "");
  using open = nn::sequential<nn::relu, nn::max_pool<>>;
  static_assert(open::in_channels == nn::any_channels && open::out_channels == nn::any_channels, "");
  using inside = nn::sequential<nn::conv<3, 4, 3, values>, open, nn::conv<4, 5, 3, values>>;
  static_assert(inside::in_channels == 3 && inside::out_channels == 5, "");
  static_assert(nn::sequential<>::in_channels == nn::any_channels, "");
}

TEST_CASE("sequential: names are positions") {
  stem const s;
  CHECK(fsis_test::names_of(s) ==
        names{"0.weight", "0.bias", "3.weight", "3.bias", "3.running_mean", "3.running_var"});
  classifier const c;
  CHECK(fsis_test::names_of(c) == names{"0.0.weight", "0.0.bias", "0.3.weight", "0.3.bias", "0.3.running_mean",
                                        "0.3.running_var", "1.conv.weight", "1.conv.bias", "3.weight", "3.bias"});
  names prefixed;
  nn::visit_parameters(c, [&](std::string const& name, auto const&) { prefixed.push_back(name); }, "net.");
  CHECK(prefixed[0] == "net.0.0.weight");
}

TEST_CASE("sequential: the layers run one after the other") {
  cpu_context ctx;
  classifier net;
  fsis_test::randomise(ctx, net, 1);
  no_tape<values> t(ctx);
  auto const x = variable<values>(fsis_test::random_tensor<double>(ctx, {2, 6, 4, 3}, 2));
  auto const& s = net.layer<0>();
  auto y = s.layer<3>()(t, s.layer<2>()(t, s.layer<1>()(t, s.layer<0>()(t, x))));
  y = net.layer<3>()(t, net.layer<2>()(t, net.layer<1>()(t, y)));
  auto const z = net(t, x);
  CHECK(z.value.extents() == shape{2, 1, 1, 2});
  CHECK(to_host(ctx, z.value) == to_host(ctx, y.value));
  static_assert(std::is_same<std::decay_t<decltype(net.layer<1>())>, nn::conv_block<4, 5, 1, values>>::value, "");
}

TEST_CASE("sequential: gradients of everything inside") {
  cpu_context ctx;
  classifier net;
  fsis_test::randomise(ctx, net, 61);
  auto const x = fsis_test::random_tensor<double>(ctx, {2, 4, 4, 3}, 62);
  for (phase how : {phase::training, phase::inference}) {
    auto const r = nn::gradcheck_layer(ctx, net, x, how);
    INFO(r.text());
    CHECK(r.ok);
  }
}

TEST_CASE("sequential: any number of layers, none too") {
  cpu_context ctx;
  no_tape<values> t(ctx);
  auto const x = variable<values>(from_host<double>(ctx, {1, 1, 2, 1}, {-1, 2}));
  CHECK(to_host(ctx, nn::sequential<>{}(t, x).value) == std::vector<double>{-1, 2});
  CHECK(to_host(ctx, hundred_relus{}(t, x).value) == std::vector<double>{0, 2});
  CHECK(hundred_relus::window.radius == 0);
}

TEST_CASE("sequential: an error at run time comes from the layer that saw it") {
  cpu_context ctx;
  stem net;
  fsis_test::randomise(ctx, net, 1);
  no_tape<values> t(ctx);
  auto const run = [&] { net(t, variable<values>(ops::zeros<double>(ctx, {1, 4, 4, 7}))); };
  CHECK_THROWS_AS(run(), shape_error);
  CHECK(mentions(error_text(run), "conv2d", "7", "(4,3,3,3)"));
}
