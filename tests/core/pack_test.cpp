// SPDX-License-Identifier: MIT
#include <fsis/core/pack.hpp>

#include <support/catch.hpp>

#include <string>
#include <type_traits>

using namespace fsis;

TEST_CASE("a pack holds values of several types by position") {
  pack<int, std::string, double> p{{{1}, {"two"}, {3.0}}};
  CHECK(get<0>(p) == 1);
  CHECK(get<1>(p) == "two");
  CHECK(get<2>(p) == 3.0);
  get<1>(p) += "!";
  auto const& c = p;
  CHECK(get<1>(c) == "two!");
  static_assert(std::is_same<decltype(get<0>(c)), int const&>::value, "a constant pack gives constants");
}

TEST_CASE("a pack may hold one type twice and nothing at all") {
  pack<int, int> p{{{1}, {2}}};
  CHECK(get<0>(p) == 1);
  CHECK(get<1>(p) == 2);
  static_assert(pack<>::size == 0, "an empty pack");
  static_assert(pack<int, int, char>::size == 3, "size counts the elements");
  static_assert(std::is_same<pack_element<1, pack<int, char>>, char>::value, "element types by position");
}
