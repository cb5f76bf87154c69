// SPDX-License-Identifier: MIT
#include <fsis/model/network.hpp>

#include <model/tiny.hpp>
#include <support/catch.hpp>
#include <support/compare.hpp>
#include <support/layer.hpp>
#include <support/threads.hpp>

#include <thread>

using namespace fsis;
using namespace fsis_test;
using single = tensor<float>;

namespace {

template <class Architecture>
network<Architecture> random_network(cpu_context const& ctx, std::uint64_t seed = 1) {
  network<Architecture> net;
  randomise(ctx, net, seed);
  return net;
}

template <class Architecture>
void check_shapes(index_t N, index_t H, index_t W) {
  cpu_context ctx;
  using net_type = network<Architecture>;
  auto const net = random_network<Architecture>(ctx);
  auto const in = random_inputs<net_type>(ctx, N, H, W, 2);
  no_tape<single> t(ctx);
  INFO(Architecture::name << " " << N << "x" << H << "x" << W);
  auto const query = net.query(t, in.image, in.maps);
  CHECK(query.value.extents() == shape{N, H / 8, W / 8, net_type::width});
  auto const joined = net.joined(t, query, in);
  CHECK(joined.value.extents() == shape{N, H / 8, W / 8, net_type::joined_channels});
  auto const joint = net.joint(t, joined);
  CHECK(joint.value.extents() == shape{N, H / 8, W / 8, net_type::width});
  auto const logits = net.logits(t, joint, H, W);
  CHECK(logits.value.extents() == shape{N, H, W, 1});
  CHECK(to_host(ctx, net(t, in).value) == to_host(ctx, logits.value));
}

}  // namespace

TEST_CASE("network: shapes of every part, for each variant") {
  check_shapes<tiny>(1, 32, 32);
  check_shapes<tiny>(2, 48, 80);  // odd multiples of 16: the prior's cells are 3x5, the junction's 6x10
  check_shapes<tiny>(1, 16, 16);
  check_shapes<tiny_norm>(1, 16, 48);
  check_shapes<tiny_frozen>(1, 32, 16);
  check_shapes<tiny_features>(2, 32, 48);
  check_shapes<tiny_without_focus>(1, 32, 32);
  check_shapes<tiny_late_clicks>(2, 32, 48);
  check_shapes<tiny_click_prior>(2, 32, 48);
  check_shapes<tiny_click_prior_alone>(1, 48, 32);
  check_shapes<tiny_self_support>(2, 32, 48);
  check_shapes<tiny_alone>(2, 32, 32);
  check_shapes<tiny_prior_only>(1, 32, 32);
}

TEST_CASE("network: a batch is the same as its pictures one by one") {
  cpu_context ctx;
  auto const net = random_network<tiny_norm>(ctx);
  auto const in = random_inputs<network<tiny_norm>>(ctx, 3, 32, 48, 3);
  no_tape<single> t(ctx);
  auto const all = net(t, in).value;
  for (index_t n = 0; n < 3; ++n) {
    network<tiny_norm>::inputs one;
    one.image = in.image.value.slice(n, 1);
    one.maps = in.maps.value.slice(n, 1);
    one.support = in.support.value.slice(n, 1);
    one.prior = in.prior.value.slice(n, 1);
    CHECK(difference(ctx, net(t, one).value, all.slice(n, 1)) == "");
  }
}

TEST_CASE("network: one prototype serves all pictures of a batch") {
  cpu_context ctx;
  auto const net = random_network<tiny>(ctx);
  auto in = random_inputs<network<tiny>>(ctx, 2, 32, 32, 3);
  in.support = in.support.value.slice(0, 1);
  no_tape<single> t(ctx);
  auto const all = net(t, in).value;
  in.image = in.image.value.slice(1, 1);
  in.maps = in.maps.value.slice(1, 1);
  in.prior = in.prior.value.slice(1, 1);
  CHECK(difference(ctx, net(t, in).value, all.slice(1, 1)) == "");
}

