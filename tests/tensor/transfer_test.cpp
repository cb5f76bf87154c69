// SPDX-License-Identifier: MIT
#include <fsis/tensor/transfer.hpp>

#include <support/catch.hpp>

#include <vector>

using namespace fsis;

TEST_CASE("values go to the device and come back") {
  cpu_context const ctx;
  std::vector<double> const values = {1, 2, 3, 4, 5, 6};
  auto const t = from_host<double>(ctx, {2, 3}, values);
  CHECK(t.view<2>()(1, 0) == 4);
  CHECK(to_host(ctx, t) == values);
  CHECK(to_host(ctx, t.slice(1, 1)) == std::vector<double>{4, 5, 6});
  CHECK(to_host(ctx, tensor<double>{}).empty());
  CHECK(to_host(ctx, from_host<double>(ctx, {0}, {})).empty());
}

TEST_CASE("a number of values that is not the size is refused") {
  cpu_context const ctx;
  CHECK_THROWS_AS(from_host<float>(ctx, {2, 3}, {1, 2, 3}), shape_error);
  CHECK(mentions(error_text([&] { from_host<float>(ctx, {2, 3}, {1, 2, 3}); }), "3 values", "(2,3)", "of 6"));
}

TEST_CASE("the single element of a tensor") {
  cpu_context const ctx;
  CHECK(item(ctx, from_host<float>(ctx, {}, {2.5f})) == 2.5f);
  CHECK(item(ctx, from_host<int>(ctx, {1, 1}, {7})) == 7);
  CHECK_THROWS_AS(item(ctx, from_host<int>(ctx, {2}, {7, 8})), shape_error);
  CHECK_THROWS_AS(item(ctx, tensor<float>{}), shape_error);
}
