// SPDX-License-Identifier: MIT
#include <fsis/vision/augment.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>
#include <vision/drawing.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>

using namespace fsis_test;
using fsis::image;
using fsis::index_t;
using fsis::mask;
using fsis::random_stream;
using fsis::vision::augment;
using fsis::vision::augment_options;
using fsis::vision::labelled_image;

namespace {

/// A picture that shows its labels: red is 250 on the object and 0 elsewhere, green falls with the row.
image picture_of(mask const& m) {
  image out = image::blank(m.height(), m.width());
  for (index_t y = 0; y < m.height(); ++y)
    for (index_t x = 0; x < m.width(); ++x) {
      out(y, x, 0) = m(y, x) == 1 ? 250 : 0;
      out(y, x, 1) = static_cast<std::uint8_t>(y);
    }
  return out;
}

augment_options still(index_t height, index_t width) {
  augment_options o;
  o.height = height;
  o.width = width;
  o.min_scale = o.max_scale = 1;
  o.flip_probability = o.move_probability = o.contrast_probability = o.colour_shift_probability = 0;
  return o;
}

mask const labels = box(60, 90, 20, 39, 30, 59);

}  // namespace

TEST_CASE("with everything off the pair is unchanged") {
  random_stream random(1);
  image const picture = picture_of(labels);
  labelled_image const out = augment(picture, labels, random, still(60, 90));
  CHECK(same(out.picture, picture));
  CHECK(out.labels == labels);
}

TEST_CASE("a flip mirrors both, and quarter turns turn both") {
  random_stream random(2);
  augment_options o = still(60, 90);
  o.flip_probability = 1;
  mask const lopsided = box(60, 90, 5, 10, 3, 40);
  labelled_image const flipped = augment(picture_of(lopsided), lopsided, random, o);
  CHECK(flipped.labels == mirrored(lopsided));
  CHECK(same(flipped.picture, picture_of(mirrored(lopsided))));

  o = still(4, 4);
  o.quarter_turn_probability = 1;
  mask const corner = drawn({"12..", "....", "....", "...."});
  index_t seen[4] = {0, 0, 0, 0};
  for (int i = 0; i < 60; ++i) {
    mask const turned = augment(picture_of(corner), corner, random, o).labels;
    if (turned == drawn({"...1", "...2", "....", "...."})) ++seen[1];
    if (turned == drawn({"....", "....", "....", "..21"})) ++seen[2];
    if (turned == drawn({"....", "....", "2...", "1..."})) ++seen[3];
  }
  CHECK(seen[1] + seen[2] + seen[3] == 60);
  CHECK(std::min({seen[1], seen[2], seen[3]}) > 5);
}

TEST_CASE("picture and labels stay together under all geometry") {
  random_stream random(3);
  augment_options o;
  o.height = 64;
  o.width = 80;
  o.contrast_probability = o.colour_shift_probability = 0;
  o.quarter_turn_probability = 0.3;
  o.max_rotation = 20;
  for (int i = 0; i < 60; ++i) {
    labelled_image const out = augment(picture_of(labels), labels, random, o);
    REQUIRE(out.labels.height() == 64);
    REQUIRE(out.picture.width() == 80);
    index_t apart = 0;
    for (index_t y = 0; y < 64; ++y)
      for (index_t x = 0; x < 80; ++x) apart += (out.picture(y, x, 0) > 125) != (out.labels(y, x) == 1);
    // nearest and bilinear round differently on corners of the contour, never elsewhere
    REQUIRE(apart <= 12);
  }
}

TEST_CASE("a crop keeps the object, even a small one in a corner") {
  random_stream random(4);
  augment_options o = still(30, 40);
  mask const far_corner = box(200, 300, 180, 195, 270, 290);
  for (int i = 0; i < 40; ++i) {
    labelled_image const out = augment(picture_of(far_corner), far_corner, random, o);
    REQUIRE(100 * out.labels.count() >= 85 * far_corner.count());
  }
}

TEST_CASE("when no crop keeps enough the best one is taken") {
  random_stream random(5);
  augment_options o = still(10, 10);
  mask const large = box(40, 40, 5, 34, 5, 34);
  index_t least = 100;
  for (int i = 0; i < 50; ++i)
    least = std::min(least, augment(picture_of(large), large, random, o).labels.count());
  CHECK(least >= 90);
}

TEST_CASE("of many crops of a scattered object the one with most of it is taken") {
  random_stream random(12);
  augment_options o = still(10, 10);
  o.min_kept = 1;
  o.crop_tries = 400;
  mask scattered = box(40, 40, 0, 7, 0, 7);
  scattered(39, 39) = 1;
  for (int i = 0; i < 20; ++i) {
    labelled_image const out = augment(picture_of(scattered), scattered, random, o);
    REQUIRE(out.labels.count() >= 48);
  }
}

