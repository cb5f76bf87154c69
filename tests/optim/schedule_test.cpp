// SPDX-License-Identifier: MIT
#include <fsis/optim/schedule.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>

using namespace fsis::optim;

TEST_CASE("the poly schedule has the values of golden G31") {
  poly_schedule const slow(0.0025, 1000), fast(0.007, 30);
  CHECK_NEAR(slow(250), 0.00192972, 5e-9);
  CHECK_NEAR(slow(500), 0.00133972, 5e-9);
  CHECK_NEAR(fast(15), 0.00375121, 5e-9);
  CHECK(slow(0) == 0.0025);
  CHECK(slow(1000) == 0);
  CHECK(slow(5000) == 0);
  CHECK(slow(-3) == 0.0025);
  CHECK_NEAR(poly_schedule(2, 4, 2)(1), 2 * 0.5625, 1e-15);
}

TEST_CASE("the constant and the step schedule") {
  CHECK(constant_schedule{0.3}(12345) == 0.3);
  step_schedule const steps(1, 10, 0.5);
  CHECK(steps(0) == 1);
  CHECK(steps(9) == 1);
  CHECK(steps(10) == 0.5);
  CHECK(steps(35) == 0.125);
  CHECK(steps(-5) == 1);
}

TEST_CASE("the cosine schedule falls from base to its last value") {
  cosine_schedule const cosine(0.4, 100, 0.1);
  CHECK_NEAR(cosine(0), 0.4, 1e-15);
  CHECK_NEAR(cosine(25), 0.1 + 0.15 * (1 + 0.70710678118654752), 1e-15);
  CHECK_NEAR(cosine(50), 0.25, 1e-15);
  CHECK_NEAR(cosine(100), 0.1, 1e-15);
  CHECK_NEAR(cosine(1000), 0.1, 1e-15);
}

TEST_CASE("warm-up climbs to any other schedule") {
  warm_up const rate(4, step_schedule(1, 8, 0.1));
  CHECK(rate(0) == 0.25);
  CHECK(rate(2) == 0.75);
  CHECK(rate(3) == 1);
  CHECK(rate(7) == 1);
  CHECK(rate(8) == 0.1);
  CHECK(rate(-1) == 0.25);
  CHECK(warm_up(0, constant_schedule{2})(0) == 2);
}

TEST_CASE("schedules refuse lengths that mean nothing") {
  CHECK(mentions(error_text([] { poly_schedule(1, 0); }), "poly_schedule", "0 steps"));
  CHECK(mentions(error_text([] { cosine_schedule(1, -2); }), "cosine_schedule", "-2 steps"));
  CHECK(mentions(error_text([] { step_schedule(1, 0); }), "every 0"));
  CHECK(mentions(error_text([] { warm_up(-1, constant_schedule{1}); }), "-1 steps"));
}
