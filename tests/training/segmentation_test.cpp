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
  o.corrections = 0;
  o.examples.side = 48;
  o.examples.smallest_object = 8;
  return o;
}

struct with_click_prior : fsis_test::tiny {
  static constexpr int click_prior_levels = 2;
};
struct looks_twice : with_click_prior {
  static constexpr bool self_support = true;
};

struct toy_training {
  segmentation_set set = fsis_test::toy_set();
  std::vector<index_t> pictures = split_for_training(set, {3}).training;
  episode_source one_shot{set, pictures, {1, 2}, 1}, two_shots{set, pictures, {1, 2}, 2};

  episode_mixture mixture(index_t shots = 1) const { return {set, shots == 1 ? one_shot : two_shots}; }
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
  train_segmentation(ctx, *net, toy.mixture(o.shots), {}, o, state, [](training_progress const&) {});
  return numbers_of(ctx, *net);
}

}  // namespace

TEST_CASE("a training step is the same bytes for any number of threads", "[training]") {
  auto const one = after_training(1, small_options(1));
  for (int threads : {2, 3, 7}) CHECK(after_training(threads, small_options(1)) == one);
  auto with_loaders = small_options(1);
  with_loaders.loader_threads = 3;
  CHECK(after_training(2, with_loaders) == one);
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
      train_segmentation(ctx, *net, toy.mixture(2), {}, o, state, [&](training_progress const& now) {
        if (now.step < 2) return;
        write_checkpoint(ctx, path, *net, state, notes);
        throw interrupted{};
      });
    } catch (interrupted const&) {
    }
  }
  auto net = fresh(ctx);
  auto state = read_checkpoint<float>(ctx, path, *net, notes);
  CHECK(state.step == 2);
  train_segmentation(ctx, *net, toy.mixture(2), {}, o, state, [](training_progress const&) {});
  CHECK(numbers_of(ctx, *net) == whole);
  CHECK(mentions(error_text([&] {
                   read_checkpoint<float>(ctx, path, *net, {{"run", "other"}});
                 }),
                 "'toy'", "'other'"));
  std::filesystem::remove(path);
}

TEST_CASE("training with any loss makes masks of squares better", "[training]") {
  // the value of the focal loss says little: its weights are normalised to what is still wrong
  cpu_context ctx;
  toy_training const toy;
  auto const o = small_options(60);
  auto const batch = draw_episodes<float>(toy.mixture(), 8, 1, 99, 0, {}, o.examples).on(ctx);
  auto const quality = [&](network_type const& net) {
    no_tape<tensor<float>> t(ctx);
    auto const logits = episode_logits(t, net, batch, prior_options{});
    return item(ctx, loss_of(t, logits, batch.targets, segmentation_loss::cross_entropy_and_iou).value);
  };
  for (auto const kind : {segmentation_loss::cross_entropy_and_iou, segmentation_loss::normalized_focal,
                          segmentation_loss::cross_entropy}) {
    auto net = fresh(ctx);
    float const before = quality(*net);
    state_type state;
    auto chosen = o;
    chosen.rate = 5e-3;
    chosen.loss = kind;
    train_segmentation(ctx, *net, toy.mixture(), {}, chosen, state, [](training_progress const&) {});
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
  train_segmentation(ctx, *net, toy.mixture(), {}, small_options(10), state, [](training_progress const&) {});
  CHECK(values(net->prior_trunk()) == prior);
  CHECK(values(net->middle_trunk()) != middle);
}

TEST_CASE("the trunk learns at its own part of the rate", "[training]") {
  cpu_context ctx;
  toy_training const toy;
  auto const change = [&](double trunk_rate) {
    auto net = fresh(ctx);
    auto const weights = [&] {
      std::vector<float> all;
      nn::visit_parameters(net->middle_trunk(), [&](std::string const&, auto const& p) {
        auto const v = to_host(ctx, p.value);
        if (p.purpose == nn::role::learned) all.insert(all.end(), v.begin(), v.end());
      });
      return all;
    };
    auto const before = weights();
    state_type state;
    auto o = small_options(1);
    o.weight_decay = 0;
    o.trunk_rate = trunk_rate;
    train_segmentation(ctx, *net, toy.mixture(), {}, o, state, [](training_progress const&) {});
    auto const after = weights();
    double sum = 0;
    for (std::size_t i = 0; i < after.size(); ++i) sum += std::abs(double{after[i]} - double{before[i]});
    return sum;
  };
  CHECK(change(0) == 0);
  CHECK(change(0.1) == Approx(0.1 * change(1)).epsilon(0.02));
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
                   train_segmentation(ctx, *net, toy.mixture(), {}, small_options(2), state,
                                      [](training_progress const&) {});
                 }),
                 "parameter 'head.2.bias'", "step 0"));
  CHECK(state.step == 0);
}

