// SPDX-License-Identifier: MIT
#include <fsis/vision/dios_clicks.hpp>

#include <support/catch.hpp>
#include <vision/drawing.hpp>

#include <cmath>
#include <vector>

using namespace fsis_test;
using fsis::click;
using fsis::index_t;
using fsis::mask;
using fsis::random_stream;
using fsis::vision::click_scene;
using fsis::vision::dios_options;
using fsis::vision::dios_strategy;
using fsis::vision::sample_dios_clicks;
namespace vision = fsis::vision;

namespace {

/// An object with another one beside it, and void on a row of the ground.
click_scene two_objects() {
  click_scene s;
  s.objects = {box(120, 160, 40, 79, 30, 69)};
  s.others = box(120, 160, 40, 79, 80, 119, 7);
  s.unlabelled = box(120, 160, 90, 90, 0, 159);
  return s;
}

double apart(click const& a, click const& b) { return std::hypot(a.y - b.y, a.x - b.x); }

bool shown_by(mask const& m, click const& c) { return m(static_cast<index_t>(c.y), static_cast<index_t>(c.x)) != 0; }

}  // namespace

TEST_CASE("clicks that surround an object follow golden G29") {
  mask const object = box(9, 9, 3, 5, 3, 5);
  mask const ring = vision::detail::within(vision::squared_distance_to_object(object), 1, 3);
  CHECK(ring.count() == 40);
  auto const clicks = vision::detail::surrounding_clicks(ring, {}, {2, 2, false}, 7);
  double const rows[] = {2, 2, 6, 6, 1, 1, 1}, columns[] = {2, 6, 2, 6, 1, 2, 3};
  REQUIRE(clicks.size() == 7);
  for (std::size_t i = 0; i < 7; ++i) {
    INFO("click " << i);
    CHECK(clicks[i].y == rows[i]);
    CHECK(clicks[i].x == columns[i]);
    CHECK(!clicks[i].is_positive);
  }
}

TEST_CASE("positive clicks of DIOS keep away from the edge and from each other") {
  // golden G29: a margin of at least 5 leaves 144 pixels of a 20x20 square
  mask const square = box(40, 40, 10, 29, 10, 29);
  auto const core = vision::detail::within(vision::squared_distance_to_background(square), 5, 1e9);
  CHECK(core.count() == 144);
  std::vector<index_t> seen(6, 0);
  for (std::uint64_t i = 0; i < 300; ++i) {
    random_stream random(5, i);
    click_scene scene;
    scene.objects = {box(60, 60, 10, 49, 10, 49)};
    auto const clicks =
        sample_dios_clicks(scene, dios_strategy::on_others, random);  // no others: positive ones alone
    REQUIRE(clicks.size() >= 1);
    REQUIRE(clicks.size() <= 5);
    ++seen[clicks.size()];
    for (std::size_t a = 0; a < clicks.size(); ++a) {
      CHECK(clicks[a].is_positive);
      CHECK((clicks[a].y >= 14 && clicks[a].y <= 45 && clicks[a].x >= 14 && clicks[a].x <= 45));
      for (std::size_t b = 0; b < a; ++b) CHECK(apart(clicks[a], clicks[b]) >= 10);
    }
  }
  for (std::size_t n = 1; n <= 5; ++n) CHECK(seen[n] > 30);  // 60 expected of each
}

TEST_CASE("the three strategies of DIOS put negative clicks where they say") {
  auto const scene = two_objects();
  auto const distance = vision::squared_distance_to_object(scene.objects.front());
  index_t negatives[4] = {0, 0, 0, 0};
  for (std::uint64_t i = 0; i < 100; ++i)
    for (auto const strategy : {dios_strategy::near_object, dios_strategy::on_others, dios_strategy::round_object}) {
      random_stream random(7, i);
      for (click const& c : sample_dios_clicks(scene, strategy, random)) {
        CHECK(!shown_by(scene.unlabelled, c));
        CHECK(shown_by(scene.objects.front(), c) == c.is_positive);
        if (c.is_positive) continue;
        ++negatives[static_cast<int>(strategy)];
        double const d =
            std::sqrt(static_cast<double>(distance(static_cast<index_t>(c.y), static_cast<index_t>(c.x))));
        if (strategy == dios_strategy::on_others)
          CHECK(shown_by(scene.others, c));
        else
          CHECK((d > 0 && d < 40));
        if (strategy == dios_strategy::near_object) CHECK(d >= 5);
      }
    }
  CHECK((negatives[1] > 300 && negatives[1] < 700));  // 0 to 10, 5 in the mean
  CHECK((negatives[2] > 150 && negatives[2] < 350));  // 0 to 5 on one other object
  CHECK(negatives[3] == 1000);
}

TEST_CASE("DIOS clicks on thin objects, alone, and with options out of range") {
  click_scene thin;
  thin.objects = {box(30, 30, 15, 15, 2, 27)};
  random_stream random(1);
  for (click const& c : sample_dios_clicks(thin, dios_strategy::on_others, random)) CHECK(c.y == 15);
  for (int i = 0; i < 50; ++i)
    for (click const& c : sample_dios_clicks(thin, random))
      CHECK((c.is_positive == (c.y == 15 && c.x >= 2 && c.x <= 27)));
  click_scene full;
  full.objects = {mask::blank(20, 20, 1)};
  CHECK(sample_dios_clicks(full, dios_strategy::round_object, random).back().is_positive);
  dios_options o;
  o.max_positive = 0;
  CHECK(mentions(error_text([&] { sample_dios_clicks(thin, random, o); }), "0 positive clicks"));
  o = {};
  o.ring = -1;
  CHECK(mentions(error_text([&] { sample_dios_clicks(thin, random, o); }), "-1 pixels"));
  thin.objects = {mask::blank(8, 8)};
  CHECK_THROWS_AS(sample_dios_clicks(thin, random), fsis::value_error);
}

TEST_CASE("the same stream gives the same DIOS clicks") {
  auto const scene = two_objects();
  random_stream a(3, 9), b(3, 9);
  auto const first = sample_dios_clicks(scene, a), second = sample_dios_clicks(scene, b);
  REQUIRE(first.size() == second.size());
  for (std::size_t i = 0; i < first.size(); ++i) CHECK((first[i].y == second[i].y && first[i].x == second[i].x));
}
