// SPDX-License-Identifier: MIT
#include <fsis/core/click.hpp>

#include <support/catch.hpp>

using namespace fsis;

TEST_CASE("a click is (y, x) and a sign") {
  click const a = positive(120, 88);
  CHECK(a.y == 120);
  CHECK(a.x == 88);
  CHECK(a.is_positive);
  CHECK_FALSE(negative(120, 88).is_positive);
}

TEST_CASE("clicks compare by place and sign") {
  CHECK(positive(1, 2) == positive(1, 2));
  CHECK(positive(1, 2) != positive(2, 1));
  CHECK(positive(1, 2) != positive(1, 2.5));
  CHECK(positive(1, 2) != negative(1, 2));
}
