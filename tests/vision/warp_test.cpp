// SPDX-License-Identifier: MIT
#include <fsis/vision/warp.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>
#include <vision/drawing.hpp>

#include <cmath>

using namespace fsis_test;
using fsis::image;
using fsis::index_t;
using fsis::mask;
using fsis::vision::affine;
using fsis::vision::warp_image;
using fsis::vision::warp_mask;

TEST_CASE("composition and inverse of affine maps") {
  affine const a{1.5, -.25, 3, .5, .75, -2}, b{.2, 1, 1, -1, .4, 7};
  auto const inner = b(4, 5), both = a(inner[0], inner[1]), at_once = a.after(b)(4, 5);
  CHECK_NEAR(at_once[0], both[0], 1e-12);
  CHECK_NEAR(at_once[1], both[1], 1e-12);
  auto const back = a.inverse()(both[0], both[1]);
  CHECK_NEAR(back[0], inner[0], 1e-12);
  CHECK_NEAR(back[1], inner[1], 1e-12);
  CHECK_THROWS_AS((affine{1, 2, 0, 2, 4, 0}.inverse()), fsis::value_error);
}

TEST_CASE("a shift moves mask and picture alike and fills what comes in") {
  mask const m = drawn({"123", "456"});
  CHECK(warp_mask(m, affine::translation(0, 1), 2, 3, 9) == drawn({"239", "569"}));
  CHECK(warp_mask(m, affine::translation(-1, 0), 3, 3) == drawn({"...", "123", "456"}));
  image picture = image::blank(2, 3);
  picture(1, 2, 0) = 200;
  image const moved = warp_image(picture, affine::translation(0, 1), 2, 3, {{1, 2, 3}});
  CHECK(moved(1, 1, 0) == 200);
  CHECK(moved(1, 2, 0) == 1);
  CHECK(moved(0, 2, 2) == 3);
  CHECK(moved(0, 0, 0) == 0);
}

TEST_CASE("between pixels a picture is bilinear and its border is continued") {
  image picture = image::blank(2, 2);
  picture(0, 1, 0) = 100;
  picture(1, 1, 0) = 200;
  CHECK(warp_image(picture, affine::translation(0, .25), 1, 1)(0, 0, 0) == 25);
  CHECK(warp_image(picture, affine::translation(.5, .5), 1, 1)(0, 0, 0) == 75);
  CHECK(warp_image(picture, affine::translation(1.4, 1.4), 1, 1)(0, 0, 0) == 200);
  CHECK(warp_image(picture, affine::translation(1.5, 1), 1, 1, {{9, 9, 9}})(0, 0, 0) == 9);
}

TEST_CASE("misuse of warps is refused") {
  CHECK_THROWS_AS(warp_mask(mask{}, {}, 2, 2), fsis::value_error);
  CHECK_THROWS_AS(warp_image(image{}, {}, 2, 2), fsis::value_error);
  CHECK_THROWS_AS(warp_mask(mask::blank(2, 2), {}, 0, 2), fsis::value_error);
  CHECK(mentions(error_text([] { warp_mask(mask::blank(2, 2), affine::translation(std::nan(""), 0), 2, 2); }),
                 "warp_mask", "nan"));
}
