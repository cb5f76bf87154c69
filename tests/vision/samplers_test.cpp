// SPDX-License-Identifier: MIT
#include <fsis/vision/samplers.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>
#include <vision/drawing.hpp>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

using namespace fsis_test;
using fsis::click;
using fsis::index_t;
using fsis::mask;
using fsis::random_stream;
using fsis::vision::click_sampler_options;
using fsis::vision::click_scene;
using fsis::vision::correcting_click;
using fsis::vision::draw_outcome;
using fsis::vision::geometric_probabilities;
using fsis::vision::sample_clicks;
namespace vision = fsis::vision;

namespace {

double expectation(std::vector<double> const& p, double first) {
  double sum = 0;
  for (double v : p) sum += v * first++;
  return sum;
}

bool hits(mask const& m, click const& c) {
  return m(static_cast<index_t>(c.y), static_cast<index_t>(c.x)) != 0;
}

index_t number(std::vector<click> const& clicks, bool sign) {
  return std::count_if(clicks.begin(), clicks.end(),
                       [sign](click const& c) { return c.is_positive == sign; });
}

click_scene scene_of(mask const& object) {
  click_scene s;
  s.objects = {object};
  return s;
}

mask const object = box(20, 20, 4, 15, 5, 14);

}  // namespace

TEST_CASE("numbers of clicks follow golden G21") {
  double const positives[] = {.308721, .216104, .151273, .105891, .074124, .051887, .036321, .025424, .017797,
                              .012458};
  auto const ten = geometric_probabilities(10, .7);
  for (std::size_t i = 0; i < 10; ++i) CHECK_NEAR(ten[i], positives[i], 1e-6);
  CHECK_NEAR(expectation(ten, 1), 3.04264691, 1e-8);
  auto const eleven = geometric_probabilities(11, .7);
  CHECK_NEAR(eleven[0], .306052, 1e-6);
  CHECK_NEAR(eleven[1], .214236, 1e-6);
  CHECK_NEAR(eleven[2], .149965, 1e-6);
  CHECK_NEAR(eleven[10], .008645, 1e-6);
  CHECK_NEAR(expectation(eleven, 0), 2.11143983, 1e-8);
  auto const ritm = geometric_probabilities(24, .8);
  CHECK_NEAR(ritm[0], .200949, 1e-6);
  CHECK_NEAR(ritm[1], .160759, 1e-6);
  CHECK_NEAR(ritm[2], .128607, 1e-6);
  CHECK_NEAR(expectation(ritm, 1), 4.88612545, 1e-8);
  CHECK_NEAR(expectation(geometric_probabilities(25, .8), 0), 3.90519453, 1e-6);
}

TEST_CASE("outcomes are drawn as often as their weights say") {
  random_stream random(1);
  index_t seen[3] = {0, 0, 0};
  for (int i = 0; i < 20000; ++i) ++seen[draw_outcome({1, 0, 3}, random)];
  CHECK(seen[1] == 0);
  CHECK_NEAR(static_cast<double>(seen[0]) / 20000, .25, .015);
}

TEST_CASE("sampled clicks have the numbers and places of f-BRS' training") {
  random_stream random(2);
  mask const core = box(20, 20, 7, 12, 8, 11), ring = vision::border_ring(object);
  index_t n_positive = 0, n_negative = 0, in_core_only = 0, ring_only = 0, with_negatives = 0;
  int const samples = 4000;
  for (int i = 0; i < samples; ++i) {
    auto const clicks = sample_clicks(scene_of(object), random);
    index_t const p = number(clicks, true), n = number(clicks, false);
    REQUIRE(p >= 1);
    REQUIRE(p <= 10);
    REQUIRE(n <= 10);
    n_positive += p;
    n_negative += n;
    bool all_core = true, all_ring = true;
    for (click const& c : clicks) {
      REQUIRE(hits(object, c) == c.is_positive);
      all_core = all_core && (!c.is_positive || hits(core, c));
      all_ring = all_ring && (c.is_positive || hits(ring, c));
    }
    in_core_only += all_core && p >= 3;
    ring_only += all_ring && n >= 3;
    with_negatives += n >= 3;
  }
  CHECK_NEAR(static_cast<double>(n_positive) / samples, 3.04264691, .12);
  CHECK_NEAR(static_cast<double>(n_negative) / samples, 2.11143983, .12);
  // one kind of place per sample: with three or more negatives, half of the samples keep to the ring
  // (and a few of the others by chance)
  CHECK_NEAR(static_cast<double>(ring_only) / static_cast<double>(with_negatives), .52, .06);
  CHECK(in_core_only > 0);
}

