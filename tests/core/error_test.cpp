// SPDX-License-Identifier: MIT
#include <fsis/core/error.hpp>

#include <support/catch.hpp>

#include <cstddef>
#include <string>

using namespace fsis;

namespace elsewhere {

struct colour {
  int r, g, b;
};
std::string text_of(colour const& c) { return fsis::message("#", c.r, "/", c.g, "/", c.b); }

}  // namespace elsewhere

TEST_CASE("message joins words and numbers of every kind") {
  CHECK(message() == "");
  CHECK(message("op: ", 3, " of ", std::size_t{18446744073709551615u}, ' ', std::string("wide")) ==
        "op: 3 of 18446744073709551615 wide");
  CHECK(message(index_t{-9223372036854775807 - 1}) == "-9223372036854775808");
}

TEST_CASE("message writes floating point numbers without trailing zeros") {
  CHECK(message(0.5) == "0.5");
  CHECK(message(3.0) == "3");
  CHECK(message(100.0f) == "100");
  CHECK(message(-1.25) == "-1.25");
}

TEST_CASE("a type of one's own stands in a message") {
  CHECK(message("at ", elsewhere::colour{1, 2, 3}) == "at #1/2/3");
}

TEST_CASE("require throws its error with the whole text, and only when the check fails") {
  CHECK_NOTHROW(require<shape_error>(true, "never"));
  CHECK_THROWS_AS(require<shape_error>(false, "x"), shape_error);
  CHECK_THROWS_AS(require<value_error>(false, "x"), value_error);
  CHECK_THROWS_AS(require<device_error>(false, "x"), device_error);
  CHECK_THROWS_AS(require<io_error>(false, "x"), io_error);
  CHECK_THROWS_AS(require<io_error>(false, "x"), error);
  CHECK(error_text([] { require<shape_error>(false, "conv2d: channels ", 3, ", filter wants ", 4); }) ==
        "conv2d: channels 3, filter wants 4");
}

TEST_CASE("the kinds of error are told apart") {
  bool other = false;
  try {
    fail<value_error>("a value");
  } catch (shape_error const&) {
    other = true;
  } catch (error const&) {
  }
  CHECK_FALSE(other);
}
