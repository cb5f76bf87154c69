// SPDX-License-Identifier: MIT
#include <fsis/vision/click_maps.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

using fsis::click;
using fsis::index_t;
using fsis::negative;
using fsis::positive;
namespace vision = fsis::vision;

namespace {

template <class T>
T at(std::vector<T> const& maps, index_t width, index_t y, index_t x, index_t sign) {
  return maps[static_cast<std::size_t>((y * width + x) * 2 + sign)];
}

index_t disk_pixels(double y, double x, double radius) {
  auto const maps = vision::click_maps(24, 24, {positive(y, x)}, vision::disk_encoding(radius));
  index_t n = 0;
  for (std::size_t i = 0; i < maps.size(); i += 2) n += maps[i] == 1;
  return n;
}

}  // namespace

TEST_CASE("the default map is tanh(2 d / 260), golden G2") {
  std::pair<index_t, double> const golden[] = {{0, 0},           {1, .00769216},    {5, .03844258},
                                               {10, .07677171},  {50, .36670894},   {100, .64648193},
                                               {130, .76159416}, {200, .91186149},  {260, .96402758},
                                               {400, .99575843}, {520, .99932930}};
  auto const wide = vision::click_maps<double>(1, 521, {positive(0, 0)});
  auto const single = vision::click_maps<float>(1, 521, {positive(0, 0)});
  for (auto const& g : golden) {
    CHECK_NEAR(at(wide, 521, 0, g.first, 0), g.second, 1e-8);
    CHECK_NEAR(at(single, 521, 0, g.first, 0), g.second, 1e-6);
    CHECK(at(wide, 521, 0, g.first, 1) == 1.0);
  }
}

TEST_CASE("the distance map is golden G1, the no-click value 255") {
  std::vector<click> const one{positive(1, 2)};
  auto const d = vision::click_maps<double>(4, 5, one, vision::distance_encoding());
  double const row0[] = {2.236068, 1.414214, 1, 1.414214, 2.236068};
  double const row3[] = {2.828427, 2.236068, 2, 2.236068, 2.828427};
  double const truncated0[] = {2, 1, 1, 1, 2}, truncated3[] = {2, 2, 2, 2, 2};
  double const inverse0[] = {.991231, .994454, .996078, .994454, .991231};
  double const inverse3[] = {.988908, .991231, .992157, .991231, .988908};
  for (index_t x = 0; x < 5; ++x) {
    std::size_t const i = static_cast<std::size_t>(x);
    CHECK_NEAR(at(d, 5, 0, x, 0), row0[i], 1e-6);
    CHECK_NEAR(at(d, 5, 3, x, 0), row3[i], 1e-6);
    CHECK(std::floor(at(d, 5, 0, x, 0)) == truncated0[i]);
    CHECK(std::floor(at(d, 5, 3, x, 0)) == truncated3[i]);
    CHECK(at(d, 5, 2, x, 1) == 255.0);
    auto const f = vision::click_maps<double>(4, 5, one, vision::fraction_encoding());
    CHECK_NEAR(1 - at(f, 5, 0, x, 0), inverse0[i], 1e-6);
    CHECK_NEAR(1 - at(f, 5, 3, x, 0), inverse3[i], 1e-6);
    CHECK(at(f, 5, 2, x, 1) == 1.0);
  }
  auto const two =
      vision::click_maps<double>(4, 5, {positive(1, 2), positive(3, 4)}, vision::distance_encoding());
  double const row2[] = {2.236068, 1.414214, 1, 1.414214, 1}, row3_two[] = {2.828427, 2.236068, 2, 1, 0};
  for (index_t x = 0; x < 5; ++x) {
    CHECK_NEAR(at(two, 5, 2, x, 0), row2[x], 1e-6);
    CHECK_NEAR(at(two, 5, 3, x, 0), row3_two[x], 1e-6);
  }
}

TEST_CASE("distances are cut at the limit") {
  auto const d = vision::click_maps<double>(1, 300, {negative(0, 0)}, vision::distance_encoding());
  CHECK(at(d, 300, 0, 254, 1) == 254.0);
  CHECK(at(d, 300, 0, 299, 1) == 255.0);
  CHECK(at(vision::click_maps(1, 9, {negative(0, 0)}, vision::fraction_encoding(4)), 9, 0, 3, 1) == 0.75f);
}

