// SPDX-License-Identifier: MIT
#include <fsis/interactive/learner.hpp>

#include <interactive/scene.hpp>
#include <support/catch.hpp>
#include <support/random_tensor.hpp>

using namespace fsis;
using fsis_test::room;
using network_type = loaded_network<fsis_test::tiny>;
using learner_type = interactive::learner<network<fsis_test::tiny>>;

namespace {

session_options learning_options(learning when) {
  session_options o;
  o.learn = when;
  o.refine = refinement::none;
  o.learn_rate = 1e-3;
  return o;
}

/// Joined features and a mask that is the left half.
interactive::lesson<tensor<float>> half_picture(cpu_context const& ctx) {
  std::vector<float> labels(32 * 48);
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = i % 48 < 24 ? 1.f : 0.f;
  using net = network<fsis_test::tiny>;
  return {fsis_test::random_tensor<float>(ctx, {1, 4, 6, net::joined_channels}, 3),
          from_host<float>(ctx, {1, 32, 48, 1}, labels),
          {}};
}

float loss_of(cpu_context const& ctx, network<fsis_test::tiny> const& net,
              interactive::lesson<tensor<float>> const& l) {
  no_tape<tensor<float>> t(ctx);
  auto const logits = net.logits(t, net.joint(t, variable<tensor<float>>(l.joined)), 32, 48);
  return item(ctx, bce_with_logits(t, logits, l.labels).value);
}

std::vector<float> all_numbers(cpu_context const& ctx, network<fsis_test::tiny> const& net) {
  std::vector<float> all;
  nn::visit_parameters(net, [&](std::string const&, auto const& p) {
    auto const v = to_host(ctx, p.value);
    all.insert(all.end(), v.begin(), v.end());
  });
  return all;
}

}  // namespace

TEST_CASE("a learner learns its lesson and leaves the network alone", "[interactive]") {
  room const r;
  auto const before = all_numbers(r.ctx, r.net);
  auto const lesson = half_picture(r.ctx);
  auto o = learning_options(learning::after_click);
  learner_type l(r.ctx, r.net);
  CHECK(&l.network() == static_cast<network<fsis_test::tiny> const*>(&r.net));
  CHECK(l.drift() == 0);
  float const untaught = loss_of(r.ctx, l.network(), lesson);
  for (int i = 0; i < 10; ++i) l.learn(lesson, o);
  CHECK(l.updates() == 10);
  CHECK(loss_of(r.ctx, l.network(), lesson) < 0.9f * untaught);
  CHECK(l.drift() > 0);
  CHECK(all_numbers(r.ctx, r.net) == before);
  // only junction and head have moved, and all else is shared
  std::vector<float const*> shared;
  nn::visit_parameters(r.net, [&](std::string const&, auto const& p) { shared.push_back(p.value.data()); });
  std::size_t at = 0;
  nn::visit_parameters(l.network(), [&](std::string const& name, auto const& p) {
    bool const is_tail = name.find("junction.") == 0 || name.find("head.") == 0;
    INFO(name);
    CHECK((p.value.data() == shared[at++]) == !is_tail);
  });
}

TEST_CASE("what was learned fades", "[interactive]") {
  room const r;
  auto const lesson = half_picture(r.ctx);
  auto o = learning_options(learning::after_click);
  learner_type l(r.ctx, r.net);
  l.learn(lesson, o);
  double const once = l.drift();
  o.learn_steps = 0;
  o.learn_forget = 0.25;
  l.learn(lesson, o);
  CHECK(l.drift() == Approx(0.75 * once).epsilon(1e-3));
  o.learn_forget = 1;
  l.learn(lesson, o);
  CHECK(l.drift() == 0);
}

TEST_CASE("copies of a learner go their own way", "[interactive]") {
  room const r;
  auto const lesson = half_picture(r.ctx);
  auto const o = learning_options(learning::after_click);
  learner_type first(r.ctx, r.net);
  first.learn(lesson, o);
  learner_type second = first;
  auto const taught_once = all_numbers(r.ctx, first.network());
  CHECK(all_numbers(r.ctx, second.network()) == taught_once);
  second.learn(lesson, o);
  CHECK(all_numbers(r.ctx, first.network()) == taught_once);
  CHECK(all_numbers(r.ctx, second.network()) != taught_once);
}

TEST_CASE("a lesson that ends in numbers that are none is refused", "[interactive]") {
  room const r;
  auto o = learning_options(learning::after_click);
  o.learn_rate = 1e30;
  learner_type l(r.ctx, r.net);
  CHECK(mentions(error_text([&] { l.learn(half_picture(r.ctx), o); }), "learn_rate"));
}
