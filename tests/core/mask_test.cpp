// SPDX-License-Identifier: MIT
#include <fsis/core/mask.hpp>

#include <support/catch.hpp>

#include <cstdint>
#include <limits>

using namespace fsis;

TEST_CASE("a mask copies bytes and counts the object") {
  std::uint8_t data[6] = {0, 1, 255, 0, 7, 0};
  mask const m(data, 2, 3);
  data[1] = 0;
  CHECK(m.height() == 2);
  CHECK(m.width() == 3);
  CHECK(m.size() == 6);
  CHECK(m(0, 1) == 1);
  CHECK(m(1, 1) == 7);
  CHECK(m.count() == 3);
}

TEST_CASE("masks compare by size and bytes") {
  mask a = mask::blank(2, 3), b = mask::blank(2, 3);
  CHECK(a == b);
  CHECK(a != mask::blank(3, 2));
  b(1, 2) = 1;
  CHECK(a != b);
  CHECK(b.count() == 1);
  CHECK(mask::blank(2, 3, mask::void_label).count() == 6);
  CHECK(mask{} == mask{});
  CHECK(mask{}.empty());
}

TEST_CASE("what is no mask is refused") {
  std::uint8_t const data[6] = {};
  CHECK_THROWS_AS(mask(nullptr, 2, 3), value_error);
  CHECK_THROWS_AS(mask(data, 0, 3), value_error);
  CHECK_THROWS_AS(mask(data, 2, -3), value_error);
  CHECK(mentions(error_text([&] { mask(data, 2, -3); }), "2x-3"));
  CHECK_THROWS_AS(mask::blank((std::numeric_limits<index_t>::max)(), 2), shape_error);
}
