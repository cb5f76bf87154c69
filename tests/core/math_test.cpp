// SPDX-License-Identifier: MIT
#include <fsis/core/math.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>

#include <cmath>

using namespace fsis;

TEST_CASE("minimum, maximum and clamp") {
  CHECK(hd_min(2, 3) == 2);
  CHECK(hd_max(2, 3) == 3);
  CHECK(hd_clamp(5, 0, 3) == 3);
  CHECK(hd_clamp(-5, 0, 3) == 0);
  CHECK(hd_clamp(2, 0, 3) == 2);
}

TEST_CASE("division that rounds up") {
  CHECK(ceil_div(0, 4) == 0);
  CHECK(ceil_div(1, 4) == 1);
  CHECK(ceil_div(4, 4) == 1);
  CHECK(ceil_div(5, 4) == 2);
}
