// SPDX-License-Identifier: MIT
#include <fsis/training/checkpoint_file.hpp>

#include <fsis/autograd/functions/reduce.hpp>
#include <fsis/nn/conv.hpp>
#include <fsis/nn/linear.hpp>
#include <fsis/nn/sequential.hpp>
#include <fsis/optim/adam.hpp>
#include <fsis/optim/sgd.hpp>
#include <fsis/training/step.hpp>

#include <io/scratch.hpp>
#include <support/catch.hpp>
#include <support/layer.hpp>
#include <support/random_tensor.hpp>

#include <limits>

using namespace fsis;
using fsis_test::bytes_of_parameters;
using fsis_test::scratch_folder;

namespace {

using notes = std::map<std::string, std::string>;
notes const run_notes{{"seed", "4"}, {"task", "squares"}};

template <class T>
struct small_net
    : nn::sequential<nn::conv<2, 3, 3, tensor<T>>, nn::batch_norm<3, tensor<T>>, nn::linear<3, 2, tensor<T>>> {};

template <class T>
using state_of = training::training_state<T, cpu_context>;

/// A training whose data follow from the step alone.
template <class T, class Optimiser>
void train(cpu_context const& ctx, small_net<T>& net, state_of<T>& state, index_t until) {
  Optimiser optimiser;
  if (state.step > 0) optimiser.restore(ctx, state.optimiser);
  for (; state.step < until; ++state.step) {
    tape<tensor<T>> t(ctx);
    auto const x = fsis_test::random_tensor<T>(ctx, {2, 4, 4, 2}, static_cast<std::uint64_t>(state.step));
    auto const loss = sum_of_squares(t, net(t, variable<tensor<T>>(x)));
    t.backward(loss);
    optimiser.step(ctx, training::slots_of(t, net), 1e-3);
    nn::update_running_averages(t, net);
    training::average_weights(ctx, net, 0.9, state.step, state.averages);
  }
  state.optimiser = optimiser.state();
}

template <class T, class Optimiser>
void check_resume() {
  cpu_context ctx;
  scratch_folder folder;
  auto const path = folder / "run.ckpt";
  small_net<T> whole, half, fresh;
  fsis_test::randomise(ctx, whole, 1);
  fsis_test::randomise(ctx, half, 1);
  fsis_test::randomise(ctx, fresh, 2);  // a fresh start knows nothing
  state_of<T> state;
  train<T, Optimiser>(ctx, whole, state, 7);
  auto const last = state.optimiser;
  auto const averages = state.averages;

  state = {};
  train<T, Optimiser>(ctx, half, state, 4);
  training::write_checkpoint(ctx, path, half, state, run_notes);
  CHECK(folder.files() == 1);
  auto resumed = training::read_checkpoint<T>(ctx, path, fresh, run_notes);
  CHECK(resumed.step == 4);
  CHECK(bytes_of_parameters(ctx, fresh) == bytes_of_parameters(ctx, half));
  CHECK(bytes_of_parameters(ctx, fresh) != bytes_of_parameters(ctx, whole));
  train<T, Optimiser>(ctx, fresh, resumed, 7);
  CHECK(bytes_of_parameters(ctx, fresh) == bytes_of_parameters(ctx, whole));
  CHECK(resumed.optimiser.steps == last.steps);
  training::use_average(ctx, resumed.averages, fresh);
  training::use_average(ctx, averages, whole);
  CHECK(bytes_of_parameters(ctx, fresh) == bytes_of_parameters(ctx, whole));
  CHECK(bytes_of_parameters(ctx, fresh) != bytes_of_parameters(ctx, half));
  REQUIRE(resumed.optimiser.tensors.size() == last.tensors.size());
  for (std::size_t i = 0; i < last.tensors.size(); ++i) {
    CHECK(resumed.optimiser.tensors[i].name == last.tensors[i].name);
    CHECK(fsis_test::bytes_of_tensor(ctx, resumed.optimiser.tensors[i].value) ==
          fsis_test::bytes_of_tensor(ctx, last.tensors[i].value));
  }
}

/// A checkpoint after two steps, changed as its contents are copied.
template <class Metadata, class Tensors>
void write_changed(std::string const& path, Metadata metadata, Tensors tensors) {
  cpu_context ctx;
  small_net<float> net;
  fsis_test::randomise(ctx, net, 1);
  state_of<float> state;
  train<float, optim::sgd<float>>(ctx, net, state, 2);
  training::write_checkpoint(ctx, path, net, state, run_notes);
  auto const file = io::safetensors_file::open(path);
  io::safetensors_writer writer;
  for (auto const& m : file.metadata()) {
    auto const text = metadata(m.first, m.second);
    if (text != "-") writer.metadata(m.first, text);
  }
  for (auto const& entry : file.tensors()) {
    auto values = file.read<float>(entry.first);
    if (tensors(entry.first, values)) writer.add(entry.first, entry.second.extents(), values.data(), io::dtype::f32);
  }
  writer.write(path);
}

auto const same_text = [](std::string const&, std::string const& text) { return text; };
auto const all_tensors = [](std::string const&, std::vector<float>&) { return true; };

/// Reading must throw an `io_error` with these words, and leave the network alone.
template <class Error = io_error, class... Words>
void check_refused(std::string const& path, notes const& n, Words const&... words) {
  cpu_context ctx;
  small_net<float> net;
  fsis_test::randomise(ctx, net, 9);
  auto const before = bytes_of_parameters(ctx, net);
  auto const run = [&] { training::read_checkpoint<float>(ctx, path, net, n); };
  CHECK_THROWS_AS(run(), Error);
  std::string const text = error_text(run);
  INFO(text);
  CHECK(mentions(text, path, words...));
  CHECK(bytes_of_parameters(ctx, net) == before);
}

}  // namespace

