// SPDX-License-Identifier: MIT
#include <fsis/training/segmentation.hpp>

#include <support/catch.hpp>
#include <training/toy_set.hpp>

#include <filesystem>
#include <memory>

using namespace fsis;
using namespace fsis::training;
using network_type = network<fsis_test::tiny>;
using state_type = training_state<float, cpu_context>;

namespace {

segmentation_options small_options(index_t steps, index_t shots = 1) {
  segmentation_options o;
  o.steps = steps;
  o.batch = 2;
  o.shots = shots;
  o.warm_up = 1;
  o.examples.side = 48;
  o.examples.smallest_object = 8;
  return o;
}

struct toy_training {
  segmentation_set set = fsis_test::toy_set();
  std::vector<index_t> pictures = split_for_training(set, {3}).training;

  episode_source source(index_t shots = 1) const { return episode_source(set, pictures, {1, 2}, shots); }
};

std::unique_ptr<network_type> fresh(cpu_context const& ctx) {
  auto net = std::make_unique<network_type>();
  net->initialise(ctx, 3);
  return net;
}

std::vector<float> numbers_of(cpu_context const& ctx, network_type const& net) {
  std::vector<float> all;
  nn::visit_parameters(net, [&](std::string const&, auto const& p) {
    auto const v = to_host(ctx, p.value);
    all.insert(all.end(), v.begin(), v.end());
  });
  return all;
}

std::vector<float> after_training(int threads, segmentation_options const& o) {
  cpu_options co;
  co.threads = threads;
  cpu_context ctx(co);
  toy_training const toy;
  auto net = fresh(ctx);
  state_type state;
  train_segmentation(ctx, *net, toy.set, toy.source(o.shots), {}, o, state, [](index_t, double, double) {});
  return numbers_of(ctx, *net);
}

}  // namespace

TEST_CASE("a training step is the same bytes for any number of threads", "[training]") {
  auto const one = after_training(1, small_options(1));
  for (int threads : {2, 3, 7}) CHECK(after_training(threads, small_options(1)) == one);
  CHECK(after_training(1, small_options(2)) != one);
}

TEST_CASE("a resumed training ends in the same bytes", "[training]") {
  cpu_context ctx;
  toy_training const toy;
  auto const o = small_options(4, 2);
  auto const whole = after_training(0, o);

  std::string const path = (std::filesystem::temp_directory_path() / "fsis_resume_test.safetensors").string();
  std::map<std::string, std::string> const notes{{"run", "toy"}};
  {
    auto net = fresh(ctx);
    state_type state;
    struct interrupted {};
    try {
      train_segmentation(ctx, *net, toy.set, toy.source(2), {}, o, state, [&](index_t step, double, double) {
        if (step < 2) return;
        write_checkpoint(ctx, path, *net, state, notes);
        throw interrupted{};
      });
    } catch (interrupted const&) {
    }
  }
  auto net = fresh(ctx);
  auto state = read_checkpoint<float>(ctx, path, *net, notes);
  CHECK(state.step == 2);
  train_segmentation(ctx, *net, toy.set, toy.source(2), {}, o, state, [](index_t, double, double) {});
  CHECK(numbers_of(ctx, *net) == whole);
  CHECK(mentions(error_text([&] { read_checkpoint<float>(ctx, path, *net, {{"run", "other"}}); }), "'toy'", "'other'"));
  std::filesystem::remove(path);
}

TEST_CASE("training with either loss makes masks of squares better", "[training]") {
  // the value of the focal loss says little: its weights are normalised to what is still wrong
  cpu_context ctx;
  toy_training const toy;
  auto const o = small_options(60);
  auto const batch = draw_episodes<tensor<float>>(ctx, toy.set, toy.source(), 8, 1, 99, 0, {}, o.examples);
  auto const quality = [&](network_type const& net) {
    no_tape<tensor<float>> t(ctx);
    auto const logits = episode_logits(t, net, batch, prior_options{});
    return item(ctx, loss_of(t, logits, batch.targets, segmentation_loss::cross_entropy_and_iou).value);
  };
  for (auto const kind : {segmentation_loss::cross_entropy_and_iou, segmentation_loss::normalized_focal}) {
    auto net = fresh(ctx);
    float const before = quality(*net);
    state_type state;
    auto chosen = o;
    chosen.rate = 5e-3;
    chosen.loss = kind;
    train_segmentation(ctx, *net, toy.set, toy.source(), {}, chosen, state, [](index_t, double, double) {});
    INFO("before " << before << ", after " << quality(*net));
    CHECK(quality(*net) < 0.9f * before);
  }
}

TEST_CASE("the prior trunk stays byte for byte while the rest learns", "[training]") {
  cpu_context ctx;
  toy_training const toy;
  auto net = fresh(ctx);
  auto const values = [&](auto& part) {
    std::vector<float> all;
    nn::visit_parameters(part, [&](std::string const&, auto const& p) {
      auto const v = to_host(ctx, p.value);
      all.insert(all.end(), v.begin(), v.end());
    });
    return all;
  };
  auto const prior = values(net->prior_trunk()), middle = values(net->middle_trunk());
  state_type state;
  train_segmentation(ctx, *net, toy.set, toy.source(), {}, small_options(10), state, [](index_t, double, double) {});
  CHECK(values(net->prior_trunk()) == prior);
  CHECK(values(net->middle_trunk()) != middle);
}

TEST_CASE("a network that is not finite stops the training with a name", "[training]") {
  cpu_context ctx;
  toy_training const toy;
  auto net = fresh(ctx);
  nn::visit_parameters(*net, [&](std::string const& name, auto& p) {
    if (name == "head.2.bias") p.value.data()[0] = std::nanf("");
  });
  state_type state;
  CHECK(mentions(error_text([&] {
                   train_segmentation(ctx, *net, toy.set, toy.source(), {}, small_options(2), state,
                                      [](index_t, double, double) {});
                 }),
                 "loss", "step 0"));
  CHECK(state.step == 0);
}