TEST_CASE("RITM draws the place for each negative click") {
  random_stream random(3);
  mask const ring = vision::border_ring(object);
  auto const options = click_sampler_options::ritm();
  index_t n_positive = 0, ring_only = 0, with_negatives = 0;
  int const samples = 3000;
  for (int i = 0; i < samples; ++i) {
    auto const clicks = sample_clicks(scene_of(object), random, options);
    n_positive += number(clicks, true);
    bool all_ring = true;
    for (click const& c : clicks) all_ring = all_ring && (c.is_positive || hits(ring, c));
    index_t const n = number(clicks, false);
    REQUIRE(n <= 24);
    with_negatives += n >= 3;
    ring_only += n >= 3 && all_ring;
  }
  CHECK_NEAR(static_cast<double>(n_positive) / samples, 4.88612545, .25);
  CHECK(static_cast<double>(ring_only) / static_cast<double>(with_negatives) < .25);
}

TEST_CASE("positive clicks keep off the edge nine times in ten") {
  random_stream random(4);
  mask const core = vision::erode(object, 3);
  index_t outside = 0, total = 0;
  for (int i = 0; i < 4000; ++i)
    for (click const& c : sample_clicks(scene_of(object), random))
      if (c.is_positive) {
        ++total;
        outside += !hits(core, c);
      }
  CHECK_NEAR(static_cast<double>(outside) / static_cast<double>(total), .1 * 96 / 120, .015);
}

TEST_CASE("an object too small to erode is clicked everywhere") {
  random_stream random(5);
  mask const small = box(20, 20, 4, 11, 5, 12), core = vision::erode(small, 3);
  REQUIRE(core.count() == 4);
  index_t in_core = 0, total = 0;
  for (int i = 0; i < 1500; ++i)
    for (click const& c : sample_clicks(scene_of(small), random))
      if (c.is_positive) {
        ++total;
        in_core += hits(core, c);
      }
  CHECK_NEAR(static_cast<double>(in_core) / static_cast<double>(total), 4.0 / 64, .02);
}

TEST_CASE("negatives on other objects, and off the object where there are none") {
  click_sampler_options o;
  o.background_weight = o.border_weight = 0;
  random_stream random(6);
  click_scene s = scene_of(object);
  s.others = box(20, 20, 17, 19, 0, 19);
  index_t far_off = 0;
  for (int i = 0; i < 300; ++i) {
    for (click const& c : sample_clicks(s, random, o)) REQUIRE((c.is_positive || hits(s.others, c)));
    for (click const& c : sample_clicks(scene_of(object), random, o)) far_off += !c.is_positive && c.y == 0;
  }
  CHECK(far_off > 0);
}

