// SPDX-License-Identifier: MIT
#include <fsis/core/shape.hpp>

#include <support/catch.hpp>

#include <limits>

using namespace fsis;

TEST_CASE("a shape knows its rank, extents and size") {
  shape const s{1, 48, 32, 256};
  CHECK(s.rank() == 4);
  CHECK(s.size() == 48 * 32 * 256);
  CHECK(s[0] == 1);
  CHECK(s[3] == 256);
  CHECK(s[-1] == 256);
  CHECK(s[-4] == 1);
  CHECK(to_string(s) == "(1,48,32,256)");
  CHECK(message("got ", s) == "got (1,48,32,256)");
}

TEST_CASE("a scalar has one element, an empty axis none") {
  CHECK(shape{}.rank() == 0);
  CHECK(shape{}.size() == 1);
  CHECK(to_string(shape{}) == "()");
  CHECK(shape{3, 0, 5}.size() == 0);
}

TEST_CASE("shapes compare by rank and extents") {
  CHECK(shape{2, 3} == shape{2, 3});
  CHECK(shape{2, 3} != shape{3, 2});
  CHECK(shape{2, 3} != shape{2, 3, 1});
  CHECK(shape{} != shape{1});
}

TEST_CASE("with replaces one extent and the size follows") {
  shape const s{2, 3, 4};
  CHECK(s.with(0, 5) == shape{5, 3, 4});
  CHECK(s.with(-1, 7) == shape{2, 3, 7});
  CHECK(s.with(1, 0).size() == 0);
  CHECK(s.with(1, 10).size() == 80);
  CHECK_THROWS_AS(s.with(1, -1), shape_error);
}

TEST_CASE("what is no shape is refused") {
  index_t const large = index_t{1} << 32;
  CHECK_THROWS_AS((shape{2, -1}), shape_error);
  CHECK(mentions(error_text([] { shape{2, -1}; }), "-1", "axis 1"));
  CHECK_THROWS_AS((shape{1, 1, 1, 1, 1, 1, 1}), shape_error);
  CHECK_NOTHROW(shape{1, 1, 1, 1, 1, 1});
  CHECK_THROWS_AS((shape{large, large}), shape_error);
  CHECK_NOTHROW(shape{large, large / 4});
}

TEST_CASE("a refused extent leaves the shape as it was") {
  shape s{2, 3};
  CHECK_THROWS_AS(s.push_back(-5), shape_error);
  CHECK_THROWS_AS(s.push_back((std::numeric_limits<index_t>::max)()), shape_error);
  CHECK(s == shape{2, 3});
  CHECK(s.size() == 6);
}

TEST_CASE("products are checked to the last number that fits") {
  index_t const most = (std::numeric_limits<index_t>::max)();
  CHECK(checked_product(most, 1) == most);
  CHECK(checked_product(most, 0) == 0);
  CHECK(checked_product(0, most) == 0);
  CHECK(checked_product(most / 2, 2) == most - 1);
  CHECK_THROWS_AS(checked_product(most / 2 + 1, 2), shape_error);
}
