// SPDX-License-Identifier: MIT
#include <fsis/interactive/coverage.hpp>

#include <support/near.hpp>
#include <vision/drawing.hpp>

#include <numeric>

using namespace fsis;
using fsis_test::drawn;

TEST_CASE("coverage is the share of each grid pixel that is object") {
  auto const half = interactive::coverage<double>(drawn({"##..", "##..", "...#", "...."}), 2, 2);
  CHECK(half == std::vector<double>{1, 0, 0, 0.25});
  // three columns on two: a grid pixel is one and a half wide
  auto const uneven = interactive::coverage<double>(drawn({".#."}), 1, 2);
  CHECK_NEAR(uneven[0], 1.0 / 3, 1e-12);
  CHECK_NEAR(uneven[1], 1.0 / 3, 1e-12);
  // enlarging
  auto const large = interactive::coverage<double>(drawn({"#."}), 1, 3);
  CHECK_NEAR(large[0], 1, 1e-12);
  CHECK_NEAR(large[1], 0.5, 1e-12);
  CHECK_NEAR(large[2], 0, 1e-12);
  CHECK(interactive::coverage<float>(drawn({"#.", ".#"}), 2, 2) == std::vector<float>{1, 0, 0, 1});
}

TEST_CASE("the area of the object is kept, however small it is") {
  mask m = mask::blank(101, 97);
  m(50, 13) = 1;
  for (index_t const n : {1, 7, 16, 64, 101, 200}) {
    auto const c = interactive::coverage<double>(m, n, n + 3);
    double const total = std::accumulate(c.begin(), c.end(), 0.0);
    CHECK_NEAR(total * (101.0 * 97.0) / static_cast<double>(n * (n + 3)), 1, 1e-9);
  }
}

TEST_CASE("coverage refuses an empty mask or grid") {
  CHECK(mentions(error_text([] { interactive::coverage<float>(mask(), 2, 2); }), "coverage", "0x0", "2x2"));
  CHECK(mentions(error_text([] { interactive::coverage<float>(mask::blank(3, 3), 0, 2); }), "coverage", "0x2"));
}
