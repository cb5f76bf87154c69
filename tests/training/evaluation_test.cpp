// SPDX-License-Identifier: MIT
#include <fsis/training/evaluation.hpp>

#include <fsis/model/load.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>
#include <training/toy_set.hpp>

#include <memory>

using namespace fsis;
using namespace fsis::training;

namespace {

std::vector<episode> toy_episodes(segmentation_set const& set, index_t count) {
  std::vector<index_t> pictures;
  for (index_t i = 0; i < set.size(); ++i) pictures.push_back(i);
  return episode_source(set, pictures, {1, 2}, 1).fixed(count, 1);
}

}  // namespace

TEST_CASE("disks around a click", "[training]") {
  CHECK(disk_around(21, 21, positive(10, 10), 5).count() == 81);  // golden G3
  CHECK(disk_around(21, 21, positive(10, 10), 100).count() == 21 * 21);
  CHECK(disk_around(21, 21, positive(0, 0), 1).count() == 3);
}

TEST_CASE("the best disk of squares has about their area", "[training]") {
  auto const set = fsis_test::toy_set();
  auto const episodes = toy_episodes(set, 12);
  double const radius = best_disk_radius(set, episodes, 1, 30);
  CHECK(radius >= 6);  // 14 x 13 pixels are a disk of radius 7.6
  CHECK(radius <= 9);
  auto const scores = evaluate_rule(set, episodes, [&](posed_episode const& p, click const& c) {
    return disk_around(p.truth.height(), p.truth.width(), c, radius);
  });
  CHECK(scores.mean_iou() > 0.75);
  auto const truth = evaluate_rule(set, episodes, [](posed_episode const& p, click const&) { return p.truth; });
  CHECK_NEAR(truth.mean_iou(), 1.0, 1e-12);
}

TEST_CASE("an evaluation counts every click of every episode", "[training]") {
  cpu_context ctx;
  auto const set = fsis_test::toy_set();
  auto net = std::make_unique<loaded_network<fsis_test::tiny>>();
  net->initialise(ctx, 3);
  session_options o;
  o.refine = refinement::none;
  index_t reported = 0;
  auto const result = evaluate(ctx, *net, set, toy_episodes(set, 4), o, 3, [&](index_t n) { reported = n; });
  REQUIRE(result.after_click.size() == 3);
  for (auto const& s : result.after_click) CHECK(s.episodes() == 4);
  REQUIRE(result.histories.size() == 4);
  CHECK(result.clicks <= 12);
  CHECK(reported == 4);
  double const t = best_threshold(ctx, *net, set, toy_episodes(set, 4));
  CHECK(t >= 0.2);
  CHECK(t <= 0.8 + 1e-12);
  CHECK(mentions(error_text([&] { evaluate(ctx, *net, set, {}, o, 0); }), "0 clicks"));
}
