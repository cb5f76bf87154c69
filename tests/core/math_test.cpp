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

TEST_CASE("sigmoid and softplus neither overflow nor lose small values") {
  CHECK(stable_sigmoid(0.0) == 0.5);
  CHECK_NEAR(stable_sigmoid(2.0), 1 / (1 + std::exp(-2.0)), 1e-16);
  CHECK(stable_sigmoid(1000.0) == 1.0);
  CHECK(stable_sigmoid(-1000.0) == 0.0);
  CHECK_NEAR(stable_sigmoid(-700.0) / std::exp(-700.0), 1.0, 1e-12);
  CHECK(stable_sigmoid(-100.0f) > 0.0f);

  CHECK_NEAR(softplus(0.0), std::log(2.0), 1e-16);
  CHECK(softplus(1000.0) == 1000.0);
  CHECK(softplus(-1000.0) == 0.0);
  CHECK_NEAR(softplus(-40.0) / std::exp(-40.0), 1.0, 1e-12);
  CHECK_NEAR(softplus(3.0) - softplus(-3.0), 3.0, 1e-15);
}