TEST_CASE("rotation keeps the centre, a shift keeps within its range") {
  random_stream random(13);
  augment_options o = still(41, 41);
  o.move_probability = 1;
  o.max_shift = 0;
  o.max_rotation = 30;
  mask const bar = box(41, 41, 20, 20, 10, 30), dot = box(41, 41, 20, 20, 20, 20);
  index_t turned = 0;
  for (int i = 0; i < 50; ++i) {
    mask const out = augment(picture_of(bar), bar, random, o).labels;
    REQUIRE(out(20, 20) == 1);
    turned += out != bar;
  }
  CHECK(turned > 40);
  o.max_rotation = 0;
  o.max_shift = 0.1;
  bool moved[2] = {false, false};
  for (int i = 0; i < 50; ++i) {
    mask const out = augment(picture_of(dot), dot, random, o).labels;
    index_t const at = std::find(out.data(), out.data() + out.size(), 1) - out.data();
    REQUIRE(at < out.size());
    index_t const dy = at / 41 - 20, dx = at % 41 - 20;
    REQUIRE(std::max(std::abs(dy), std::abs(dx)) <= 4);
    moved[0] = moved[0] || dy >= 2;
    moved[1] = moved[1] || dy <= -2;
  }
  CHECK(moved[0]);
  CHECK(moved[1]);
}

TEST_CASE("a window larger than the picture shows it in the middle, with the fills around it") {
  random_stream random(6);
  augment_options o = still(8, 10);
  o.picture_fill = {{7, 8, 9}};
  o.label_fill = mask::void_label;
  mask const m = mask::blank(4, 6, 1);
  labelled_image const out = augment(picture_of(m), m, random, o);
  CHECK(std::count(out.labels.data(), out.labels.data() + 80, 255) == 80 - 24);
  CHECK(out.labels(2, 2) == 1);
  CHECK(out.labels(5, 7) == 1);
  CHECK(out.labels(6, 7) == 255);
  CHECK(out.picture(0, 0, 2) == 9);
  CHECK(out.picture(2, 2, 0) == 250);
}

TEST_CASE("scaling changes the object's size within its range") {
  random_stream random(7);
  augment_options o = still(120, 160);
  o.min_scale = 0.5;
  o.max_scale = 1.5;
  double least = 10, most = 0;
  for (int i = 0; i < 100; ++i) {
    double const area = static_cast<double>(augment(picture_of(labels), labels, random, o).labels.count());
    double const scale = std::sqrt(area / static_cast<double>(labels.count()));
    least = std::min(least, scale);
    most = std::max(most, scale);
  }
  CHECK(least >= .46);
  CHECK(least < .6);
  CHECK(most <= 1.54);
  CHECK(most > 1.4);
}

TEST_CASE("colours move within their ranges and labels do not") {
  random_stream random(8);
  augment_options o = still(2, 2);
  o.contrast_probability = 1;
  o.min_contrast = o.max_contrast = 0;
  o.brightness = 0.1;
  std::uint8_t const grey[12] = {100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100};
  image const picture(grey, 2, 2, 3);
  mask const m = mask::blank(2, 2, 3);
  int least = 255, most = 0;
  for (int i = 0; i < 200; ++i) {
    labelled_image const out = augment(picture, m, random, o);
    CHECK(out.labels == m);
    REQUIRE(out.picture(0, 0, 0) == out.picture(1, 1, 2));
    least = std::min(least, int{out.picture(0, 0, 0)});
    most = std::max(most, int{out.picture(0, 0, 0)});
  }
  CHECK(least >= 74);
  CHECK(least <= 78);
  CHECK(most <= 126);
  CHECK(most >= 122);

  o.brightness = 0;
  o.min_contrast = o.max_contrast = 1;
  CHECK(augment(picture, m, random, o).picture(0, 0, 0) == 200);
  o.contrast_probability = 0;
  o.colour_shift_probability = 1;
  image const shifted = augment(picture, m, random, o).picture;
  for (index_t c = 0; c < 3; ++c) CHECK(std::abs(shifted(0, 0, c) - 100) <= 10);
  CHECK((shifted(0, 0, 0) != shifted(0, 0, 1) || shifted(0, 0, 1) != shifted(0, 0, 2)));
}

TEST_CASE("the same stream gives the same pair") {
  random_stream a(9), b(9), c(10);
  image const picture = picture_of(labels);
  labelled_image const first = augment(picture, labels, a), again = augment(picture, labels, b);
  CHECK(same(first.picture, again.picture));
  CHECK(first.labels == again.labels);
  CHECK_FALSE(same(first.picture, augment(picture, labels, c).picture));
}

TEST_CASE("misuse of augmentation is refused before anything is drawn") {
  random_stream random(11), untouched(11);
  image const picture = picture_of(labels);
  auto const text = error_text([&] { augment(picture, mask::blank(60, 91), random); });
  CHECK(mentions(text, "augment", "60x90", "60x91"));
  CHECK_THROWS_AS(augment(picture, mask::blank(60, 91), random), fsis::shape_error);
  CHECK_THROWS_AS(augment(picture, mask{}, random), fsis::value_error);
  auto const refused = [&](void (*spoil)(augment_options&)) {
    augment_options o;
    spoil(o);
    CHECK_THROWS_AS(augment(picture, labels, random, o), fsis::value_error);
  };
  refused([](augment_options& o) { o.height = 0; });
  refused([](augment_options& o) { o.min_scale = 0; });
  refused([](augment_options& o) { o.max_scale = .5; });
  refused([](augment_options& o) { o.flip_probability = 2; });
  refused([](augment_options& o) { o.max_rotation = std::nan(""); });
  refused([](augment_options& o) { o.crop_tries = 0; });
  refused([](augment_options& o) { o.min_contrast = -2; });
  CHECK(random.bits() == untouched.bits());
}
