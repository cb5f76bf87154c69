// SPDX-License-Identifier: MIT
#include <fsis/training/fine_tune.hpp>

#include <support/catch.hpp>
#include <support/layer.hpp>
#include <training/toy_episodes.hpp>

using namespace fsis;
using namespace fsis::training;
using fsis_test::bytes_of_parameters;

namespace {

fine_tune_options small_tuning() {
  fine_tune_options o;
  o.steps = 15;
  o.rate = 5e-3;
  o.examples.side = 48;
  o.examples.smallest_object = 8;
  return o;
}

}  // namespace

TEST_CASE("fine_tuned: a copy learns its support, the network and the prior stay", "[training]") {
  cpu_context ctx;
  auto const set = fsis_test::toy_set();
  loaded_network<fsis_test::tiny> net;
  net.initialise(ctx, 3);
  net.settings.longest_side = 64;
  auto const before = bytes_of_parameters(ctx, net);
  auto const episodes = fsis_test::toy_episodes(set, 1);
  auto const shots = pose(set, episodes[0]).shots;
  auto const tuned = fine_tuned(ctx, net, shots, small_tuning());
  CHECK(bytes_of_parameters(ctx, net) == before);
  CHECK(bytes_of_parameters(ctx, *tuned, "prior.") == bytes_of_parameters(ctx, net, "prior."));
  CHECK(bytes_of_parameters(ctx, *tuned, "head.") != bytes_of_parameters(ctx, net, "head."));
  CHECK(tuned->settings.longest_side == 64);
  // the same seed tunes the same
  CHECK(bytes_of_parameters(ctx, *fine_tuned(ctx, net, shots, small_tuning())) == bytes_of_parameters(ctx, *tuned));
}

TEST_CASE("evaluate_fine_tuned: as evaluate where nothing is tuned", "[training]") {
  cpu_context ctx;
  auto const set = fsis_test::toy_set();
  loaded_network<fsis_test::tiny> net;
  net.initialise(ctx, 3);
  net.settings.longest_side = 64;
  auto const episodes = fsis_test::toy_episodes(set, 2);
  session_options so;
  so.refine = refinement::none;
  auto nothing = small_tuning();
  nothing.steps = 0;
  auto const plain = evaluate(ctx, net, set, episodes, so, 2);
  auto const tuned = evaluate_fine_tuned(ctx, net, set, episodes, so, 2, nothing);
  for (index_t c : {1, 2}) CHECK(plain.scores(c).mean_iou() == tuned.scores(c).mean_iou());
  CHECK(mentions(error_text([&] { evaluate_fine_tuned(ctx, net, set, episodes, so, 0, nothing); }), "0 clicks"));
}
