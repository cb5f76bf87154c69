// SPDX-License-Identifier: MIT
#include <fsis/interactive/click_targets.hpp>

#include <support/catch.hpp>

#include <algorithm>

using namespace fsis;

namespace {

index_t asked(std::vector<float> const& wanted, float code) {
  return static_cast<index_t>(std::count(wanted.begin(), wanted.end(), code));
}

index_t square_of(click const& c, index_t radius = 1) {
  return asked(interactive::click_targets<float>(10, 10, {c}, radius), c.is_positive ? 1.0f : 2.0f);
}

}  // namespace

TEST_CASE("a click asks for a square of pixels, cut off at the borders") {
  CHECK(square_of(positive(5, 5)) == 9);
  CHECK(square_of(negative(9, 9)) == 4);
  CHECK(square_of(positive(5, 5), 0) == 1);
  CHECK(square_of(positive(5, 5), 2) == 25);
  // golden G5 counts 0, 9 and 0 pixels here: the bug of the released code that is not copied
  CHECK(square_of(positive(0, 5)) == 6);
  CHECK(square_of(negative(-5, 3)) == 0);
  CHECK(square_of(negative(-2, 3)) == 0);
  CHECK(square_of(negative(-1, 3)) == 3);
  CHECK(square_of(positive(1e300, -1e300)) == 0);
}

TEST_CASE("the square stands around the nearest pixel, halves to even") {
  auto const w = interactive::click_targets<float>(10, 10, {positive(2.5, 3.5)}, 0);
  CHECK(w[2 * 10 + 4] == 1.0f);
  CHECK(asked(w, 1) == 1);
}

TEST_CASE("overlapping squares of both signs ask for both, in any order") {
  std::vector<click> const one{positive(4, 4), negative(4, 5), positive(4, 4)};
  std::vector<click> const other{negative(4, 5), positive(4, 4)};
  auto const w = interactive::click_targets<double>(10, 10, one, 1);
  CHECK(w == interactive::click_targets<double>(10, 10, other, 1));
  CHECK(std::count(w.begin(), w.end(), 1.0) == 3);
  CHECK(std::count(w.begin(), w.end(), 2.0) == 3);
  CHECK(std::count(w.begin(), w.end(), 3.0) == 6);
}