TEST_CASE("every one of several objects is clicked, and not more than the most") {
  click_scene s;
  s.objects = {box(20, 20, 0, 9, 0, 9), box(20, 20, 12, 19, 12, 19)};
  random_stream random(8);
  index_t most = 0, first_of_first = 0;
  for (int i = 0; i < 500; ++i) {
    index_t on[2] = {0, 0};
    auto const clicks = sample_clicks(s, random);
    for (click const& c : clicks) {
      if (!c.is_positive) continue;
      on[0] += hits(s.objects[0], c);
      on[1] += hits(s.objects[1], c);
    }
    REQUIRE(on[0] >= 1);
    REQUIRE(on[1] >= 1);
    REQUIRE(on[0] + on[1] <= 10);
    most = std::max(most, on[0] + on[1]);
    first_of_first += hits(s.objects[0], clicks.front());
  }
  CHECK(most == 10);
  CHECK(first_of_first > 150);
  CHECK(first_of_first < 350);
}

TEST_CASE("unlabelled pixels are never clicked") {
  click_scene s = scene_of(object);
  s.unlabelled = box(20, 20, 0, 19, 9, 19);
  random_stream random(9);
  for (int i = 0; i < 300; ++i)
    for (click const& c : sample_clicks(s, random)) REQUIRE(!hits(s.unlabelled, c));
}

TEST_CASE("an object that fills the picture has no negative clicks") {
  random_stream random(10);
  for (int i = 0; i < 50; ++i)
    CHECK(number(sample_clicks(scene_of(mask::blank(9, 9, 1)), random), false) == 0);
}

TEST_CASE("the same stream gives the same clicks") {
  random_stream a(11, 4), b(11, 4), c(12, 4);
  auto const first = sample_clicks(scene_of(object), a);
  CHECK(first == sample_clicks(scene_of(object), b));
  bool differs = false;
  for (int i = 0; i < 5; ++i) differs = differs || sample_clicks(scene_of(object), c) != first;
  CHECK(differs);
}

TEST_CASE("a correcting click lies in the deep half of the deeper error") {
  random_stream random(12);
  mask const nothing = mask::blank(20, 20);
  std::set<std::pair<double, double>> seen;
  for (int i = 0; i < 2000; ++i) {
    auto const c = correcting_click(object, nothing, random);
    REQUIRE(c.has_value());
    REQUIRE(c->is_positive);
    seen.insert({c->y, c->x});
  }
  // the greatest depth of 12x10 pixels is 5: depths 3, 4 and 5 are more than half of it
  CHECK(seen.size() == 8 * 6);
  CHECK(seen.count({6, 7}) == 1);
  CHECK(seen.count({5, 7}) == 0);

  auto const spilled = correcting_click(nothing, object, random);
  REQUIRE(spilled.has_value());
  CHECK_FALSE(spilled->is_positive);
  CHECK_FALSE(correcting_click(object, object, random).has_value());
}

TEST_CASE("misuse of samplers is refused") {
  random_stream random(13);
  CHECK_THROWS_AS(sample_clicks({}, random), fsis::value_error);
  CHECK(mentions(error_text([&] { sample_clicks(scene_of(mask::blank(4, 4)), random); }), "sample_clicks",
                 "object 0 of 1"));
  click_scene s = scene_of(object);
  s.others = mask::blank(20, 21);
  CHECK_THROWS_AS(sample_clicks(s, random), fsis::shape_error);
  s = scene_of(object);
  s.unlabelled = object;
  CHECK_THROWS_AS(sample_clicks(s, random), fsis::value_error);
  click_sampler_options o;
  o.erode_probability = 1.5;
  CHECK_THROWS_AS(sample_clicks(scene_of(object), random, o), fsis::value_error);
  o = {};
  o.background_weight = o.others_weight = o.border_weight = 0;
  CHECK_THROWS_AS(sample_clicks(scene_of(object), random, o), fsis::value_error);
  CHECK_THROWS_AS(geometric_probabilities(0, .5), fsis::value_error);
  CHECK_THROWS_AS(geometric_probabilities(5, 1.5), fsis::value_error);
  CHECK_THROWS_AS(draw_outcome({0, 0}, random), fsis::value_error);
  CHECK_THROWS_AS(correcting_click(object, mask::blank(3, 3), random), fsis::shape_error);
}
