// SPDX-License-Identifier: MIT
#include <fsis/vision/overlay.hpp>

#include <support/catch.hpp>
#include <vision/drawing.hpp>

#include <algorithm>
#include <array>
#include <cmath>

using namespace fsis_test;
using fsis::image;
using fsis::index_t;
using fsis::mask;
using fsis::negative;
using fsis::positive;
using fsis::vision::overlay;
using fsis::vision::overlay_options;

namespace {

std::array<int, 3> at(image const& i, index_t y, index_t x) { return {{i(y, x, 0), i(y, x, 1), i(y, x, 2)}}; }

image plain(index_t height, index_t width, std::uint8_t grey) {
  image out = image::blank(height, width);
  std::fill(out.data(), out.data() + 3 * height * width, grey);
  return out;
}

}  // namespace

TEST_CASE("the object is tinted, its contour drawn, the rest left alone") {
  overlay_options o;
  o.tint = {{200, 0, 100}};
  o.opacity = 0.5;
  o.contour = {{1, 2, 3}};
  image const out = overlay(plain(20, 30, 100), box(20, 30, 0, 9, 5, 14), {}, o);
  CHECK(at(out, 15, 20) == std::array<int, 3>{{100, 100, 100}});
  CHECK(at(out, 5, 10) == std::array<int, 3>{{150, 50, 100}});
  CHECK(at(out, 9, 10) == std::array<int, 3>{{1, 2, 3}});
  CHECK(at(out, 4, 5) == std::array<int, 3>{{1, 2, 3}});
  CHECK(at(out, 10, 10) == std::array<int, 3>{{100, 100, 100}});
  // the border of the picture is no contour
  CHECK(at(out, 0, 10) == std::array<int, 3>{{150, 50, 100}});
}

TEST_CASE("a wider contour reaches further inside") {
  overlay_options o;
  o.opacity = 0;
  o.contour = {{0, 0, 0}};
  o.contour_width = 3;
  image const out = overlay(plain(40, 40, 100), box(40, 40, 10, 29, 10, 29), {}, o);
  CHECK(at(out, 12, 20)[0] == 0);
  CHECK(at(out, 13, 20)[0] == 100);
  CHECK(at(out, 9, 20)[0] == 100);
}

TEST_CASE("clicks are discs of their sign with a white rim") {
  overlay_options o;
  o.marker_radius = 10;
  image const out = overlay(plain(60, 80, 50), mask::blank(60, 80), {positive(30, 20), negative(30, 60)}, o);
  CHECK(at(out, 30, 20) == std::array<int, 3>{{0, 170, 0}});
  CHECK(at(out, 30, 60) == std::array<int, 3>{{220, 0, 0}});
  CHECK(at(out, 30, 29) == std::array<int, 3>{{255, 255, 255}});
  CHECK(at(out, 22, 60)[2] > 200);
  CHECK(at(out, 30, 32) == std::array<int, 3>{{50, 50, 50}});
}

TEST_CASE("a click at or beyond the border is cut") {
  image const photo = plain(30, 30, 50);
  image const out =
      overlay(photo, mask::blank(30, 30), {positive(0, 0), negative(29, 29), positive(-100, 1e200)});
  CHECK(at(out, 0, 0)[1] == 170);
  CHECK(at(out, 29, 29)[0] == 220);
  CHECK(at(out, 15, 15)[0] == 50);
}

TEST_CASE("misuse of overlays is refused and the picture unchanged") {
  image out = plain(10, 10, 7);
  auto const text = error_text([&] { fsis::vision::draw_mask(out, mask::blank(10, 11, 1)); });
  CHECK(mentions(text, "draw_mask", "10x10", "10x11"));
  CHECK_THROWS_AS(fsis::vision::draw_clicks(out, {positive(5, 5), positive(std::nan(""), 0)}),
                  fsis::value_error);
  overlay_options o;
  o.opacity = 1.5;
  CHECK_THROWS_AS(fsis::vision::draw_mask(out, mask::blank(10, 10, 1), o), fsis::value_error);
  CHECK(std::all_of(out.data(), out.data() + 300, [](std::uint8_t v) { return v == 7; }));
  CHECK_THROWS_AS(overlay(image{}, mask::blank(1, 1), {}), fsis::value_error);
}
