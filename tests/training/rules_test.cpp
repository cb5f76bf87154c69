// SPDX-License-Identifier: MIT
#include <fsis/training/rules.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>
#include <training/toy_episodes.hpp>

using namespace fsis;
using namespace fsis::training;
using fsis_test::toy_episodes;

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
  CHECK(scores.scores(1).mean_iou() > 0.75);
  auto const truth = evaluate_rule(set, episodes, [](posed_episode const& p, click const&) { return p.truth; });
  CHECK_NEAR(truth.scores(1).mean_iou(), 1.0, 1e-12);
}
