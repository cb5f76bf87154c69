// SPDX-License-Identifier: MIT
#include <fsis/nn/parameter.hpp>

#include <fsis/autograd/functions/elementwise.hpp>
#include <fsis/autograd/functions/reduce.hpp>
#include <fsis/nn/batch_norm.hpp>
#include <fsis/nn/conv.hpp>
#include <fsis/nn/linear.hpp>
#include <fsis/nn/sequential.hpp>

#include <support/catch.hpp>
#include <support/layer.hpp>
#include <support/near.hpp>
#include <support/random_tensor.hpp>

#include <type_traits>

using namespace fsis;
using fsis_test::bytes_of_parameters;
using fsis_test::bytes_of_tensor;

namespace {

template <class T>
using small_net = nn::sequential<nn::conv<2, 4, 3, tensor<T>>, nn::batch_norm<4, tensor<T>>,
                                 nn::conv<4, 4, 3, tensor<T>>, nn::conv<4, 4, 3, tensor<T>>>;

struct moments {
  double mean, variance;
};

moments moments_of(std::vector<float> const& values) {
  double sum = 0, squares = 0, n = static_cast<double>(values.size());
  for (float v : values) sum += v;
  for (float v : values) squares += (v - sum / n) * (v - sum / n);
  return {sum / n, squares / n};
}

}  // namespace

TEST_CASE("initialise: the values follow from the seed alone") {
  cpu_context ctx;
  small_net<float> a, b, c;
  nn::initialise(ctx, a, 7);
  nn::initialise(ctx, b, 7);
  nn::initialise(ctx, c, 8);
  CHECK(bytes_of_parameters(ctx, a) == bytes_of_parameters(ctx, b));
  CHECK(bytes_of_parameters(ctx, a) != bytes_of_parameters(ctx, c));
  // equal layers at different places start differently
  CHECK(bytes_of_parameters(ctx, a, "2.weight") != bytes_of_parameters(ctx, a, "3.weight"));
  // a second time is the same again
  nn::initialise(ctx, c, 7);
  CHECK(bytes_of_parameters(ctx, a) == bytes_of_parameters(ctx, c));
}

TEST_CASE("initialise: float values are the rounded double ones") {
  cpu_context ctx;
  small_net<float> single;
  small_net<double> twice;
  nn::initialise(ctx, single, 5);
  nn::initialise(ctx, twice, 5);
  auto const x = to_host(ctx, single.layer<0>().weight.value);
  auto const y = to_host(ctx, twice.layer<0>().weight.value);
  REQUIRE(x.size() == y.size());
  for (std::size_t i = 0; i < x.size(); ++i) CHECK(x[i] == static_cast<float>(y[i]));
}

TEST_CASE("initialise: filters have the variance 2 / fan-in of He et al., everything else is constant") {
  cpu_context ctx;
  SECTION("convolution") {
    nn::conv<32, 64, 3> layer;
    nn::initialise(ctx, layer, 1);
    auto const m = moments_of(to_host(ctx, layer.weight.value));  // 18432 values: the variance is known to about 1 %
    CHECK_NEAR(m.mean, 0, 4 * std::sqrt(2.0 / 288 / 18432));
    CHECK_NEAR(m.variance * 288 / 2, 1, 0.05);
    for (float b : to_host(ctx, layer.bias.value)) CHECK(b == 0);
  }
  SECTION("in groups a filter sees its group only") {
    nn::conv<32, 64, 3, tensor<float>, nn::same<1, 1, 4>> layer;
    nn::initialise(ctx, layer, 2);
    CHECK(layer.weight.value.extents() == shape{64, 3, 3, 8});
    CHECK_NEAR(moments_of(to_host(ctx, layer.weight.value)).variance * 72 / 2, 1, 0.1);
  }
  SECTION("matrix") {
    nn::linear<200, 100> layer;
    nn::initialise(ctx, layer, 3);
    CHECK_NEAR(moments_of(to_host(ctx, layer.weight.value)).variance * 200 / 2, 1, 0.05);
  }
  SECTION("norm") {
    nn::batch_norm<3> layer;
    nn::initialise(ctx, layer, 4);
    CHECK(to_host(ctx, layer.weight.value) == std::vector<float>{1, 1, 1});
    CHECK(to_host(ctx, layer.bias.value) == std::vector<float>{0, 0, 0});
    CHECK(to_host(ctx, layer.running_mean.value) == std::vector<float>{0, 0, 0});
    CHECK(to_host(ctx, layer.running_variance.value) == std::vector<float>{1, 1, 1});
  }
}

