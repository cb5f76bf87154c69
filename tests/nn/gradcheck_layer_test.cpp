// SPDX-License-Identifier: MIT
#include <fsis/nn/gradcheck_layer.hpp>

#include <fsis/autograd/functions/elementwise.hpp>
#include <fsis/nn/conv.hpp>

#include <support/catch.hpp>
#include <support/layer.hpp>
#include <support/near.hpp>
#include <support/random_tensor.hpp>

#include <stdexcept>

using namespace fsis;
using fsis_test::bytes_of_parameters;
using fsis_test::random_tensor;
using fsis_test::randomise;

namespace {

using values = tensor<double>;

/// y = a x + b with pullbacks that are wrong by the given factors.
struct crooked {
  static constexpr index_t count = 3;
  nn::parameter<values> scale{{count}, nn::initial::one};
  nn::parameter<values> bias{{count}, nn::initial::zero};
  double input_factor = 1, scale_factor = 1, bias_factor = 1;

  template <class Tape>
  variable<values> operator()(Tape& t, variable<values> const& x) const {
    auto const a = scale.on(t), b = bias.on(t);
    auto const& ctx = t.context();
    return t.record(
        ops::add(ctx, ops::multiply(ctx, x.value, a.value), b.value),
        [x, a, b, f = input_factor, g = scale_factor, h = bias_factor](auto& tape, values const& d) {
          auto const& c = tape.context();
          tape.add(x.slot, ops::affine(c, ops::multiply(c, d, a.value), f, 0));
          tape.add(a.slot, ops::affine(c, ops::sum_to_shape(c, ops::multiply(c, d, x.value), {count}), g, 0));
          if (h != 0) tape.add(b.slot, ops::affine(c, ops::sum_to_shape(c, d, {count}), h, 0));
        },
        x, a, b);
  }

  template <class Self, class F>
  static void visit(Self& self, std::string const& prefix, F& f) {
    f(prefix + "scale", self.scale);
    f(prefix + "bias", self.bias);
  }
};

/// A square that sums two inputs; the second counts three times.
struct two_inputs {
  nn::parameter<values> weight{{2}, nn::initial::one};
  template <class Self, class F>
  static void visit(Self& self, std::string const& prefix, F& f) {
    f(prefix + "weight", self.weight);
  }
};

/// Another function in training than in inference.
struct two_phases {
  template <class Tape>
  variable<values> operator()(Tape& t, variable<values> const& x) const {
    return t.current_phase() == phase::training ? square(t, x) : affine(t, x, 3, 0);
  }
  template <class Self, class F>
  static void visit(Self&, std::string const&, F&) {}
};

}  // namespace

TEST_CASE("gradcheck_layer: right gradients pass, and the layer is as before") {
  cpu_context ctx;
  crooked layer;
  randomise(ctx, layer, 3);
  auto const before = bytes_of_parameters(ctx, layer);
  auto const* where = layer.scale.value.data();
  auto const r = nn::gradcheck_layer(ctx, layer, random_tensor<double>(ctx, {2, 3}, 1));
  INFO(r.text());
  CHECK(r.ok);
  CHECK(bytes_of_parameters(ctx, layer) == before);
  CHECK(layer.scale.value.data() == where);
}

TEST_CASE("gradcheck_layer: a gradient that is wrong by a thousandth is found and named") {
  cpu_context ctx;
  auto const x = random_tensor<double>(ctx, {2, 3}, 1);
  crooked layer;
  randomise(ctx, layer, 3);
  SECTION("of the input") {
    layer.input_factor = 1.001;
    auto const r = nn::gradcheck_layer(ctx, layer, x);
    CHECK_FALSE(r.ok);
    CHECK(mentions(r.text(), "input 0", "WRONG"));
    CHECK(r.input == 0);
    CHECK_NEAR(r.analytic / r.numeric, 1.001, 1e-6);
  }
  SECTION("of a parameter") {
    layer.scale_factor = 0.999;
    auto const r = nn::gradcheck_layer(ctx, layer, x);
    CHECK_FALSE(r.ok);
    CHECK(r.name == "scale");
    CHECK_NEAR(r.analytic / r.numeric, 0.999, 1e-6);
  }
  SECTION("or missing") {
    layer.bias_factor = 0;
    auto const r = nn::gradcheck_layer(ctx, layer, x);
    CHECK_FALSE(r.ok);
    CHECK(r.name == "bias");
    CHECK_NEAR(r.analytic, 0, 1e-12);
  }
  SECTION("unless that parameter is a constant") {
    layer.bias_factor = 0;
    layer.bias.trainable = false;
    CHECK(nn::gradcheck_layer(ctx, layer, x).ok);
  }
}

TEST_CASE("gradcheck_layer: several inputs") {
  cpu_context ctx;
  two_inputs layer;
  randomise(ctx, layer, 8);
  double factor = 3;
  auto const call = [&](auto& t, two_inputs const& l, std::vector<variable<values>> const& x) {
    auto const numeric_factor = t.records_parameters() ? 3.0 : factor;
    return square(t, multiply(t, l.weight.on(t), add(t, x[0], affine(t, x[1], numeric_factor, 0))));
  };
  std::vector<values> const x{random_tensor<double>(ctx, {4, 2}, 1), random_tensor<double>(ctx, {4, 2}, 2)};
  CHECK(nn::gradcheck_layer(ctx, layer, x, call).ok);
  factor = 3.0001;
  auto const r = nn::gradcheck_layer(ctx, layer, x, call);
  CHECK_FALSE(r.ok);
}

TEST_CASE("gradcheck_layer: the phase is that of the caller on both sides") {
  cpu_context ctx;
  two_phases layer;
  auto const x = from_host<double>(ctx, {1}, {2});
  auto const trains = nn::gradcheck_layer(ctx, layer, x, phase::training);
  auto const computes = nn::gradcheck_layer(ctx, layer, x, phase::inference);
  CHECK(trains.ok);
  CHECK(computes.ok);
  CHECK_NEAR(trains.numeric / computes.numeric, 4.0 / 3, 1e-6);  // 2 x and 3
}

TEST_CASE("gradcheck_layer: the layer is unchanged when the call throws in the middle") {
  cpu_context ctx;
  crooked layer;
  randomise(ctx, layer, 3);
  auto const before = bytes_of_parameters(ctx, layer);
  int calls = 0;
  auto const call = [&](auto& t, crooked const& l, std::vector<variable<values>> const& x) {
    if (++calls == 60) throw std::runtime_error("enough");
    return l(t, x[0]);
  };
  std::vector<values> const x{random_tensor<double>(ctx, {2, 3}, 1)};
  CHECK(error_text([&] { nn::gradcheck_layer(ctx, layer, x, call); }) == "enough");
  CHECK(bytes_of_parameters(ctx, layer) == before);
}

TEST_CASE("gradcheck: of a large input as many elements are looked at as asked for") {
  cpu_context ctx;
  crooked layer;
  randomise(ctx, layer, 3);
  gradcheck_options o;
  o.elements = 2;
  o.steps = {1e-5};
  int calls = 0;
  auto const call = [&](auto& t, crooked const& l, std::vector<variable<values>> const& x) {
    ++calls;
    return l(t, x[0]);
  };
  std::vector<values> const x{random_tensor<double>(ctx, {50, 3}, 1)};
  CHECK(nn::gradcheck_layer(ctx, layer, x, call, phase::training, o).ok);
  CHECK(calls == 1 + 2 * (2 + 2 + 2));  // once forward; two sides of two elements of input, scale and bias
}
