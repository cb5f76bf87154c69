// SPDX-License-Identifier: MIT
#include <fsis/interactive/query_memory.hpp>

#include <support/near.hpp>

#include <vector>

using namespace fsis;

TEST_CASE("a part of the prior is what the whole prior says there") {
  cpu_context ctx;
  std::vector<double> values;
  for (int y = 0; y < 6; ++y)
    for (int x = 0; x < 8; ++x) values.push_back(10 * y + x);  // linear: interpolation is exact
  auto const one = from_host<double>(ctx, {1, 6, 8, 1}, values);
  auto const whole = interactive::whole_frame(96, 128, 128, 16);
  SECTION("all of it") {
    auto const same = interactive::prior_in(ctx, one, whole, whole, 16);
    auto const got = to_host(ctx, same);
    for (std::size_t i = 0; i < values.size(); ++i) CHECK_NEAR(got[i], values[i], 1e-9);
  }
  SECTION("a quarter, and its mirror image") {
    auto const both = interactive::with_mirror_image(ctx, one, 2);
    auto const crop = interactive::region_frame({48, 95, 64, 127}, 128, 16);
    auto const part = interactive::prior_in(ctx, both, whole, crop, 16);
    CHECK(part.extents() == shape{2, 6, 8, 1});
    auto const got = to_host(ctx, part);
    // crop pixel 0 is photo pixel 47.75, x 63.75; a prior cell is 95/5 and 127/7 pixels from the next
    CHECK_NEAR(got[0], 10 * 47.75 / 19 + 63.75 / (127.0 / 7), 1e-9);
    CHECK_NEAR(got[47], 10 * 5.0 + 7, 1e-9);
    for (std::size_t y = 0; y < 6; ++y)
      for (std::size_t x = 0; x < 8; ++x) CHECK(got[48 + y * 8 + x] == got[y * 8 + 7 - x]);
  }
}
