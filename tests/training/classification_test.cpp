// SPDX-License-Identifier: MIT
#include <fsis/training/classification.hpp>

#include <io/scratch.hpp>
#include <support/catch.hpp>
#include <support/layer.hpp>
#include <support/near.hpp>
#include <support/threads.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

using namespace fsis;
using namespace fsis_test;
using single = tensor<float>;

namespace {

struct tiny : thesis_defaults {
  [[maybe_unused]] static constexpr char const* name = "tiny";
  static constexpr index_t width_divisor = 16;
  static constexpr nn::normalization trunk_norm = nn::normalization::batch;
};

using classifier = training::trunk_classifier<tiny, 3, single>;

/// Reddish, greenish and bluish noise.
training::labelled_pictures coloured_noise(index_t count, index_t size = 16) {
  training::labelled_pictures data;
  random_stream draw(3);
  for (index_t i = 0; i < count; ++i) {
    image p = image::blank(size, size);
    for (index_t y = 0; y < size; ++y)
      for (index_t x = 0; x < size; ++x)
        for (index_t c = 0; c < 3; ++c)
          p(y, x, c) = static_cast<std::uint8_t>(draw.below(120) + (c == i % 3 ? 130 : 0));
    data.pictures.push_back(p);
    data.labels.push_back(static_cast<std::int32_t>(i % 3));
  }
  return data;
}

training::classification_options few_steps(index_t steps) {
  training::classification_options o;
  o.steps = steps;
  o.batch = 6;
  o.rate = 0.05;
  o.warm_up = 2;
  o.border = 2;
  return o;
}

void say_nothing(index_t, double, double) {}

}  // namespace

TEST_CASE("draw_batch: every picture once per epoch, with its label, in an order of its own") {
  auto data = coloured_noise(12);
  for (std::size_t i = 0; i < 12; ++i) {
    data.labels[i] = static_cast<std::int32_t>(i);
    std::fill_n(data.pictures[i].data(), 16 * 16 * 3, static_cast<std::uint8_t>(20 * i));
  }
  auto o = few_steps(1);
  o.batch = 4;
  std::vector<std::vector<std::int32_t>> epochs;
  for (index_t epoch = 0; epoch < 2; ++epoch) {
    std::vector<std::int32_t> seen;
    for (index_t step = 3 * epoch; step < 3 * epoch + 3; ++step) {
      auto const batch = training::draw_batch<float>(data, step, o);
      CHECK(batch.extents == shape{4, 16, 16, 3});
      for (index_t n = 0; n < 4; ++n) {
        auto const label = batch.labels[static_cast<std::size_t>(n)];
        seen.push_back(label);
        float const red = static_cast<float>((20 * label / 255.0 - 0.485) / 0.229);
        CHECK_NEAR(batch.pixels[static_cast<std::size_t>(((n * 16 + 7) * 16 + 9) * 3)], red, 1e-6);
      }
    }
    CHECK(std::set<std::int32_t>(seen.begin(), seen.end()).size() == 12);
    epochs.push_back(seen);
  }
  CHECK(epochs[0] != epochs[1]);
}

TEST_CASE("draw_batch: pictures are shifted by at most the border, and mirrored half of the time") {
  training::labelled_pictures data;
  image picture = image::blank(16, 16);  // red: the column; green: the row
  for (index_t y = 0; y < 16; ++y)
    for (index_t x = 0; x < 16; ++x) {
      picture(y, x, 0) = static_cast<std::uint8_t>(10 * x);
      picture(y, x, 1) = static_cast<std::uint8_t>(10 * y);
    }
  data.pictures.assign(40, picture);
  data.labels.assign(40, 0);
  auto o = few_steps(1);
  o.batch = 40;
  o.border = 3;
  auto const batch = training::draw_batch<float>(data, 5, o);
  auto const byte = [&](index_t n, index_t y, index_t x, index_t c) {
    double const mean = c == 0 ? 0.485 : 0.456, deviation = c == 0 ? 0.229 : 0.224;
    return std::lround(
        (static_cast<double>(batch.pixels[static_cast<std::size_t>(((n * 16 + y) * 16 + x) * 3 + c)]) * deviation +
         mean) *
        255);
  };
  std::set<long> shifts;
  index_t mirrored = 0;
  for (index_t n = 0; n < 40; ++n) {
    bool const mirror = byte(n, 8, 9, 0) < byte(n, 8, 8, 0);
    mirrored += mirror;
    long const dx = byte(n, 8, 8, 0) / 10 - (mirror ? 7 : 8), dy = byte(n, 8, 8, 1) / 10 - 8;
    CHECK(std::abs(dx) <= 3);
    CHECK(std::abs(dy) <= 3);
    shifts.insert(10 * dy + dx);
    // the rim is repeated
    CHECK(byte(n, 15, 8, 1) == 10 * std::min(15L, 15 + dy));
    CHECK(byte(n, 0, 8, 1) == 10 * std::max(0L, dy));
  }
  CHECK(mirrored > 8);
  CHECK(mirrored < 32);
  CHECK(shifts.size() > 15);
}

