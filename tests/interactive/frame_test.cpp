// SPDX-License-Identifier: MIT
#include <fsis/interactive/frame.hpp>

#include <support/compare.hpp>
#include <support/random_tensor.hpp>

using namespace fsis;

TEST_CASE("the whole photo is shrunk to the longest side and never enlarged beyond rounding") {
  auto const f = interactive::whole_frame(375, 500, 384, 16);
  CHECK(f.from == vision::whole(375, 500));
  CHECK(f.height == 288);
  CHECK(f.width == 384);
  auto const small = interactive::whole_frame(20, 40, 384, 16);
  CHECK(small.height == 16);
  CHECK(small.width == 32);
}

TEST_CASE("a region is enlarged to the longest side, in multiples") {
  auto const f = interactive::region_frame({10, 59, 20, 119}, 384, 16);  // 50 x 100
  CHECK(f.height == 192);
  CHECK(f.width == 384);
  auto const thin = interactive::region_frame({0, 1999, 5, 5}, 384, 16);
  CHECK(thin.height == 384);
  CHECK(thin.width == 16);
}

TEST_CASE("clicks move with the pixels of the picture") {
  // the corners of the region's area are the corners of the crop's area
  auto const f = interactive::region_frame({10, 59, 20, 119}, 384, 16);
  auto const first = f.to_crop(positive(9.5, 19.5)), last = f.to_crop(positive(59.5, 119.5));
  CHECK_NEAR(first.y, -0.5, 1e-12);
  CHECK_NEAR(first.x, -0.5, 1e-12);
  CHECK_NEAR(last.y, 191.5, 1e-12);
  CHECK_NEAR(last.x, 383.5, 1e-12);
  auto const back = f.to_photo(f.to_crop(negative(33, 77)));
  CHECK_NEAR(back.y, 33, 1e-12);
  CHECK_NEAR(back.x, 77, 1e-12);
  CHECK_FALSE(back.is_positive);
}

TEST_CASE("a region of a picture and of a mask") {
  image photo = image::blank(4, 5);
  mask m = mask::blank(4, 5);
  for (index_t y = 0; y < 4; ++y)
    for (index_t x = 0; x < 5; ++x) m(y, x) = photo(y, x, 1) = static_cast<std::uint8_t>(10 * y + x);
  vision::region const r{1, 3, 2, 4};
  image_view const part = interactive::cropped(photo, r);
  mask const piece = interactive::cropped(m, r);
  REQUIRE(part.height() == 3);
  REQUIRE(part.width() == 3);
  for (index_t y = 0; y < 3; ++y)
    for (index_t x = 0; x < 3; ++x) {
      CHECK(part(y, x, 1) == 10 * (y + 1) + x + 2);
      CHECK(piece(y, x) == part(y, x, 1));
    }
}

TEST_CASE("the second copy is the mirror image") {
  cpu_context ctx;
  auto const x = fsis_test::random_tensor<float>(ctx, {1, 2, 3, 2}, 5);
  CHECK(interactive::with_mirror_image(ctx, x, 1).data() == x.data());
  auto const both = interactive::with_mirror_image(ctx, x, 2);
  CHECK(both.extents() == shape{2, 2, 3, 2});
  CHECK(fsis_test::difference(ctx, both.slice(0, 1), x) == "");
  CHECK(fsis_test::difference(ctx, both.slice(1, 1), ops::flip(ctx, x, 2)) == "");
}
