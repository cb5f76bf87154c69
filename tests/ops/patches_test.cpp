// SPDX-License-Identifier: MIT
#include <fsis/ops/patches.hpp>

#include <fsis/ops/reduce.hpp>
#include <fsis/tensor/transfer.hpp>

#include <support/near.hpp>
#include <support/random_tensor.hpp>

using namespace fsis;
using fsis_test::random_tensor;
using values = tensor<double>;
using patches = ops::patches<cpu_context>;

namespace {

// Corners, one beyond each side, the middle of the second picture.
std::vector<ops::patch_place> some_places() { return {{0, -1, -2}, {0, 3, 4}, {1, 1, 1}, {0, -3, 6}, {1, 5, 0}}; }

}  // namespace

TEST_CASE("patches: what a patch holds of its map, and zeros outside") {
  cpu_context ctx;
  auto const x = random_tensor<double>(ctx, {2, 6, 7, 3}, 1);
  patches const at(ctx, some_places(), 3, 4, 6, 7);
  CHECK(at.reach_outside());
  auto const y = ops::gather_patches(ctx, x, at);
  REQUIRE(y.extents() == shape{5, 3, 4, 3});
  auto const got = to_host(ctx, y), map = to_host(ctx, x);
  auto const places = some_places();
  std::size_t i = 0;
  for (auto const& p : places)
    for (index_t r = p.top; r < p.top + 3; ++r)
      for (index_t q = p.left; q < p.left + 4; ++q)
        for (index_t c = 0; c < 3; ++c, ++i) {
          bool const inside = r >= 0 && r < 6 && q >= 0 && q < 7;
          CHECK(got[i] == (inside ? map[static_cast<std::size_t>(((p.picture * 6 + r) * 7 + q) * 3 + c)] : 0.0));
        }

  auto const ones = ops::full(ctx, at.extents(2), 1.0);
  auto const cleared = ops::clear_outside(ctx, ones, at);
  auto const expected = ops::gather_patches(ctx, ops::full(ctx, {2, 6, 7, 2}, 1.0), at);
  CHECK(to_host(ctx, cleared) == to_host(ctx, expected));
}

TEST_CASE("patches: a margin taken off moves them inwards") {
  cpu_context ctx;
  patches const at(ctx, {{0, -1, -1}, {0, 2, 3}}, 4, 5, 5, 7);
  patches const in = at.inner(1);
  CHECK(in.extents(6) == shape{2, 2, 3, 6});
  CHECK_FALSE(in.reach_outside());
  auto const x = random_tensor<double>(ctx, {1, 5, 7, 1}, 1);
  auto const whole = to_host(ctx, ops::gather_patches(ctx, x, at)), inner = to_host(ctx, ops::gather_patches(ctx, x, in));
  for (std::size_t p = 0; p < 2; ++p)
    for (std::size_t r = 0; r < 2; ++r)
      for (std::size_t q = 0; q < 3; ++q) CHECK(inner[(p * 2 + r) * 3 + q] == whole[(p * 4 + r + 1) * 5 + q + 1]);
  CHECK(ops::clear_outside(ctx, x.reshaped({1, 5, 7, 1}), patches(ctx, {{0, 0, 0}}, 5, 7, 5, 7)).data() == x.data());
  CHECK_THROWS_AS(at.inner(2), shape_error);
  CHECK_THROWS_AS(at.inner(-1), shape_error);
}

TEST_CASE("resize_patches: the same numbers as the resized map, and the adjoint") {
  cpu_context ctx;
  auto const x = random_tensor<double>(ctx, {2, 6, 7, 3}, 2);
  for (auto const mode : {resize_mode::align_corners, resize_mode::half_pixel}) {
    auto const whole = to_host(ctx, ops::resize(ctx, x, 41, 53, mode));
    patches const from(ctx, {{0, 0, 0}, {1, 2, 3}, {0, 1, 0}}, 4, 4, 6, 7);
    std::vector<ops::patch_pixel> const pixels{{0, 0, 0}, {0, 1, 2}, {1, 40, 52}, {1, 38, 51}, {2, 17, 9}};
    ops::patch_pixels<cpu_context> const to(ctx, from, pixels, 41, 53, mode);
    auto const in = ops::gather_patches(ctx, x, from);
    auto const y = ops::resize_patches(ctx, in, from, to);
    REQUIRE(y.extents() == shape{5, 1, 1, 3});
    auto const got = to_host(ctx, y);
    for (std::size_t i = 0; i < pixels.size(); ++i)
      for (std::size_t c = 0; c < 3; ++c) {
        index_t const picture = from.place(pixels[i].patch).picture;
        std::size_t const at = static_cast<std::size_t>((picture * 41 + pixels[i].y) * 53 + pixels[i].x);
        CHECK_NEAR(got[3 * i + c], whole[3 * at + c], 1e-15);  // a compiler may fuse the sums of one and not the other
      }

    auto const dy = random_tensor<double>(ctx, y.extents(), 3);
    auto const dx = ops::resize_patches_backward(ctx, dy, from, to);
    CHECK(dx.extents() == in.extents());
    CHECK_NEAR(ops::dot(ctx, y, dy), ops::dot(ctx, in, dx), 1e-12);
  }
}

TEST_CASE("patches: bad input is refused with numbers") {
  cpu_context ctx;
  CHECK_THROWS_AS(patches(ctx, {}, 1, 1, 4, 4), shape_error);
  CHECK_THROWS_AS(patches(ctx, {{0, 0, 0}}, 0, 1, 4, 4), shape_error);
  patches const at(ctx, {{1, 0, 0}, {1, 2, 1}}, 2, 2, 4, 4);
  auto const x = random_tensor<double>(ctx, {1, 4, 4, 1}, 1);
  CHECK_THROWS_AS(ops::gather_patches(ctx, x, at), shape_error);  // there is no second picture
  CHECK_THROWS_AS(ops::clear_outside(ctx, x, at), shape_error);
  using pixels = ops::patch_pixels<cpu_context>;
  CHECK_THROWS_AS(pixels(ctx, at, {{0, 9, 0}}, 9, 9), value_error);             // outside
  CHECK_THROWS_AS(pixels(ctx, at, {{2, 0, 0}}, 9, 9), value_error);             // no such patch
  CHECK_THROWS_AS(pixels(ctx, at, {{1, 8, 3}, {0, 0, 0}}, 9, 9), value_error);  // not in order
  CHECK_THROWS_AS(pixels(ctx, at, {{0, 4, 0}}, 9, 9), value_error);             // lies in the other patch
  CHECK_THROWS_AS(pixels(ctx, at, {{0, 0, 0}}, 9, 9, resize_mode::nearest), value_error);
  pixels const to(ctx, at, {{1, 8, 3}}, 9, 9);
  CHECK_THROWS_AS(ops::resize_patches(ctx, x, at, to), shape_error);
  CHECK_THROWS_AS(ops::resize_patches_backward(ctx, x, at, to), shape_error);
}
