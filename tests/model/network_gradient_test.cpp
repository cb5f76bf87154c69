// SPDX-License-Identifier: MIT
#include <fsis/model/network.hpp>

#include <fsis/autograd/functions/reduce.hpp>
#include <fsis/nn/gradcheck_layer.hpp>

#include <model/tiny.hpp>
#include <support/catch.hpp>
#include <support/layer.hpp>

using namespace fsis;
using namespace fsis_test;
using doubles = tensor<double>;

namespace {

template <class Architecture>
using net_of = network<Architecture, cpu_context, double>;

/// Some elements of every input and every trained parameter, picture to logits.
template <class Architecture>
void check_gradients(std::uint64_t seed, phase how) {
  cpu_context ctx;
  using net_type = net_of<Architecture>;
  net_type net;
  randomise(ctx, net, seed);
  net.freeze_prior();
  auto const in = random_inputs<net_type>(ctx, 1, 32, 32, seed + 10);
  std::vector<doubles> x{in.image.value, in.maps.value};
  if (in.support.value.defined()) x.push_back(in.support.value);
  if (in.prior.value.defined()) x.push_back(in.prior.value);
  auto const call = [&](auto& t, net_type const& n, std::vector<variable<doubles>> const& v) {
    typename net_type::inputs i;
    i.image = v[0];
    i.maps = v[1];
    if (in.support.value.defined()) i.support = v[2];
    if (in.prior.value.defined()) i.prior = v.back();
    i.click_prior = in.click_prior;  // constants
    i.self_support = in.self_support;
    return n(t, i);
  };
  gradcheck_options o;
  o.elements = 3;
  // thousands of relus and maxima, each with a kink: the steps are small enough to find one without any between,
  // and so small that rounding shows in the sixth digit
  o.steps = {1e-6, 1e-7};
  o.relative = 1e-5;
  auto const r = nn::gradcheck_layer(ctx, net, x, call, how, o);
  INFO(Architecture::name << ", " << r.text());
  CHECK(r.ok);
}

}  // namespace

TEST_CASE("network: gradients from the logits to every input and parameter") {
  SECTION("as the thesis has it") { check_gradients<tiny>(1, phase::training); }
  SECTION("with batch norm, training") { check_gradients<tiny_norm>(2, phase::training); }
  SECTION("with batch norm, inference") { check_gradients<tiny_norm>(3, phase::inference); }
  SECTION("middle trunk frozen") { check_gradients<tiny_frozen>(4, phase::training); }
  SECTION("click prior") { check_gradients<tiny_click_prior>(6, phase::training); }
  SECTION("self-support") { check_gradients<tiny_self_support>(7, phase::training); }
  SECTION("support as features, 3x3 fusion") { check_gradients<tiny_features>(5, phase::training); }
}

TEST_CASE("network: parameters of the frozen prior get no gradient, all others do") {
  cpu_context ctx;
  auto const check = [&](auto& net) {
    using net_type = std::decay_t<decltype(net)>;
    randomise(ctx, net, 7);
    net.freeze_prior();
    auto in = random_inputs<net_type>(ctx, 2, 32, 32, 8);
    tape<doubles> t(ctx);
    in.image = t.input(in.image.value);
    t.backward(sum_of_squares(t, net(t, in)));
    nn::visit_parameters(net, [&](std::string const& name, auto const& p) {
      INFO(name);
      auto const g = t.parameter_gradient(&p);
      bool const learned = p.purpose == nn::role::learned && name.compare(0, 6, "prior.") != 0;
      CHECK(g.defined() == learned);
      if (learned && p.extents.rank() == 4) CHECK(item(ctx, ops::sum_of_squares(ctx, g)) > 0);
    });
    // the gradient passes through a frozen trunk to what lies before it
    CHECK(item(ctx, ops::sum_of_squares(ctx, t.gradient(in.image))) > 0);
  };
  net_of<tiny_norm> tuned;
  check(tuned);
  net_of<tiny_frozen> frozen;
  check(frozen);
}