TEST_CASE("parameter: it has no value before it is initialised, and says so") {
  cpu_context ctx;
  nn::conv<3, 5> layer;
  tape<tensor<float>> t(ctx);
  auto const x = variable<tensor<float>>(ops::zeros<float>(ctx, {1, 4, 4, 3}));
  CHECK_THROWS_AS(layer(t, x), value_error);
  CHECK(mentions(error_text([&] { layer(t, x); }), "parameter of shape (5", "initialise or load"));
}

TEST_CASE("parameter: a layer is moved, not copied by accident") {
  using layer = nn::conv<3, 5>;
  static_assert(!std::is_copy_constructible<layer>::value && !std::is_copy_assignable<layer>::value,
                "copies would share elements");
  static_assert(std::is_nothrow_move_constructible<nn::parameter<tensor<float>>>::value, "moves are free");
  cpu_context ctx;
  layer a;
  nn::initialise(ctx, a, 1);
  auto const* elements = a.weight.value.data();
  layer const b = std::move(a);
  CHECK(b.weight.value.data() == elements);
}

TEST_CASE("copy_parameters: equal bytes, nothing shared") {
  cpu_context ctx;
  small_net<float> from, to;
  fsis_test::randomise(ctx, from, 1);
  nn::copy_parameters(ctx, from, to);
  auto const copied = bytes_of_parameters(ctx, to);
  CHECK(copied == bytes_of_parameters(ctx, from));
  CHECK(copied.size() == 4u * (72 + 4 + 16 + 2 * (144 + 4)));  // running averages too
  nn::visit_parameters(from, [](std::string const&, auto& p) { p.value.data()[0] += 1; });
  CHECK(bytes_of_parameters(ctx, to) == copied);
  nn::visit_parameters(to, [](std::string const&, auto const& p) { CHECK(p.value.unique()); });

  small_net<float> const empty;
  nn::copy_parameters(ctx, empty, to);
  nn::visit_parameters(to, [](std::string const&, auto const& p) { CHECK_FALSE(p.value.defined()); });
}

TEST_CASE("parameter_count: what is learned, not what is measured") {
  small_net<float> const net;
  CHECK(nn::parameter_count(net) == 4 * 18 + 4 + (4 + 4) + 2 * (4 * 36 + 4));
}

TEST_CASE("set_trainable: constants get no gradient, and everything behind them still does") {
  cpu_context ctx;
  small_net<double> net;
  fsis_test::randomise(ctx, net, 2);
  nn::set_trainable(net.layer<0>(), false);
  net.layer<2>().bias.trainable = false;
  tape<tensor<double>> t(ctx);
  auto const x = t.input(fsis_test::random_tensor<double>(ctx, {1, 5, 5, 2}, 1));
  t.backward(sum_of_squares(t, net(t, x)));
  nn::visit_parameters(net, [&](std::string const& name, auto const& p) {
    INFO(name);
    bool const constant = name == "0.weight" || name == "0.bias" || name == "2.bias";
    bool const measured = p.purpose == nn::role::running_average;
    CHECK(t.parameter_gradient(&p).defined() == !(constant || measured));
  });
  CHECK(ops::norm2(ctx, t.gradient(x)).data()[0] > 0);
}

TEST_CASE("parameter: gradients of several uses add, at a value that stays where it is") {
  cpu_context ctx;
  nn::linear<2, 2, tensor<double>> layer;
  fsis_test::randomise(ctx, layer, 3);
  auto const once = [&](double factor) {
    tape<tensor<double>> t(ctx);
    auto const x = variable<tensor<double>>(fsis_test::random_tensor<double>(ctx, {3, 2}, 4));
    auto const y = affine(t, layer(t, x), factor, 0);
    t.backward(sum(t, y));
    return to_host(ctx, t.parameter_gradient(&layer.weight));
  };
  tape<tensor<double>> t(ctx);
  auto const x = variable<tensor<double>>(fsis_test::random_tensor<double>(ctx, {3, 2}, 4));
  t.backward(sum(t, add(t, layer(t, x), affine(t, layer(t, x), 2, 0))));
  auto const both = to_host(ctx, t.parameter_gradient(&layer.weight));
  auto const triple = once(3);
  for (std::size_t i = 0; i < both.size(); ++i) CHECK_NEAR(both[i], triple[i], 1e-12);
}