TEST_CASE("network: every branch matters") {
  cpu_context ctx;
  using net_type = network<tiny_self_support>;
  auto const net = random_network<tiny_self_support>(ctx);
  no_tape<single> t(ctx);
  auto const before = to_host(ctx, net(t, random_inputs<net_type>(ctx, 1, 32, 32, 4)).value);
  auto const changed = [&](auto change) {
    auto in = random_inputs<net_type>(ctx, 1, 32, 32, 4);
    change(in);
    return to_host(ctx, net(t, in).value) != before;
  };
  CHECK_FALSE(changed([](auto&) {}));
  CHECK(changed([](auto& in) { in.image.value.data()[500] += 1; }));
  CHECK(changed([](auto& in) { in.maps.value.data()[500] += 1; }));
  CHECK(changed([](auto& in) { in.support.value.data()[2] += 1; }));
  CHECK(changed([](auto& in) { in.prior.value.data()[3] += 1; }));
  for (index_t c = 0; c < net_type::click_prior_channels; ++c) {
    INFO("channel " << c << " of the click prior");
    CHECK(changed([&](auto& in) { in.click_prior.value.data()[20 + c] += 1; }));
  }
  for (index_t c = 0; c < net_type::self_support_channels; ++c) {
    INFO("channel " << c << " of the self-support");
    CHECK(changed([&](auto& in) { in.self_support.value.data()[20 + c] += 1; }));
  }
}

TEST_CASE("network: at the first look nothing is known of the answer") {
  cpu_context ctx;
  using net_type = network<tiny_self_support>;
  auto const net = random_network<tiny_self_support>(ctx);
  auto in = random_inputs<net_type>(ctx, 2, 32, 48, 4);
  no_tape<single> t(ctx);
  in.self_support = variable<single>();
  auto const first = to_host(ctx, net(t, in).value);
  in.self_support = ops::zeros<float>(ctx, {2, 4, 6, net_type::self_support_channels});
  CHECK(to_host(ctx, net(t, in).value) == first);
}

TEST_CASE("network: inputs that do not belong together are refused") {
  cpu_context ctx;
  auto const net = random_network<tiny>(ctx);
  no_tape<single> t(ctx);
  auto const run = [&](auto change) {
    auto in = random_inputs<network<tiny>>(ctx, 2, 32, 32, 4);
    change(in);
    net(t, in);
  };
  CHECK_THROWS_AS(run([&](auto& in) { in.maps = random_tensor<float>(ctx, {2, 32, 16, 2}, 1); }), shape_error);
  CHECK_THROWS_AS(run([&](auto& in) { in.image = random_tensor<float>(ctx, {2, 32, 32, 4}, 1); }), shape_error);
  CHECK_THROWS_AS(run([&](auto& in) { in.support = random_tensor<float>(ctx, {2, 1, 1, 9}, 1); }), shape_error);
  CHECK_THROWS_AS(run([&](auto& in) { in.prior = random_tensor<float>(ctx, {1, 2, 2, 1}, 1); }), shape_error);
  network<tiny> const empty;
  CHECK_THROWS_AS(empty(t, random_inputs<network<tiny>>(ctx, 1, 32, 32, 4)), value_error);
}

TEST_CASE("network: high-level features are the prior trunk's, in inference whatever the tape") {
  cpu_context ctx;
  auto net = random_network<tiny_norm>(ctx);
  auto const x = random_tensor<float>(ctx, {2, 48, 32, 3}, 5);
  auto const high = net.high(ctx, x);
  CHECK(high.extents() == shape{2, 3, 2, 16});
  no_tape<single> t(ctx);
  CHECK(to_host(ctx, high) == to_host(ctx, net.prior_trunk()(t, variable<single>(x)).value));
  auto const alone = random_network<tiny_alone>(ctx);
  CHECK_THROWS_AS(alone.high(ctx, x), value_error);  // there is no such trunk
}

TEST_CASE("network: frozen features are those of the prior trunk at the levels that are looked at") {
  cpu_context ctx;
  auto const x = random_tensor<float>(ctx, {2, 48, 32, 3}, 5);
  no_tape<single> t(ctx);
  auto both = random_network<tiny_click_prior>(ctx);
  auto const seen = both.frozen(ctx, x);
  CHECK(difference(ctx, seen.high, both.high(ctx, x)) == "");
  auto const lower = both.prior_trunk().lower.features(t, variable<single>(x));
  CHECK(to_host(ctx, seen.deep) == to_host(ctx, lower.deep.value));
  auto const one = random_network<tiny_click_prior_alone>(ctx);
  CHECK(to_host(ctx, one.frozen(ctx, x).high) == to_host(ctx, one.high(ctx, x)));
  CHECK_FALSE(one.frozen(ctx, x).deep.defined());
}

