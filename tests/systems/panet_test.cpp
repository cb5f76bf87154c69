// SPDX-License-Identifier: MIT
#include <fsis/systems/panet.hpp>

#include <fsis/nn/gradcheck_layer.hpp>
#include <fsis/training/segmentation.hpp>

#include <io/scratch.hpp>
#include <support/catch.hpp>
#include <support/layer.hpp>
#include <support/random_tensor.hpp>
#include <training/toy_episodes.hpp>

#include <memory>

using namespace fsis;
using systems::panet;

namespace {

using toy_panet = panet<fsis_test::tiny>;

}  // namespace

// golden G15: background (.2,1), object (1,.3), queries (1,0), (0,1), (1,1)
TEST_CASE("panet: a position goes to the nearer prototype by cosine, times 20", "[systems]") {
  cpu_context ctx;
  panet<fsis_test::tiny, cpu_context, double> const net;
  using values = tensor<double>;
  no_tape<values> t(ctx);
  auto const unit = [&](double a, double b) {
    std::vector<double> v(static_cast<std::size_t>(net.width), 0.0);
    double const n = std::sqrt(a * a + b * b);
    v[0] = a / n;
    v[1] = b / n;
    return variable<values>(from_host<double>(ctx, {1, 1, 1, net.width}, v));
  };
  double const queries[][2] = {{1, 0}, {0, 1}, {1, 1}};
  for (auto const& q : queries) {
    auto const cosine = [&](double a, double b) {
      return (q[0] * a + q[1] * b) / std::sqrt((q[0] * q[0] + q[1] * q[1]) * (a * a + b * b));
    };
    auto const y = net.logits(t, unit(q[0], q[1]), unit(1, .3), unit(.2, 1), 1, 1);
    CHECK(item(ctx, y.value) == Approx(20 * (cosine(1, .3) - cosine(.2, 1))).epsilon(1e-4));
  }
}

TEST_CASE("panet: shots are averaged, in any order", "[systems]") {
  cpu_context ctx;
  panet<fsis_test::tiny, cpu_context, double> const net;
  no_tape<tensor<double>> t(ctx);
  auto const f = fsis_test::random_tensor<double>(ctx, {2, 3, 4, net.width}, 1);
  auto const w = fsis_test::random_tensor<double>(ctx, {2, 3, 4, 1}, 2, 0, 1);
  auto const turned = [&](tensor<double> const& x) {
    return ops::concatenate(ctx, std::vector<tensor<double>>{x.slice(1, 1), x.slice(0, 1)}, 0);
  };
  auto const a = to_host(ctx, net.prototype(t, variable<tensor<double>>(f), w, 2).value);
  auto const b = to_host(ctx, net.prototype(t, variable<tensor<double>>(turned(f)), turned(w), 2).value);
  double length = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i] == Approx(b[i]));
    length += a[i] * a[i];
  }
  CHECK(length == Approx(1).epsilon(1e-4));
}

TEST_CASE("panet: learns the toy classes from the support, and comes back from its file", "[systems]") {
  cpu_context ctx;
  auto const set = fsis_test::toy_set();
  std::vector<index_t> pictures;
  for (index_t i = 0; i < set.size(); ++i) pictures.push_back(i);
  training::episode_source const source(set, pictures, {1, 2}, 1);
  auto net = std::make_unique<toy_panet>();
  net->initialise(ctx, 1);
  training::segmentation_options o;
  o.steps = 60;
  o.warm_up = 1;
  o.batch = 2;
  o.rate = 1e-3;
  o.examples.side = 48;
  training::training_state<float, cpu_context> state;
  CHECK(mentions(error_text([&] {
                   training::train_segmentation(ctx, *net, {set, source}, {}, o, state,
                                                [](training::training_progress const&) {});
                 }),
                 "3 corrections", "no click enters"));
  o.corrections = 0;
  double first = 0, last = 0;
  network_settings settings;
  settings.longest_side = 64;
  training::train_segmentation(ctx, *net, {set, source}, settings, o, state,
                               [&](training::training_progress const& p) {
                                 if (p.step <= 10) first += p.loss / 10;
                                 if (p.step > 50) last += p.loss / 10;
                               });
  CHECK(last < first);

  fsis_test::scratch_folder folder;
  systems::save_panet(ctx, *net, settings, folder / "panet.safetensors", io::dtype::f32);
  auto again = std::make_unique<toy_panet>();
  CHECK(systems::load_panet(ctx, *again, folder / "panet.safetensors").longest_side == 64);
  auto const p = training::pose(set, fsis_test::toy_episodes(set, 1)[0]);
  mask const m = systems::segment(ctx, *net, settings, p), n = systems::segment(ctx, *again, settings, p);
  CHECK(m.height() == p.photo.height());
  CHECK(std::equal(m.data(), m.data() + m.size(), n.data()));
  panet<compact> other;
  CHECK(mentions(error_text([&] { systems::load_panet(ctx, other, folder / "panet.safetensors"); }), "'tiny'",
                 "'compact'"));
}
