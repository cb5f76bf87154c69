// SPDX-License-Identifier: MIT
#include <fsis/interactive/result_map.hpp>

#include <fsis/interactive/answer.hpp>

#include <support/near.hpp>
#include <support/tolerance.hpp>
#include <vision/drawing.hpp>

#include <cmath>

using namespace fsis;
using fsis_test::drawn;

TEST_CASE("golden G10: flips are averaged as logits") {
  cpu_context ctx;
  auto const logits = from_host<double>(ctx, {2, 1, 2, 1}, {2, 7, 7, -1});
  auto const mean = interactive::averaged_logits(ctx, logits);
  CHECK(mean.extents() == shape{1, 1, 2, 1});
  vision::zoom const frame{vision::whole(1, 2), 1, 2, vision::crop_mapping::half_pixel};
  auto const p = interactive::probability_on(ctx, mean, frame, 1, 2);
  CHECK_NEAR(p(0, 0), 0.62245933, fsis_test::golden);
  CHECK_NEAR(p(0, 1), 1 / (1 + std::exp(-7.0)), fsis_test::golden);
  auto const one = from_host<double>(ctx, {1, 1, 2, 1}, {2, 7});
  CHECK(interactive::averaged_logits(ctx, one).data() == one.data());
}

TEST_CASE("logits of a region are pasted into the photo, nothing outside") {
  cpu_context ctx;
  auto const logits = from_host<float>(ctx, {1, 2, 2, 1}, {0, 4, 0, 4});
  vision::zoom const frame{{1, 2, 2, 5}, 2, 2, vision::crop_mapping::half_pixel};
  auto const p = interactive::probability_on(ctx, logits, frame, 4, 7);
  REQUIRE(p.height() == 4);
  REQUIRE(p.width() == 7);
  double const wanted[4] = {0, 1, 3, 4};  // pixels as areas, interpolated before the sigmoid
  for (index_t y = 0; y < 4; ++y)
    for (index_t x = 0; x < 7; ++x) {
      bool const inside = y >= 1 && y <= 2 && x >= 2 && x <= 5;
      CHECK_NEAR(p(y, x), inside ? 1 / (1 + std::exp(-wanted[x - 2])) : 0, 1e-6);
    }
}

TEST_CASE("a mask is what lies above the threshold, and clicks are counted on it") {
  vision::plane<float> p(1, 4);
  p(0, 0) = 0.5f;
  p(0, 1) = 0.6f;
  p(0, 2) = 0.4f;
  p(0, 3) = std::nanf("");
  CHECK(interactive::mask_above(p, 0.5) == drawn({".#.."}));
  CHECK(interactive::mask_above(p, 0.3) == drawn({"###."}));
  mask const m = drawn({".#", "##"});
  CHECK(interactive::count_satisfied(m, {positive(0, 1), negative(0, 0), positive(0, 0), negative(0.6, 1)}) == 2);
  CHECK(interactive::count_satisfied(m, {}) == 0);
}

TEST_CASE("probabilities agree with a mask that overrules them") {
  vision::plane<float> p(1, 4, 0.25f);
  p(0, 2) = p(0, 3) = 0.75f;
  interactive::agree_with(drawn({".#.#"}), 0.5, p);
  CHECK(p(0, 0) == 0.25f);
  CHECK(p(0, 1) == 1.0f);
  CHECK(p(0, 2) == 0.0f);
  CHECK(p(0, 3) == 0.75f);
}