TEST_CASE("network: where the middle trunk is frozen it is the prior's") {
  cpu_context ctx;
  auto net = random_network<tiny_frozen>(ctx);
  auto const x = variable<single>(random_tensor<float>(ctx, {1, 32, 32, 3}, 5));
  no_tape<single> t(ctx);
  auto const before = to_host(ctx, net.middle(t, x).value);
  net.prior_trunk().lower.stage1.first.conv.bias.value.data()[0] += 1;
  CHECK(to_host(ctx, net.middle(t, x).value) != before);
}

TEST_CASE("network: initialise gives both trunks the same values and freezes the prior's") {
  cpu_context ctx;
  network<tiny_norm> net, same, other;
  net.initialise(ctx, 3);
  same.initialise(ctx, 3);
  other.initialise(ctx, 4);
  CHECK(bytes_of_parameters(ctx, net) == bytes_of_parameters(ctx, same));
  CHECK(bytes_of_parameters(ctx, net) != bytes_of_parameters(ctx, other));
  CHECK(bytes_of_parameters(ctx, net.prior_trunk().lower) == bytes_of_parameters(ctx, net.middle_trunk()));
  nn::visit_parameters(net, [](std::string const& name, auto const& p) {
    INFO(name);
    CHECK(p.value.defined());
    CHECK(p.value.unique());
    CHECK(p.trainable == (name.compare(0, 6, "prior.") != 0));
  });
  // later changes of one do not reach the other
  net.middle_trunk().stage1.first.conv.bias.value.data()[0] = 5;
  CHECK(bytes_of_parameters(ctx, net, "prior.") == bytes_of_parameters(ctx, same, "prior."));
}

TEST_CASE("network: initialise works for every variant") {
  cpu_context ctx;
  no_tape<single> t(ctx);
  network<tiny_alone> alone;
  alone.initialise(ctx, 1);
  network<tiny_frozen> frozen;
  frozen.initialise(ctx, 1);
  network<tiny_features> features;
  features.initialise(ctx, 1);
  for (float v : to_host(ctx, alone(t, random_inputs<network<tiny_alone>>(ctx, 1, 32, 32, 1)).value))
    REQUIRE(std::isfinite(v));
  nn::visit_parameters(frozen, [](std::string const& name, auto const& p) {
    INFO(name);
    CHECK(p.trainable == (name.compare(0, 6, "prior.") != 0));
  });
  for (float v : to_host(ctx, features(t, random_inputs<network<tiny_features>>(ctx, 1, 32, 32, 1)).value))
    REQUIRE(std::isfinite(v));
}

TEST_CASE("network: the same bytes for any number of threads, forward and backward") {
  auto const run = [](cpu_context const& ctx) {
    auto const net = random_network<tiny_norm>(ctx);
    auto in = random_inputs<network<tiny_norm>>(ctx, 2, 48, 48, 6);
    tape<single> t(ctx);
    in.image = t.input(in.image.value);
    auto const y = net(t, in);
    t.backward(y, y.value);
    std::vector<single> parts{y.value.reshaped({y.value.size()})};
    auto const add = [&](single const& g) { parts.push_back(g.reshaped({g.size()})); };
    add(t.gradient(in.image));
    nn::visit_parameters(net, [&](std::string const&, auto const& p) {
      auto const g = t.parameter_gradient(&p);
      if (g.defined()) add(g);
    });
    return ops::concatenate(ctx, parts, 0);
  };
  CHECK(same_bytes_for_any_threads(run));
}

TEST_CASE("network: one network serves several threads at once") {
  cpu_context ctx;
  auto const net = random_network<tiny_norm>(ctx);
  auto const run = [&](std::uint64_t seed) {
    no_tape<single> t(ctx);
    return to_host(ctx, net(t, random_inputs<network<tiny_norm>>(ctx, 1, 32, 32, seed)).value);
  };
  std::vector<std::vector<float>> wanted(3), got(3);
  for (std::size_t i = 0; i < 3; ++i) wanted[i] = run(i);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < 3; ++i)
    threads.emplace_back([&, i] {
      for (int again = 0; again < 5; ++again) got[i] = run(i);
    });
  for (auto& t : threads) t.join();
  CHECK(got == wanted);
}
