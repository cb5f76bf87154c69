// SPDX-License-Identifier: MIT
#include <fsis/vision/radial_interpolation.hpp>

#include <fsis/core/random.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>

#include <cmath>
#include <vector>

using namespace fsis;
using vision::known_value;
using vision::radial_interpolation;

TEST_CASE("radial interpolation: one value makes one bump", "[vision]") {
  auto const f = radial_interpolation(9, 11, {{4, 5, -2.0}}, 4);
  for (index_t y = 0; y < 9; ++y)
    for (index_t x = 0; x < 11; ++x) {
      double const d = std::hypot(static_cast<double>(y - 4), static_cast<double>(x - 5));
      CHECK_NEAR(f(y, x), d < 4 ? -2 * (1 - d / 4) * (1 - d / 4) : 0, 1e-6);
    }
}

TEST_CASE("radial interpolation: every value is met, near, far and at neighbours of opposite sign", "[vision]") {
  random_stream draw(3);
  std::vector<known_value> known{{10, 10, 5}, {10, 11, -5}, {11, 10, 0}, {39, 0, 1}};
  for (index_t i = 0; i < 30; ++i) known.push_back({15 + draw.below(25), i, draw.uniform(-8, 8)});
  auto const f = radial_interpolation(40, 30, known, 7);
  for (auto const& k : known) CHECK_NEAR(f(k.y, k.x), k.value, 1e-4);
  CHECK(f(0, 29) == 0);
  // a peak without a round top hardly overshoots: nothing is far beyond the largest value, 8
  for (index_t i = 0; i < f.size(); ++i) CHECK(std::abs(f.data()[i]) < 12);
}

TEST_CASE("radial interpolation: it moves with its values, and their order does not matter", "[vision]") {
  std::vector<known_value> const known{{5, 5, 1}, {6, 8, -3}, {9, 5, 0.5}};
  std::vector<known_value> moved;
  for (auto k = known.rbegin(); k != known.rend(); ++k) moved.push_back({k->y + 3, k->x + 2, k->value});
  auto const f = radial_interpolation(20, 20, known, 5), g = radial_interpolation(20, 20, moved, 5);
  for (index_t y = 0; y < 17; ++y)
    for (index_t x = 0; x < 18; ++x) CHECK_NEAR(f(y, x), g(y + 3, x + 2), 1e-6);
}

TEST_CASE("radial interpolation: nothing known is zero everywhere", "[vision]") {
  auto const f = radial_interpolation(3, 4, {}, 2);
  for (index_t i = 0; i < f.size(); ++i) CHECK(f.data()[i] == 0);
}

TEST_CASE("radial interpolation: what cannot be met is refused with numbers", "[vision]") {
  auto const refusal = [](std::vector<known_value> const& known, double radius) {
    return error_text([&] { radial_interpolation(4, 5, known, radius); });
  };
  CHECK(mentions(refusal({{1, 1, 1}}, 0.5), "radius 0.5", "at least 1"));
  CHECK(mentions(refusal({{1, 1, 1}, {4, 2, 1}}, 2), "value 1", "(4, 2)", "4x5"));
  CHECK(mentions(refusal({{1, 1, 1}, {0, 2, std::nan("")}}, 2), "value 1 is"));
  CHECK(mentions(refusal({{1, 1, 1}, {0, 2, 1}, {1, 1, 2}}, 2), "values 0 and 2", "(1, 1)"));
}