TEST_CASE("checkpoint: a training that was stopped goes on to the same bytes") {
  SECTION("sgd") { check_resume<float, optim::sgd<float>>(); }
  SECTION("adam") { check_resume<float, optim::adam<float>>(); }
  SECTION("in double") { check_resume<double, optim::sgd<double>>(); }
}

TEST_CASE("checkpoint: before the first step") {
  cpu_context ctx;
  scratch_folder folder;
  small_net<float> net, back;
  fsis_test::randomise(ctx, net, 1);
  training::write_checkpoint(ctx, folder / "run.ckpt", net, state_of<float>{}, {});
  auto const state = training::read_checkpoint<float>(ctx, folder / "run.ckpt", back, {});
  CHECK(state.step == 0);
  CHECK(state.optimiser.steps.empty());
  CHECK(state.optimiser.tensors.empty());
  CHECK(bytes_of_parameters(ctx, net) == bytes_of_parameters(ctx, back));
}

TEST_CASE("checkpoint: another run is refused") {
  scratch_folder folder;
  auto const path = folder / "run.ckpt";
  write_changed(path, same_text, all_tensors);
  check_refused(path, {{"seed", "5"}}, "seed", "'4'", "'5'");
  check_refused(path, {{"seed", "4"}, {"data", "voc"}}, "lacks 'data'");
  check_refused(folder / "other.ckpt", run_notes, "No such file");
}

TEST_CASE("checkpoint: damaged files are refused, the network stays as it was") {
  scratch_folder folder;
  auto const path = folder / "run.ckpt";
  auto const with = [&](std::string const& key, std::string const& text) {
    write_changed(
        path, [&](std::string const& k, std::string const& t) { return k == key ? text : t; }, all_tensors);
  };
  SECTION("no step") {
    with("step", "-");
    check_refused(path, run_notes, "lacks 'step'");
  }
  SECTION("a step that is no number") {
    for (std::string const text : {"", "2x", "-2", "1e3", "99999999999999999999"}) {
      with("step", text);
      check_refused(path, run_notes, "'" + text + "'", "no step count");
    }
  }
  SECTION("steps of the optimiser") {
    with("optimiser_steps", "2 two 2 2 2 2 ");
    check_refused(path, run_notes, "'two'");
    with("optimiser_steps", "2 2 2 2 2 x");
    check_refused(path, run_notes, "'x'");
  }
  SECTION("NaN in the state of the optimiser") {
    write_changed(path, same_text, [](std::string const& name, std::vector<float>& values) {
      if (name == "optimiser.momentum.0") values[1] = std::numeric_limits<float>::quiet_NaN();
      return true;
    });
    check_refused(path, run_notes, "optimiser.momentum.0", "nan");
  }
  SECTION("a tensor of the network is missing") {
    write_changed(path, same_text,
                  [](std::string const& name, std::vector<float>&) { return name != "network.1.running_var"; });
    check_refused(path, run_notes, "network.1.running_var");
  }
  SECTION("cut off") {
    write_changed(path, same_text, all_tensors);
    auto const text = fsis_test::text_of_file(path);
    fsis_test::put_file(path, text.substr(0, text.size() - 1));
    check_refused(path, run_notes);
  }
}

TEST_CASE("checkpoint: of a larger network, or one with other shapes, is refused") {
  cpu_context ctx;
  scratch_folder folder;
  auto const path = folder / "run.ckpt";
  SECTION("larger") {
    nn::sequential<small_net<float>, nn::linear<2, 2>> net;
    fsis_test::randomise(ctx, net, 1);
    nn::sequential<small_net<float>> smaller;
    fsis_test::randomise(ctx, smaller, 2);
    auto const before = bytes_of_parameters(ctx, smaller);
    training::write_checkpoint(ctx, path, net, state_of<float>{}, {});
    auto const run = [&] { training::read_checkpoint<float>(ctx, path, smaller, {}); };
    CHECK_THROWS_AS(run(), io_error);
    CHECK(mentions(error_text(run), path, "network.1.bias"));
    CHECK(bytes_of_parameters(ctx, smaller) == before);
  }
  SECTION("other shapes") {
    nn::sequential<nn::conv<2, 3>, nn::batch_norm<3>, nn::linear<3, 5>> net;
    fsis_test::randomise(ctx, net, 1);
    training::write_checkpoint(ctx, path, net, state_of<float>{}, {});
    check_refused(path, {}, "network.2.weight", "(5,3)", "(2,3)");
  }
}

TEST_CASE("checkpoint: writing replaces the old file as a whole or not at all") {
  cpu_context ctx;
  scratch_folder folder;
  auto const path = folder / "run.ckpt";
  write_changed(path, same_text, all_tensors);
  auto const before = fsis_test::text_of_file(path);
  small_net<float> empty;
  CHECK_THROWS_AS(training::write_checkpoint(ctx, path, empty, state_of<float>{}, {}), value_error);
  CHECK(fsis_test::text_of_file(path) == before);
  CHECK(folder.files() == 1);
}