TEST_CASE("training on with another optimiser's state is refused", "[training]") {
  cpu_context ctx;
  toy_training const toy;
  auto net = fresh(ctx);
  state_type state;
  auto o = small_options(1);
  o.optimiser = optimiser_kind::sgd;
  train_segmentation(ctx, *net, toy.mixture(), {}, o, state, [](training_progress const&) {});
  o.optimiser = optimiser_kind::adam;
  o.steps = 2;
  CHECK_THROWS_AS(train_segmentation(ctx, *net, toy.mixture(), {}, o, state, [](training_progress const&) {}), error);
}

// Two batches of two episodes give the gradient of one batch of four where no layer looks across a batch: the click
// fusions have batch norms, so their statistics are frozen.
TEST_CASE("accumulated gradients are those of the larger batch", "[training]") {
  cpu_context ctx;
  toy_training const toy;
  auto const trained = [&](index_t batch, index_t accumulate) {
    auto net = fresh(ctx);
    nn::freeze_statistics(*net);
    state_type state;
    auto o = small_options(1);
    o.batch = batch;
    o.accumulate = accumulate;
    o.optimiser = optimiser_kind::sgd;
    o.rate = 1e-2;
    o.largest_gradient = 1e9;
    o.loss = segmentation_loss::normalized_focal;  // a mean over pixels of each picture
    train_segmentation(ctx, *net, toy.mixture(), {}, o, state, [](training_progress const&) {});
    return numbers_of(ctx, *net);
  };
  auto const whole = trained(4, 1), parts = trained(2, 2), start = numbers_of(ctx, *fresh(ctx));
  double moved = 0, apart = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    moved += std::abs(double{whole[i]} - double{start[i]});
    apart += std::abs(double{whole[i]} - double{parts[i]});
  }
  CHECK(moved > 0);
  CHECK(apart < 1e-3 * moved);
}

TEST_CASE("corrections add clicks where the network is wrong", "[training]") {
  cpu_context ctx;
  toy_training const toy;
  auto const o = small_options(1);
  auto builder = draw_episodes<float>(toy.mixture(), 2, 1, 5, 0, {}, o.examples);
  auto const batch = builder.on(ctx);
  auto const before = builder.clicks(0);
  auto const truth = to_host(ctx, batch.targets);
  // a network that says "nothing anywhere": the next click is on the object
  random_stream random(1);
  builder.correct(std::vector<float>(truth.size(), -9.f), 0.49, random, {});
  REQUIRE(builder.clicks(0).size() == before.size() + 1);
  auto const at = [&](click const& c) { return truth[static_cast<std::size_t>(c.y * 48 + c.x)]; };
  CHECK(builder.clicks(0).back().is_positive);
  CHECK(at(builder.clicks(0).back()) == 1);
  // "everything is object": off it
  builder.correct(std::vector<float>(truth.size(), 9.f), 0.49, random, {});
  CHECK(!builder.clicks(0).back().is_positive);
  CHECK(at(builder.clicks(0).back()) == 0);
  CHECK(to_host(ctx, builder.maps_on(ctx)) != to_host(ctx, batch.maps));
  // the truth: nothing to correct
  auto right = truth;
  for (float& v : right) v = v == 1 ? 9.f : -9.f;
  builder.correct(right, 0.49, random, {});
  CHECK(builder.clicks(0).size() == before.size() + 2);

  auto corrected = small_options(3);
  corrected.corrections = 3;
  auto const one = after_training(1, corrected);
  CHECK(after_training(2, corrected) == one);
  CHECK(after_training(1, small_options(3)) != one);
}

