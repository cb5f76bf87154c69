// SPDX-License-Identifier: MIT
#include <fsis/autograd/functions/patches.hpp>

#include <fsis/autograd/gradcheck.hpp>

#include <support/catch.hpp>
#include <support/random_tensor.hpp>

using namespace fsis;
using fsis_test::random_tensor;
using matrix = tensor<double>;
using patches = ops::patches<cpu_context>;

TEST_CASE("patches: gradients") {
  cpu_context ctx;
  patches const from(ctx, {{0, -1, 0}, {0, 2, 2}}, 3, 3, 4, 5);
  ops::patch_pixels<cpu_context> const to(ctx, from, {{0, 0, 2}, {0, 1, 3}, {0, 2, 0}, {1, 11, 17}}, 13, 19);
  auto const x = random_tensor<double>(ctx, {2, 3, 3, 2}, 1);
  auto const report = gradcheck(
      ctx, [&](auto& t, auto const& v) { return resize_patches(t, clear_outside(t, v[0], from), from, to); },
      std::vector<matrix>{x});
  INFO(report.text());
  CHECK(report.ok);
}
