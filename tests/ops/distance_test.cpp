// SPDX-License-Identifier: MIT
#include <fsis/ops/distance.hpp>

#include <fsis/core/random.hpp>
#include <fsis/tensor/transfer.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <vector>

using namespace fsis;

namespace {

/// By the definition: every pixel against every other.
std::vector<double> by_definition(std::vector<double> const& m, index_t H, index_t W) {
  std::vector<double> squared(m.size(), HUGE_VAL);
  auto const at = [&](index_t y, index_t x) { return m[static_cast<std::size_t>(y * W + x)]; };
  for (index_t y = 0; y < H; ++y)
    for (index_t x = 0; x < W; ++x)
      for (index_t v = 0; v < H; ++v)
        for (index_t u = 0; u < W; ++u)
          if (at(v, u) == 0) {
            double& s = squared[static_cast<std::size_t>(y * W + x)];
            s = std::min(s, static_cast<double>((y - v) * (y - v) + (x - u) * (x - u)));
          }
  return squared;
}

}  // namespace

TEST_CASE("squared distances are those of the definition") {
  cpu_context const ctx;
  random_stream draw(1);
  for (shape const& s :
       {shape{1, 1, 1, 1}, shape{1, 1, 9, 1}, shape{1, 9, 1, 1}, shape{1, 7, 12, 1}, shape{1, 20, 13, 1}})
    for (double const object : {0.0, 0.5, 0.97, 1.0}) {
      INFO(to_string(s) << ", object " << object);
      std::vector<double> m(static_cast<std::size_t>(s.size()));
      for (double& v : m) v = draw.chance(object) ? 1 : 0;
      auto const found = to_host(ctx, ops::squared_distances(ctx, from_host<double>(ctx, s, m)));
      CHECK(found == by_definition(m, s[1], s[2]));
    }
}

TEST_CASE("pictures have distances of their own") {
  cpu_context const ctx;
  auto const d = ops::squared_distances(ctx, from_host<float>(ctx, {2, 1, 3, 1}, {0, 1, 1, 1, 1, 1}));
  CHECK(to_host(ctx, d) == std::vector<float>{0, 1, 4, HUGE_VALF, HUGE_VALF, HUGE_VALF});
  CHECK(ops::squared_distances(ctx, tensor<float>(ctx, {0, 4, 4, 1})).extents() == shape{0, 4, 4, 1});
  CHECK(mentions(error_text([&] {
                   ops::squared_distances(ctx, tensor<float>(ctx, {4, 4}));
                 }),
                 "squared_distances", "(4,4)", "(N,H,W,1)"));
}