TEST_CASE("maps and click prior of a batch follow its clicks, corrections included", "[training]") {
  cpu_context ctx;
  toy_training const toy;
  auto net = std::make_unique<network<with_click_prior>>();
  net->initialise(ctx, 3);
  auto o = small_options(1);
  o.corrections = 3;
  network_settings const settings;
  std::size_t most = 0;
  for (index_t number = 0; number < 4; ++number) {
    auto const drawn = draw_episodes<float>(toy.mixture(), 2, 1, 5, number, settings, o.examples);
    auto const batch = training::detail::answered(ctx, *net, drawn, number, settings, o);
    no_tape<tensor<float>> t(ctx);
    auto const in = episode_inputs(t, *net, batch, settings.prior);
    for (index_t b = 0; b < 2; ++b) {
      auto const& clicks = batch.clicks[static_cast<std::size_t>(b)];
      most = std::max(most, clicks.size() - drawn.clicks(b).size());
      CHECK(to_host(ctx, batch.maps.slice(b, 1)) == vision::click_maps<float>(48, 48, clicks, settings.clicks));
      auto const seen = net->frozen(ctx, batch.images);
      CHECK(to_host(ctx, in.click_prior.value.slice(b, 1)) ==
            to_host(ctx, model::click_prior(ctx, seen, b, clicks, 48, 48)));
    }
  }
  CHECK(most > 0);
}

TEST_CASE("a network that looks twice learns both looks", "[training]") {
  cpu_context ctx;
  toy_training const toy;
  auto net = std::make_unique<network<looks_twice>>();
  net->initialise(ctx, 3);
  auto o = small_options(1);
  o.corrections = 1;
  network_settings const settings;
  auto const batch_of = [&](index_t number, double second_looks) {
    o.second_looks = second_looks;
    auto drawn = draw_episodes<float>(toy.mixture(), 2, 1, 5, number, settings, o.examples);
    return training::detail::answered(ctx, *net, std::move(drawn), number, settings, o);
  };
  no_tape<tensor<float>> t(ctx);
  for (index_t number = 0; number < 4; ++number) {
    auto batch = batch_of(number, 1);
    REQUIRE(batch.self_support.defined());
    auto const learned = episode_inputs(t, *net, batch, settings.prior).self_support.value;
    batch.self_support = {};  // the first look, with the same clicks
    auto const first = episode_logits(t, *net, batch, settings.prior).value;
    CHECK(to_host(ctx, learned) == to_host(ctx, model::self_support(ctx, net->frozen(ctx, batch.images), first)));
    CHECK_FALSE(batch_of(number, 0).self_support.defined());
  }
}

TEST_CASE("training options outside their range are refused with the number", "[training]") {
  cpu_context ctx;
  toy_training const toy;
  auto net = fresh(ctx);
  auto const said = [&](auto change) {
    auto o = small_options(1);
    change(o);
    state_type state;
    return error_text(
        [&] { train_segmentation(ctx, *net, toy.mixture(), {}, o, state, [](training_progress const&) {}); });
  };
  CHECK(mentions(said([](auto& o) { o.batch = 0; }), "batch 0"));
  CHECK(mentions(said([](auto& o) { o.accumulate = -1; }), "accumulate -1"));
  CHECK(mentions(said([](auto& o) { o.corrections = -2; }), "corrections -2"));
  CHECK(mentions(said([](auto& o) { o.correct_above = 1; }), "correct_above 1"));
  CHECK(mentions(said([](auto& o) { o.trunk_rate = -0.1; }), "trunk_rate -0.1"));
  CHECK(mentions(said([](auto& o) { o.rate = -0.5; }), "rate -0.5"));
  CHECK(mentions(said([](auto& o) { o.examples.side = 50; }), "50", "multiple of 16"));
}

TEST_CASE("schedules and presets", "[training]") {
  segmentation_options o;
  o.steps = 120;
  o.warm_up = 10;
  o.rate = 1;
  o.schedule = rate_schedule::constant;
  CHECK(o.rate_at(0) == Approx(0.1));
  CHECK(o.rate_at(119) == Approx(1));
  o.schedule = rate_schedule::poly;
  CHECK(o.rate_at(60) == Approx(std::pow(0.5, 0.9)));  // golden G31's formula
  o.schedule = rate_schedule::cosine;
  CHECK(o.rate_at(60) == Approx(0.5));
  o.schedule = rate_schedule::last_sixth;
  CHECK(o.rate_at(99) == Approx(1));
  CHECK(o.rate_at(100) == Approx(0.1));

  auto const thesis = thesis_training(1000);
  CHECK(thesis.optimiser == optimiser_kind::sgd);
  CHECK(thesis.corrections == 0);
  CHECK(thesis.momentum == 0.9);
  CHECK(thesis.weight_decay == 1e-4);
  CHECK(thesis.steps * thesis.batch * thesis.accumulate == 150 * 1000);
  auto const fbrs = fbrs_training(1400);
  CHECK(fbrs.batch * fbrs.accumulate == 28);
  CHECK(fbrs.steps * 28 == 120 * 1400);
  CHECK(fbrs.loss == segmentation_loss::normalized_focal);
}
