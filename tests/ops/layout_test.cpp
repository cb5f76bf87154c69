// SPDX-License-Identifier: MIT
#include <fsis/ops/layout.hpp>

#include <support/catch.hpp>
#include <support/compare.hpp>
#include <support/host.hpp>
#include <support/random_tensor.hpp>
#include <support/threads.hpp>

#include <limits>
#include <numeric>
#include <vector>

using namespace fsis_test;
using fsis::cpu_context;
using fsis::index_t;
using fsis::shape;
using fsis::tensor;
namespace ops = fsis::ops;

namespace {

/// 0, 1, 2, ... in the given shape.
template <class T = double>
tensor<T> counting(cpu_context const& ctx, shape const& extents) {
  std::vector<T> values(static_cast<std::size_t>(extents.size()));
  std::iota(values.begin(), values.end(), T(0));
  return fsis::from_host<T>(ctx, extents, values);
}

shape const map_extents{2, 3, 4, 5};

}  // namespace

TEST_CASE("concatenate, slice and pad, by hand") {
  cpu_context const ctx;
  auto const a = counting(ctx, {2, 2}), b = ops::full(ctx, {2, 1}, 9.0);
  CHECK(host(ops::concatenate<double>(ctx, {a, b})) == std::vector<double>{0, 1, 9, 2, 3, 9});
  CHECK(host(ops::concatenate<double>(ctx, {b, a, b}, 1)) == std::vector<double>{9, 0, 1, 9, 9, 2, 3, 9});
  CHECK(host(ops::concatenate<double>(ctx, {a, a}, 0)) == std::vector<double>{0, 1, 2, 3, 0, 1, 2, 3});
  CHECK(host(ops::slice(ctx, counting(ctx, {3, 3}), 1, 1, 2)) == std::vector<double>{1, 2, 4, 5, 7, 8});
  CHECK(host(ops::pad(ctx, a, 1, 1, 2, 7.0)) == std::vector<double>{7, 0, 1, 7, 7, 7, 2, 3, 7, 7});
  CHECK(host(ops::pad(ctx, a, 0, 1, 0)) == std::vector<double>{0, 0, 0, 1, 2, 3});
  CHECK(host(ops::flip(ctx, a, 0)) == std::vector<double>{2, 3, 0, 1});
  CHECK(host(ops::flip(ctx, a, -1)) == std::vector<double>{1, 0, 3, 2});
  CHECK(host(ops::transpose(ctx, counting(ctx, {2, 3}))) == std::vector<double>{0, 3, 1, 4, 2, 5});
}

TEMPLATE_TEST_CASE("parts of a tensor joined along any axis are the tensor", "", float, double) {
  cpu_context const ctx;
  auto const x = random_tensor<TestType>(ctx, map_extents, 1);
  for (int axis = -4; axis < 4; ++axis) {
    INFO("axis " << axis);
    index_t const n = x.extent(axis);
    // parts of different sizes, an empty one among them
    std::vector<tensor<TestType>> parts = {ops::slice(ctx, x, axis, 0, 1), ops::slice(ctx, x, axis, 1, 0),
                                           ops::slice(ctx, x, axis, 1, n - 1)};
    auto const joined = ops::concatenate(ctx, parts, axis);
    CHECK(joined.extents() == x.extents());
    CHECK(to_host(ctx, joined) == to_host(ctx, x));
    CHECK(parts[1].size() == 0);
  }
}

TEMPLATE_TEST_CASE("slice undoes pad, and flip itself", "", float, double) {
  cpu_context const ctx;
  auto const x = random_tensor<TestType>(ctx, map_extents, 1);
  auto const values = to_host(ctx, x);
  for (int axis = -4; axis < 4; ++axis) {
    INFO("axis " << axis);
    auto const padded = ops::pad(ctx, x, axis, 2, 3, TestType(5));
    CHECK(padded.extents() == x.extents().with(axis, x.extent(axis) + 5));
    CHECK(to_host(ctx, ops::slice(ctx, padded, axis, 2, x.extent(axis))) == values);
    auto const border = ops::concatenate<TestType>(
        ctx, {ops::slice(ctx, padded, axis, 0, 2), ops::slice(ctx, padded, axis, x.extent(axis) + 2, 3)}, axis);
    CHECK(to_host(ctx, border) == std::vector<TestType>(static_cast<std::size_t>(border.size()), TestType(5)));
    CHECK(to_host(ctx, ops::pad(ctx, x, axis, 0, 0)) == values);
    auto const flipped = ops::flip(ctx, x, axis);
    CHECK(to_host(ctx, flipped) != values);
    CHECK(to_host(ctx, ops::flip(ctx, flipped, axis)) == values);
    CHECK(to_host(ctx, ops::slice(ctx, flipped, axis, 0, 1)) ==
          to_host(ctx, ops::slice(ctx, x, axis, x.extent(axis) - 1, 1)));
  }
}