TEST_CASE("a disk holds the pixels with d^2 <= r^2, golden G3") {
  CHECK(disk_pixels(10, 10, 2) == 13);
  CHECK(disk_pixels(10, 10, 3) == 29);
  CHECK(disk_pixels(10, 10, 5) == 81);
  CHECK(disk_pixels(10.5, 10.5, 5) == 80);
  CHECK(disk_pixels(10.25, 10.0, 5) == 76);
  auto const none = vision::click_maps(3, 3, {}, vision::disk_encoding());
  for (float v : none) CHECK(v == 0.0f);
}

TEST_CASE("signs have their own maps, positive first") {
  auto const maps = vision::click_maps(4, 6, {negative(3, 5), positive(0, 1)});
  CHECK(at(maps, 6, 0, 1, 0) == 0);
  CHECK(at(maps, 6, 3, 5, 1) == 0);
  CHECK(at(maps, 6, 0, 1, 1) > 0);
  CHECK(at(maps, 6, 3, 5, 0) > 0);
}

TEST_CASE("maps move and mirror with the clicks") {
  auto const here = vision::click_maps<double>(20, 30, {positive(3.25, 4), negative(8, 9.5)});
  auto const there = vision::click_maps<double>(20, 30, {positive(5.25, 11), negative(10, 16.5)});
  auto const flipped = vision::click_maps<double>(20, 30, {positive(3.25, 25), negative(8, 19.5)});
  for (index_t y = 0; y < 18; ++y)
    for (index_t x = 0; x < 23; ++x)
      for (index_t s = 0; s < 2; ++s) {
        REQUIRE(at(there, 30, y + 2, x + 7, s) == at(here, 30, y, x, s));
        REQUIRE(at(flipped, 30, y, 29 - x, s) == at(here, 30, y, x, s));
      }
}

TEST_CASE("a click outside the grid, both coordinates negative, still counts") {
  auto const d = vision::click_maps<double>(2, 2, {negative(-3, -4)}, vision::distance_encoding());
  CHECK_NEAR(at(d, 2, 0, 0, 1), 5, 1e-12);
}

TEST_CASE("a coarse grid samples the fine map at its cells' centres") {
  std::vector<click> const clicks{positive(10, 20), negative(3, 50)};
  auto const coarse = vision::click_maps<double>(4, 8, clicks, {}, vision::sampling_grid::strided(8));
  vision::sampling_grid half;
  half.origin_y = half.origin_x = 0.5;
  auto const fine = vision::click_maps<double>(32, 64, clicks, {}, half);
  for (index_t y = 0; y < 4; ++y)
    for (index_t x = 0; x < 8; ++x)
      for (index_t s = 0; s < 2; ++s)
        CHECK_NEAR(at(coarse, 8, y, x, s), at(fine, 64, 8 * y + 3, 8 * x + 3, s), 1e-12);
}

TEST_CASE("maps are written behind the colours of a picture") {
  std::vector<float> five(2 * 3 * 5, -7.0f);
  vision::write_click_maps(five.data() + 3, 2, 3, {positive(1, 2)}, {}, {}, 5);
  auto const maps = vision::click_maps(2, 3, {positive(1, 2)});
  for (std::size_t p = 0; p < 6; ++p) {
    CHECK(five[5 * p + 2] == -7.0f);
    CHECK(five[5 * p + 3] == maps[2 * p]);
    CHECK(five[5 * p + 4] == maps[2 * p + 1]);
  }
}

TEST_CASE("misuse of click maps is refused and nothing is written") {
  double const nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<float> out(8, 3.0f);
  auto const text = error_text([&] { vision::write_click_maps(out.data(), 2, 2, {positive(0, nan)}); });
  CHECK(mentions(text, "click_maps", "nan", "finite"));
  CHECK(out == std::vector<float>(8, 3.0f));
  CHECK_THROWS_AS(vision::click_maps(0, 4, {}), fsis::value_error);
  CHECK_THROWS_AS(vision::click_maps(4, 4, {}, vision::tanh_encoding(0)), fsis::value_error);
  CHECK_THROWS_AS(vision::click_maps(4, 4, {}, vision::disk_encoding(nan)), fsis::value_error);
  CHECK_THROWS_AS(vision::write_click_maps(out.data(), 2, 2, {}, {}, {}, 1), fsis::value_error);
  CHECK_THROWS_AS(vision::sampling_grid::strided(0), fsis::value_error);
  vision::sampling_grid flat;
  flat.step_x = 0;
  CHECK_THROWS_AS(vision::click_maps(4, 4, {}, {}, flat), fsis::value_error);
}
