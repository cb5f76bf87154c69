// SPDX-License-Identifier: MIT
#include <fsis/vision/colour_evidence.hpp>

#include <fsis/core/random.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>

#include <cmath>

using namespace fsis;
using vision::colour_evidence;
using vision::plane;

namespace {

/// The first `red` pixels of a row red, the others blue.
image red_and_blue(index_t red, index_t blue) {
  image picture = image::blank(1, red + blue);
  for (index_t x = 0; x < red + blue; ++x) picture(0, x, x < red ? 0 : 2) = 250;
  return picture;
}

}  // namespace

TEST_CASE("colour evidence: by hand, where every pixel is sure") {
  auto const picture = red_and_blue(6, 4);
  plane<float> p(1, 10);
  for (index_t x = 0; x < 7; ++x) p(0, x) = 1;  // one blue pixel, too
  vision::colour_options o;
  o.smoothing = 2;
  // 7 of object, 3 of background: 1.4 and 0.6 pixels of every colour from the start
  auto const e = colour_evidence(picture, p, o);
  double const scale = (3 + 0.6) / (7 + 1.4);
  CHECK_NEAR(e(0, 0), std::log(scale * (5 + 1.4) / 0.6), 1e-6);
  CHECK_NEAR(e(0, 6), std::log(scale * 1.4 / (3 + 0.6)), 1e-6);  // it does not count for itself
  CHECK_NEAR(e(0, 9), std::log(scale * (1 + 1.4) / (2 + 0.6)), 1e-6);
}

TEST_CASE("colour evidence: the same colours everywhere say nothing of many pixels") {
  image const grey = image::blank(50, 60);
  random_stream draw(1);
  plane<float> p(50, 60);
  for (index_t i = 0; i < p.size(); ++i) p.data()[i] = static_cast<float>(draw.uniform());
  for (index_t i = 0; i < p.size(); ++i) CHECK(std::abs(colour_evidence(grey, p).data()[i]) < 2e-3f);
}

TEST_CASE("colour evidence: object and background exchanged changes the sign") {
  random_stream draw(2);
  image picture = image::blank(6, 9);
  plane<float> p(6, 9), rest(6, 9);
  for (index_t y = 0; y < 6; ++y)
    for (index_t x = 0; x < 9; ++x) {
      for (index_t c = 0; c < 3; ++c) picture(y, x, c) = static_cast<std::uint8_t>(draw.below(256));
      p(y, x) = static_cast<float>(draw.uniform());
      rest(y, x) = 1 - p(y, x);
    }
  auto const a = colour_evidence(picture, p), b = colour_evidence(picture, rest);
  for (index_t i = 0; i < a.size(); ++i) CHECK_NEAR(a.data()[i], -b.data()[i], 1e-5);
}

TEST_CASE("colour evidence: levels of a colour that fall into one bin are one colour") {
  image picture = red_and_blue(6, 4);
  plane<float> p(1, 10);
  for (index_t x = 0; x < 5; ++x) p(0, x) = 0.9f;
  auto const before = colour_evidence(picture, p);
  for (index_t x = 0; x < 6; ++x) picture(0, x, 0) = static_cast<std::uint8_t>(224 + 5 * x);  // the last of 8 bins
  auto const after = colour_evidence(picture, p);
  for (index_t i = 0; i < 10; ++i) CHECK(after.data()[i] == before.data()[i]);
}

TEST_CASE("colour evidence: nothing to tell apart") {
  auto const picture = red_and_blue(6, 4);
  for (float const v : {0.f, 1.f})
    for (index_t i = 0; i < 10; ++i) CHECK(colour_evidence(picture, plane<float>(1, 10, v)).data()[i] == 0);
}

TEST_CASE("colour evidence: wrong sizes and options are refused with numbers") {
  auto const picture = red_and_blue(6, 4);
  using fsis_test::error_text;
  using fsis_test::mentions;
  plane<float> const p(1, 10, 0.5f);
  CHECK(mentions(error_text([&] { colour_evidence(picture, plane<float>(10, 1)); }), "1x10", "10x1"));
  CHECK(mentions(error_text([&] { colour_evidence(picture, p, {0, 50}); }), "0 bins"));
  CHECK(mentions(error_text([&] { colour_evidence(picture, p, {257, 50}); }), "257 bins"));
  CHECK(mentions(error_text([&] { colour_evidence(picture, p, {8, 0}); }), "smoothing 0"));
}
