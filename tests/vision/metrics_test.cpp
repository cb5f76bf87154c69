// SPDX-License-Identifier: MIT
#include <fsis/vision/metrics.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>
#include <vision/drawing.hpp>

#include <limits>
#include <vector>

using namespace fsis_test;
using fsis::mask;
using fsis::vision::confusion;
using fsis::vision::episode_scores;
using fsis::vision::truth_reading;
namespace vision = fsis::vision;

namespace {

/// From intersection and union of object and background.
confusion counts(fsis::index_t shared, fsis::index_t joined, fsis::index_t shared_bg,
                 fsis::index_t joined_bg) {
  REQUIRE(joined - shared == joined_bg - shared_bg);
  return {shared, joined - shared, 0, shared_bg};
}

}  // namespace

TEST_CASE("a comparison counts four cases and leaves void out") {
  mask const truth = drawn({"##..", "##??", "...."});
  mask const guess = drawn({".###", "#.##", "...#"});
  confusion const c = vision::compare(guess, truth);
  CHECK(c.true_positive == 2);
  CHECK(c.false_positive == 3);
  CHECK(c.false_negative == 2);
  CHECK(c.true_negative == 3);
  CHECK_NEAR(vision::iou(guess, truth), 2.0 / 7, 1e-15);
  CHECK_NEAR(c.background_iou(), 3.0 / 8, 1e-15);
  CHECK_NEAR(vision::iou(guess, truth, truth_reading::binary), 4.0 / 9, 1e-15);
}

TEST_CASE("two empty masks agree") {
  CHECK(vision::iou(mask::blank(3, 3), mask::blank(3, 3)) == 1.0);
  CHECK(vision::iou(mask::blank(3, 3, 1), mask::blank(3, 3, 255)) == 1.0);
  CHECK(vision::iou(mask::blank(3, 3, 1), mask::blank(3, 3)) == 0.0);
}

TEST_CASE("the scores of episodes are golden G23") {
  episode_scores s;
  s.add(0, counts(80, 100, 9900, 9920));
  s.add(0, counts(5, 50, 9000, 9045));
  s.add(1, counts(30, 60, 4000, 4030));
  CHECK(s.episodes() == 3);
  CHECK(s.classes() == std::vector<fsis::index_t>{0, 1});
  CHECK_NEAR(s.class_iou(0), .566667, 1e-6);
  CHECK_NEAR(s.class_iou(1), .5, 1e-12);
  CHECK_NEAR(s.mean_iou(), .53333333, 1e-8);
  CHECK_NEAR(s.aggregated_foreground_iou(), .547619, 1e-6);
  CHECK_NEAR(2 * s.fb_iou() - s.aggregated_foreground_iou(), .995869, 1e-6);
  CHECK_NEAR(s.fb_iou(), .77174386, 1e-8);
  CHECK_NEAR(s.mean_episode_iou(), .46666667, 1e-8);
  CHECK_NEAR(s.classwise_mean_episode_iou(), .475, 1e-12);
}

TEST_CASE("the means of the thesis' table are golden G40") {
  CHECK_NEAR(vision::mean({.281, .150, .306, .217, .317}), .2542, 1e-12);
  CHECK_NEAR(vision::mean({.299, .161, .307, .252, .342}), .2722, 1e-12);
  CHECK_NEAR(vision::mean({.386, .212, .392, .325, .351}), .3332, 1e-12);
  CHECK_NEAR(vision::mean({.408, .208, .404, .321, .372}), .3426, 1e-12);
}

TEST_CASE("scores without episodes and comparisons of different sizes are refused") {
  episode_scores s;
  CHECK_THROWS_AS(s.mean_iou(), fsis::value_error);
  CHECK_THROWS_AS(s.fb_iou(), fsis::value_error);
  CHECK_THROWS_AS(s.aggregated_foreground_iou(), fsis::value_error);
  CHECK_THROWS_AS(s.mean_episode_iou(), fsis::value_error);
  s.add(3, counts(1, 2, 5, 6));
  CHECK(mentions(error_text([&] { s.class_iou(4); }), "class 4", "1 episodes"));
  CHECK_THROWS_AS(vision::iou(mask::blank(2, 3), mask::blank(3, 2)), fsis::shape_error);
  CHECK_THROWS_AS(vision::iou(mask{}, mask{}), fsis::value_error);
  CHECK_THROWS_AS(vision::mean({}), fsis::value_error);
  CHECK_THROWS_AS(vision::mean({0.5, std::numeric_limits<double>::quiet_NaN()}), fsis::value_error);
}
