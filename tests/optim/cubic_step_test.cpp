// SPDX-License-Identifier: MIT
#include <fsis/optim/cubic_step.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>

using namespace fsis::optim;

namespace {

// f = a^3 - 3 a: a minimum of -2 at 1, a maximum at -1
search_point on_cubic(double a) { return {a, a * a * a - 3 * a, 3 * a * a - 3}; }

// f = (a - 2)^2
search_point on_parabola(double a) { return {a, (a - 2) * (a - 2), 2 * (a - 2)}; }

bool inside(interval_step const& s, double a, double b) { return std::min(a, b) < s.step && s.step < std::max(a, b); }

}  // namespace

TEST_CASE("the minimisers of cubics, parabolas and slopes") {
  CHECK_NEAR(cubic_minimiser(on_cubic(0), on_cubic(3)), 1, 1e-14);
  CHECK_NEAR(cubic_minimiser(on_cubic(3), on_cubic(0)), 1, 1e-14);
  CHECK_NEAR(cubic_minimiser(on_cubic(0), on_cubic(0.5)), 1, 1e-14);  // beyond both
  CHECK_NEAR(cubic_minimiser(on_cubic(-3), on_cubic(-2)), 1, 1e-13);
  CHECK_NEAR(quadratic_minimiser(on_parabola(-1), on_parabola(7)), 2, 1e-14);
  CHECK_NEAR(secant_step(on_parabola(-1), on_parabola(0)), 2, 1e-14);
  CHECK(std::isnan(cubic_minimiser({0, 0, -1}, {1, -0.7, -1})));  // falls all the way
  CHECK_NEAR(cubic_minimiser({0, 0, -1e200}, {1e-200, 1, 1e200}), cubic_minimiser({0, 0, -1}, {1, 1, 1}) * 1e-200,
             1e-214);
}

TEST_CASE("a higher trial brackets, and the next lies between") {
  interval_step const s = next_interval(on_cubic(0), on_cubic(0), on_cubic(3), false, {0, 15});
  CHECK(s.bracketed);
  CHECK(s.low == interval_end::low);
  CHECK(s.high == interval_end::here);
  CHECK(inside(s, 0, 3));
  CHECK_NEAR(s.step, 0.75, 1e-12);  // halfway between the cubic's minimiser 1 and the parabola's 0.5

  // the cubic alone where its minimiser is nearer to the best point than the parabola's, 0.25
  search_point const low{0, 0, -1}, here{1, 1, 1};
  CHECK(cubic_minimiser(low, here) < 0.25);
  CHECK(next_interval(low, low, here, false, {0, 5}).step == cubic_minimiser(low, here));
}

TEST_CASE("a lower trial behind the minimum brackets from the other side") {
  interval_step const s = next_interval(on_cubic(0), on_cubic(0), on_cubic(1.5), false, {0, 15});
  CHECK(s.bracketed);
  CHECK(s.low == interval_end::here);
  CHECK(s.high == interval_end::low);
  CHECK(inside(s, 0, 1.5));
}

TEST_CASE("a lower and flatter trial leads on, within the range") {
  search_point const low = on_parabola(0), here = on_parabola(0.5);
  interval_step const s = next_interval(low, low, here, false, {0.6, 5});
  CHECK_FALSE(s.bracketed);
  CHECK(s.low == interval_end::here);
  CHECK_NEAR(s.step, 2, 1e-12);
  CHECK_NEAR(next_interval(low, low, here, false, {0.6, 1.1}).step, 1.1, 0);
  // inside a bracket it keeps a third of the way to the far end
  interval_step const kept = next_interval(low, on_parabola(2.1), here, true, {0, 2.1});
  CHECK(kept.bracketed);
  CHECK(kept.high == interval_end::high);
  CHECK(kept.step <= 0.5 + 0.66 * 1.6 + 1e-12);
}

TEST_CASE("a lower and steeper trial goes to the far end") {
  search_point const low{0, 0, -1}, here{1, -2, -3};
  CHECK_NEAR(next_interval(low, low, here, false, {1, 5}).step, 5, 0);
  interval_step const s = next_interval(low, {3, 1, 4}, here, true, {0, 3});
  CHECK(s.low == interval_end::here);
  CHECK(s.high == interval_end::high);
  CHECK(inside(s, 1, 3));
}
