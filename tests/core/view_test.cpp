// SPDX-License-Identifier: MIT
#include <fsis/core/view.hpp>

#include <support/catch.hpp>

#include <type_traits>
#include <vector>

using namespace fsis;

TEST_CASE("a contiguous view reads the last axis fastest") {
  std::vector<int> x(24);
  for (int i = 0; i < 24; ++i) x[static_cast<std::size_t>(i)] = i;
  auto const v = contiguous_view<3>(x.data(), {2, 3, 4});
  CHECK(v.size() == 24);
  CHECK(v.stride[0] == 12);
  CHECK(v.stride[1] == 4);
  CHECK(v.stride[2] == 1);
  CHECK(v(0, 0, 0) == 0);
  CHECK(v(1, 2, 3) == 23);
  CHECK(v(1, 0, 2) == 14);
  v(0, 1, 1) = 100;
  CHECK(x[5] == 100);
}

TEST_CASE("a view of constants is made from a view of variables") {
  float x[4] = {1, 2, 3, 4};
  view<float, 2> const v = contiguous_view<2>(x, {2, 2});
  view<float const, 2> const c = v;
  CHECK(c(1, 0) == 3);
  CHECK(&c(1, 1) == &x[3]);
  static_assert(!std::is_convertible<view<float const, 2>, view<float, 2>>::value, "constants stay constant");
}

TEST_CASE("strides may skip and turn back") {
  int x[6] = {0, 1, 2, 3, 4, 5};
  view<int, 1> v;
  v.data = x + 5;
  v.extent[0] = 3;
  v.stride[0] = -2;
  CHECK(v(0) == 5);
  CHECK(v(2) == 1);
}

TEST_CASE("a view is copied to a device bit by bit") {
  static_assert(std::is_trivially_copyable<view<float, 4>>::value, "kernels hold views");
  view<float, 2> const nothing;
  CHECK(nothing.size() == 0);
  CHECK(nothing.data == nullptr);
}

TEST_CASE("a view of another rank is refused with both ranks") {
  float x[6] = {};
  auto const text = error_text([&] { contiguous_view<3>(x, shape{2, 3}); });
  CHECK(mentions(text, "(2,3)", "is 2", "wanted 3"));
}
