// SPDX-License-Identifier: MIT
#include <fsis/vision/click_metrics.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>

#include <vector>

using fsis::vision::click_count;
using fsis::vision::click_reaching;
using fsis::vision::click_timing;
using fsis::vision::count_clicks;
using fsis::vision::iou_history;
using fsis::vision::mean_iou_after;

namespace {

std::vector<iou_history> golden() {
  iou_history b(20, .8), d(20, .5);
  b.front() = .7;
  d.back() = .92;
  return {{.5, .86, .91}, b, {.95}, d};
}

}  // namespace

TEST_CASE("numbers of clicks are golden G20") {
  auto const images = golden();
  click_count const at80 = count_clicks(images, .80), at85 = count_clicks(images, .85);
  click_count const at90 = count_clicks(images, .90);
  CHECK_NEAR(at80.mean, 6.25, 1e-12);
  CHECK(at80.at_cap == 1);
  CHECK(at80.failures == 0);
  CHECK_NEAR(at85.mean, 10.75, 1e-12);
  CHECK(at85.at_cap == 2);
  CHECK_NEAR(at90.mean, 11.0, 1e-12);
  CHECK(at90.at_cap == 2);
  CHECK(at90.failures == 1);
}

TEST_CASE("time per click and per image are golden G20") {
  click_timing const t{8.8, 3 + 20 + 1 + 20, 4};
  CHECK_NEAR(t.seconds_per_click(), .2, 1e-12);
  CHECK_NEAR(t.seconds_per_image(), 2.2, 1e-12);
  CHECK_THROWS_AS(click_timing{}.seconds_per_click(), fsis::value_error);
  CHECK_THROWS_AS((click_timing{-1, 2, 2}.seconds_per_image()), fsis::value_error);
}

TEST_CASE("the first click that reaches the target counts, within the cap") {
  iou_history const h{.2, .9, .3, .95};
  CHECK(click_reaching(h, .9) == 2);
  CHECK(click_reaching(h, .95) == 4);
  CHECK_FALSE(click_reaching(h, .95, 3).has_value());
  CHECK(count_clicks({h}, .95, 3).mean == 3.0);
  CHECK(count_clicks({{.1}}, .95).mean == 20.0);
}

TEST_CASE("an image that needed fewer clicks keeps its last value in the curve") {
  CHECK_NEAR(mean_iou_after(golden(), 1), (.5 + .7 + .95 + .5) / 4, 1e-12);
  CHECK_NEAR(mean_iou_after(golden(), 20), (.91 + .8 + .95 + .92) / 4, 1e-12);
}

TEST_CASE("empty and impossible histories are refused") {
  CHECK_THROWS_AS(count_clicks({}, .9), fsis::value_error);
  CHECK_THROWS_AS(count_clicks({{}}, .9), fsis::value_error);
  CHECK_THROWS_AS(count_clicks({{1.5}}, .9), fsis::value_error);
  CHECK_THROWS_AS(click_reaching({.5}, 90), fsis::value_error);
  CHECK_THROWS_AS(click_reaching({.5}, .9, 0), fsis::value_error);
  CHECK_THROWS_AS(mean_iou_after(golden(), 0), fsis::value_error);
  CHECK(mentions(error_text([] { click_reaching({.5}, 90); }), "click_reaching", "90"));
}