TEST_CASE("crop takes rows and columns") {
  cpu_context const ctx;
  auto const x = counting(ctx, map_extents);
  auto const part = ops::crop(ctx, x, 1, 2, 2, 1);
  REQUIRE(part.extents() == shape{2, 2, 1, 5});
  auto const in = x.view<4>(), out = part.view<4>();
  for (index_t n = 0; n < 2; ++n)
    for (index_t h = 0; h < 2; ++h)
      for (index_t c = 0; c < 5; ++c) CHECK(out(n, h, 0, c) == in(n, h + 1, 2, c));
  CHECK(host(ops::crop(ctx, x, 0, 0, 3, 4)) == host(x));
  CHECK(ops::crop(ctx, x, 3, 0, 0, 4).extents() == shape{2, 0, 4, 5});
}

TEST_CASE("transposing twice gives the matrix back") {
  cpu_context const ctx;
  for (shape const& extents : {shape{1, 1}, shape{1, 7}, shape{5, 3}, shape{131, 257}, shape{0, 4}}) {
    auto const x = random_tensor<double>(ctx, extents, 1);
    auto const t = ops::transpose(ctx, x);
    CHECK(t.extents() == shape{extents[1], extents[0]});
    CHECK(host(ops::transpose(ctx, t)) == host(x));
  }
  auto const x = random_tensor<double>(ctx, {3, 5}, 2), t = ops::transpose(ctx, x);
  CHECK(t.view<2>()(4, 1) == x.view<2>()(1, 4));
}

TEST_CASE("results have elements of their own") {
  cpu_context const ctx;
  auto x = counting(ctx, {1, 2, 2, 1});
  auto const whole = ops::slice(ctx, x, 1, 0, 2), unpadded = ops::pad(ctx, x, 1, 0, 0);
  auto const alone = ops::concatenate<double>(ctx, {x});
  ops::fill(ctx, x, -1.0);
  for (auto const& t : {whole, unpadded, alone}) CHECK(host(t) == std::vector<double>{0, 1, 2, 3});
}

TEST_CASE("layout's bytes do not depend on the number of threads") {
  CHECK(same_bytes_for_any_threads([](cpu_context const& ctx) {
    auto const x = random_tensor<float>(ctx, {2, 60, 61, 7}, 1);
    return ops::pad(ctx, ops::flip(ctx, ops::concatenate<float>(ctx, {x, x}, 3), 2), 1, 5, 6);
  }));
}

TEST_CASE("layout says what does not fit") {
  cpu_context const ctx;
  auto const x = counting(ctx, map_extents);
  CHECK(mentions(error_text([&] { ops::concatenate<double>(ctx, {}); }), "concatenate", "no tensors"));
  CHECK(mentions(error_text([&] { ops::concatenate<double>(ctx, {x, counting(ctx, {2, 3, 5, 5})}, 3); }),
                 "(2,3,4,5)", "(2,3,5,5)", "axis 3"));
  CHECK(mentions(error_text([&] { ops::concatenate<double>(ctx, {x, counting(ctx, {2, 3, 4})}, 0); }), "(2,3,4,5)",
                 "(2,3,4)"));
  // an axis of one extent less: what is left over agrees, the rank does not
  CHECK_THROWS_AS(ops::concatenate<double>(ctx, {counting(ctx, {2, 3}), counting(ctx, {2})}, 0), fsis::shape_error);
  CHECK(mentions(error_text([&] { ops::concatenate<double>(ctx, {x, x}, 4); }), "axis 4", "(2,3,4,5)"));
  CHECK(
      mentions(error_text([&] { ops::slice(ctx, x, 1, 2, 2); }), "slice", "2 entries from 2", "axis 1", "(2,3,4,5)"));
  CHECK_THROWS_AS(ops::slice(ctx, x, 1, -1, 2), fsis::shape_error);
  CHECK_THROWS_AS(ops::slice(ctx, x, 1, 0, -1), fsis::shape_error);
  CHECK_THROWS_AS(ops::slice(ctx, x, -5, 0, 1), fsis::shape_error);
  constexpr index_t huge = std::numeric_limits<index_t>::max();
  CHECK_THROWS_AS(ops::slice(ctx, x, 1, huge, 1), fsis::shape_error);
  CHECK_THROWS_AS(ops::slice(ctx, x, 1, 1, huge), fsis::shape_error);
  CHECK(mentions(error_text([&] { ops::pad(ctx, x, 0, -1, 2); }), "pad", "-1 before", "2 after"));
  CHECK_THROWS_AS(ops::pad(ctx, x, 0, 1, huge), fsis::error);
  CHECK_THROWS_AS(ops::flip(ctx, x, 4), fsis::shape_error);
  CHECK(mentions(error_text([&] { ops::crop(ctx, x, 2, 0, 2, 1); }), "2 entries from 2", "axis 1"));
  CHECK(mentions(error_text([&] { ops::crop(ctx, counting(ctx, {3, 4}), 0, 0, 1, 1); }), "crop", "(3,4)"));
  CHECK(mentions(error_text([&] { ops::transpose(ctx, x); }), "transpose", "(2,3,4,5)", "matrix"));
}