TEST_CASE("draw_batch: what it refuses") {
  auto const data = coloured_noise(9);
  auto const draw = [&](training::labelled_pictures const& d, training::classification_options const& o) {
    return error_text([&] { training::draw_batch<float>(d, 0, o); });
  };
  CHECK(mentions(draw(coloured_noise(5), few_steps(1)), "pretrain: 5 pictures", "batch of 6"));
  auto bad = few_steps(1);
  bad.batch = 0;
  CHECK(mentions(draw(data, bad), "batch of 0"));
  bad.batch = 6;
  bad.border = -1;
  CHECK(mentions(draw(data, bad), "border -1"));
  auto unlabelled = data;
  unlabelled.labels.pop_back();
  CHECK(mentions(draw(unlabelled, few_steps(1)), "9 pictures", "8 labels"));
  auto uneven = data;
  for (std::size_t i = 1; i < 9; ++i) uneven.pictures[i] = image::blank(16, 20);
  CHECK(mentions(draw(uneven, few_steps(1)), "16x20", "16x16"));
}

TEST_CASE("trunk_classifier: names of torchvision for the trunk, one matrix behind") {
  classifier const net;
  auto const names = names_of(net);
  CHECK(names.size() == 13 * 6 + 2);
  CHECK(names.front() == "features.0.weight");
  CHECK(names.back() == "classifier.bias");
}

TEST_CASE("train_classifier: it learns to tell colours") {
  cpu_context ctx;
  auto const data = coloured_noise(24);
  classifier net;
  nn::initialise(ctx, net, 1);
  training::training_state<float, cpu_context> state;
  std::vector<double> losses, rates;
  constexpr index_t steps = 120;
  auto o = few_steps(steps);
  // so each of eight seeds learns, at -O1 and at -O2; quicker or shorter, rounding decides whether two classes merge
  o.rate = 0.02;
  training::train_classifier<classifier, single>(ctx, net, data, o, state,
                                                 [&](index_t step, double loss, double rate) {
                                                   CHECK(step == static_cast<index_t>(losses.size()) + 1);
                                                   losses.push_back(loss);
                                                   rates.push_back(rate);
                                                 });
  CHECK(losses.size() == steps);
  CHECK(state.step == steps);
  CHECK_NEAR(rates[0], 0.01, 1e-12);  // half of the warm-up
  CHECK(rates.back() < 1e-3);         // the end of the cosine
  CHECK(losses.back() < 0.5 * losses[0]);
  CHECK(training::accuracy<single>(ctx, net, data, {}) > 0.9);
}

TEST_CASE("train_classifier: stopped and resumed it ends in the same bytes") {
  cpu_context ctx;
  scratch_folder folder;
  auto const data = coloured_noise(15);
  auto const o = few_steps(7);
  training::training_state<float, cpu_context> state;
  classifier whole, half, fresh;
  nn::initialise(ctx, whole, 1);
  nn::initialise(ctx, half, 1);
  nn::initialise(ctx, fresh, 2);
  training::train_classifier<classifier, single>(ctx, whole, data, o, state, [&](index_t step, double, double) {
    // what a training saves after its fourth step
    if (step == 4) training::write_checkpoint(ctx, folder / "run.ckpt", whole, state, {{"seed", "1"}});
  });

  auto resumed = training::read_checkpoint<float>(ctx, folder / "run.ckpt", fresh, {{"seed", "1"}});
  CHECK(resumed.step == 4);
  CHECK(bytes_of_parameters(ctx, fresh) != bytes_of_parameters(ctx, whole));
  training::train_classifier<classifier, single>(ctx, fresh, data, o, resumed, say_nothing);
  CHECK(bytes_of_parameters(ctx, fresh) == bytes_of_parameters(ctx, whole));
}

TEST_CASE("train_classifier: NaN in the data stops it and names the step") {
  cpu_context ctx;
  auto o = few_steps(5);
  classifier net;
  nn::initialise(ctx, net, 1);
  training::training_state<float, cpu_context> state;
  auto const data = coloured_noise(12);
  training::train_classifier<classifier, single>(ctx, net, data, few_steps(2), state, say_nothing);
  o.pixels.mean[1] = std::numeric_limits<double>::quiet_NaN();
  auto const before = bytes_of_parameters(ctx, net);
  auto const run = [&] { training::train_classifier<classifier, single>(ctx, net, data, o, state, say_nothing); };
  CHECK_THROWS_AS(run(), value_error);
  CHECK(mentions(error_text(run), "train", "step 2"));
  CHECK(bytes_of_parameters(ctx, net) == before);
  CHECK(state.step == 2);
}

TEST_CASE("accuracy: the share that is right") {
  cpu_context ctx;
  auto data = coloured_noise(6);
  classifier net;
  nn::initialise(ctx, net, 1);
  // a classifier that always says 1
  net.classifier.weight.value = ops::zeros<float>(ctx, {3, 32});
  net.classifier.bias.value = from_host<float>(ctx, {3}, {0, 1, 0});
  CHECK_NEAR(training::accuracy<single>(ctx, net, data, {}), 1.0 / 3, 1e-12);
  data.labels = {1, 1, 1, 1, 1, 0};
  CHECK_NEAR(training::accuracy<single>(ctx, net, data, {}), 5.0 / 6, 1e-12);
  CHECK(training::accuracy<single>(ctx, net, training::labelled_pictures{}, {}) == 0);
  data.labels.pop_back();
  CHECK_THROWS_AS(training::accuracy<single>(ctx, net, data, {}), value_error);
}
