// SPDX-License-Identifier: MIT
#include <fsis/training/evaluation.hpp>

#include <fsis/model/load.hpp>
#include <fsis/training/threshold.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>
#include <training/toy_episodes.hpp>

#include <memory>

using namespace fsis;
using namespace fsis::training;
using fsis_test::toy_episodes;

namespace {

/// A network with made-up weights on the toy set.
struct toy_evaluation {
  cpu_context ctx;
  segmentation_set set = fsis_test::toy_set();
  std::unique_ptr<loaded_network<fsis_test::tiny>> net = std::make_unique<loaded_network<fsis_test::tiny>>();

  toy_evaluation() { net->initialise(ctx, 3); }

  evaluation evaluate(std::vector<episode> const& episodes, session_options const& o, index_t clicks,
                      after_episode const& each = {}, automatic_mask const& begin = {}) const {
    return training::evaluate(ctx, *net, set, episodes, o, clicks, each, begin);
  }
};

}  // namespace

TEST_CASE("an evaluation counts every click of every episode", "[training]") {
  toy_evaluation const toy;
  session_options o;
  o.refine = refinement::none;
  index_t reported = 0;
  auto const result = toy.evaluate(toy_episodes(toy.set, 4), o, 3, [&](index_t n) { reported = n; });
  REQUIRE(result.clicks == 3);
  for (index_t c = 1; c <= 3; ++c) CHECK(result.scores(c).episodes() == 4);
  REQUIRE(result.histories().size() == 4);
  CHECK(result.timing().clicks <= 12);
  CHECK(result.timing().images == 4);
  CHECK(result.satisfied_share(1) >= 0);
  CHECK(mentions(error_text([&] { result.scores(4); }), "click 4 of 3"));
  CHECK(reported == 4);
  double const t = best_threshold(toy.ctx, *toy.net, toy.set, toy_episodes(toy.set, 4));
  CHECK(t >= 0.2);
  CHECK(t <= 0.8 + 1e-12);
  CHECK(mentions(error_text([&] { toy.evaluate({}, o, 0); }), "0 clicks"));
}

TEST_CASE("an evaluation may go on from the masks of an automatic method", "[training]") {
  toy_evaluation const toy;
  session_options o;
  o.refine = refinement::none;
  auto const episodes = toy_episodes(toy.set, 4);
  // a method that knows the truth: nothing is left to correct
  auto const perfect = toy.evaluate(episodes, o, 2, {}, [](posed_episode const& p) {
    mask m = p.truth;
    for (index_t i = 0; i < m.size(); ++i) m.data()[i] = m.data()[i] == 1;
    return m;
  });
  for (auto const& e : perfect.episodes) {
    CHECK(e.clicks == 0);
    CHECK(e.after_click[0].foreground_iou() == 1);
  }
  // one that finds nothing: as without it
  auto const plain = toy.evaluate(episodes, o, 2);
  auto const nothing = toy.evaluate(
      episodes, o, 2, {}, [](posed_episode const& p) { return mask::blank(p.truth.height(), p.truth.width()); });
  for (std::size_t i = 0; i < episodes.size(); ++i)
    CHECK(nothing.episodes[i].after_click[1].foreground_iou() == plain.episodes[i].after_click[1].foreground_iou());
}

TEST_CASE("an evaluation goes on with what was learned in the episodes before", "[training]") {
  toy_evaluation const toy;
  session_options o;
  o.learn = learning::after_object;
  auto const episodes = toy_episodes(toy.set, 5);
  auto const taught = toy.evaluate(episodes, o, 2), plain = toy.evaluate(episodes, {}, 2);
  CHECK(taught.learned.updates == 5);
  CHECK(taught.learned.drift > 0);
  CHECK(plain.learned.updates == 0);
  CHECK(taught.episodes[0].after_click[1].foreground_iou() == plain.episodes[0].after_click[1].foreground_iou());
  auto const half = second_half(taught);
  CHECK(half.episodes.size() == 3);
  CHECK(half.scores(2).episodes() == 3);
}
