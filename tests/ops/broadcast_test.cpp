// SPDX-License-Identifier: MIT
#include <fsis/ops/broadcast.hpp>

#include <support/catch.hpp>
#include <support/compare.hpp>
#include <support/random_tensor.hpp>
#include <support/threads.hpp>

#include <vector>

using namespace fsis_test;
using fsis::cpu_context;
using fsis::index_t;
using fsis::shape;
using fsis::tensor;
namespace ops = fsis::ops;

namespace {

struct rule {
  shape a, b, result;
};

/// The rules of NumPy: axes are matched from the last, and 1 repeats.
std::vector<rule> const rules = {
    {{}, {}, {}},
    {{3}, {}, {3}},
    {{3}, {1}, {3}},
    {{1}, {1}, {1}},
    {{2, 3}, {3}, {2, 3}},
    {{2, 3}, {2, 1}, {2, 3}},
    {{2, 1}, {3}, {2, 3}},
    {{2, 1}, {1, 3}, {2, 3}},
    {{4, 1, 3}, {2, 1}, {4, 2, 3}},
    {{2, 5, 4, 3}, {2, 5, 4, 3}, {2, 5, 4, 3}},
    {{2, 5, 4, 3}, {3}, {2, 5, 4, 3}},
    {{2, 5, 4, 3}, {2, 5, 4, 1}, {2, 5, 4, 3}},
    {{2, 5, 4, 3}, {2, 1, 1, 3}, {2, 5, 4, 3}},
    {{2, 1, 4, 1}, {5, 1, 3}, {2, 5, 4, 3}},
    {{1, 1, 1, 1}, {5, 4, 3}, {1, 5, 4, 3}},
    {{2, 1, 3, 1, 2, 1}, {2, 1, 3, 1, 3}, {2, 2, 3, 3, 2, 3}},
    {{0, 3}, {1, 3}, {0, 3}},
    {{0}, {1}, {0}},
    {{2, 0}, {}, {2, 0}},
};

/// The element of a tensor that stands at position `at` of a result of shape `result`.
template <class T>
double element(tensor<T> const& x, shape const& result, index_t at) {
  index_t offset = 0, step = 1;
  for (int back = 1; back <= result.rank(); ++back) {
    index_t const i = at % result[-back];
    at /= result[-back];
    if (back > x.rank()) continue;
    if (x.extent(-back) != 1) offset += i * step;
    step *= x.extent(-back);
  }
  return static_cast<double>(x.data()[offset]);
}

template <class T, class F>
std::vector<double> by_definition(tensor<T> const& a, tensor<T> const& b, shape const& result, F f) {
  std::vector<double> out;
  for (index_t i = 0; i < result.size(); ++i) out.push_back(f(element(a, result, i), element(b, result, i)));
  return out;
}

}  // namespace

TEST_CASE("two shapes broadcast by the rules of NumPy") {
  for (auto const& r : rules) {
    INFO(to_string(r.a) << " and " << to_string(r.b));
    CHECK(ops::broadcast_shape("test", r.a, r.b) == r.result);
    CHECK(ops::broadcast_shape("test", r.b, r.a) == r.result);
  }
}

TEMPLATE_TEST_CASE("arithmetic with broadcasting, both ways round", "", float, double) {
  cpu_context const ctx;
  for (auto const& r : rules)
    for (bool swapped : {false, true}) {
      INFO(to_string(r.a) << " and " << to_string(r.b) << (swapped ? ", swapped" : ""));
      auto const a = random_tensor<TestType>(ctx, swapped ? r.b : r.a, 1);
      auto const b = away_from_zero<TestType>(ctx, swapped ? r.a : r.b, 2, 0.5, 1.5);
      auto const check = [&](tensor<TestType> const& found, auto f) {
        CHECK(found.extents() == r.result);
        CHECK(difference(ctx, found, by_definition(a, b, r.result, f)) == "");
      };
      check(ops::add(ctx, a, b), [](double x, double y) { return x + y; });
      check(ops::subtract(ctx, a, b), [](double x, double y) { return x - y; });
      check(ops::multiply(ctx, a, b), [](double x, double y) { return x * y; });
      check(ops::divide(ctx, a, b), [](double x, double y) { return x / y; });
    }
}

TEMPLATE_TEST_CASE("sum_to_shape is the adjoint of broadcast_to", "", float, double) {
  cpu_context const ctx;
  for (auto const& r : rules)
    for (shape const& from : {r.a, r.b}) {
      INFO(to_string(from) << " to " << to_string(r.result));
      auto const x = random_tensor<TestType>(ctx, from, 1);
      auto const wide = ops::broadcast_to(ctx, x, r.result);
      CHECK(wide.extents() == r.result);
      CHECK(difference(ctx, wide, by_definition(x, x, r.result, [](double v, double) { return v; })) == "");
      auto const g = random_tensor<TestType>(ctx, r.result, 2);
      auto const back = ops::sum_to_shape(ctx, g, from);
      CHECK(back.extents() == from);
      CHECK_NEAR(ops::dot(ctx, wide, g), ops::dot(ctx, x, back), 20 * tolerance<TestType>::absolute);
    }
}

TEST_CASE("sum_to_shape sums what was repeated, by hand") {
  cpu_context const ctx;
  auto const g = fsis::from_host<double>(ctx, {2, 3}, {1, 2, 3, 10, 20, 30});
  CHECK(to_host(ctx, ops::sum_to_shape(ctx, g, {3})) == std::vector<double>{11, 22, 33});
  CHECK(to_host(ctx, ops::sum_to_shape(ctx, g, {1, 3})) == std::vector<double>{11, 22, 33});
  CHECK(to_host(ctx, ops::sum_to_shape(ctx, g, {2, 1})) == std::vector<double>{6, 60});
  CHECK(to_host(ctx, ops::sum_to_shape(ctx, g, {})) == std::vector<double>{66});
  CHECK(ops::sum_to_shape(ctx, g, {2, 3}).data() == g.data());
  CHECK(to_host(ctx, ops::affine(ctx, g, 2, -1)) == std::vector<double>{1, 3, 5, 19, 39, 59});
}

TEST_CASE("broadcasting's bytes do not depend on the number of threads") {
  CHECK(same_bytes_for_any_threads([](cpu_context const& ctx) {
    auto const a = random_tensor<float>(ctx, {2, 70, 50, 8}, 1), b = random_tensor<float>(ctx, {2, 1, 50, 1}, 2);
    return ops::multiply(ctx, a, b);
  }));
  CHECK(same_bytes_for_any_threads([](cpu_context const& ctx) {
    return ops::sum_to_shape(ctx, random_tensor<float>(ctx, {2, 70, 50, 8}, 1), {1, 70, 1, 8});
  }));
}

TEST_CASE("errors of broadcasting name the op and both shapes") {
  cpu_context const ctx;
  tensor<float> const a(ctx, {2, 3}), b(ctx, {2, 4}), c(ctx, {3, 2});
  CHECK(mentions(error_text([&] { ops::add(ctx, a, b); }), "add", "(2,3)", "(2,4)", "3 against 4"));
  CHECK(mentions(error_text([&] { ops::subtract(ctx, a, c); }), "subtract", "(2,3)", "(3,2)"));
  CHECK(mentions(error_text([&] { ops::multiply(ctx, a, b); }), "multiply", "(2,3)", "(2,4)"));
  CHECK(mentions(error_text([&] { ops::divide(ctx, b, a); }), "divide", "(2,4)", "(2,3)"));
  CHECK(mentions(error_text([&] { ops::broadcast_to(ctx, a, {2, 4}); }), "(2,3)", "(2,4)"));
  CHECK(mentions(error_text([&] { ops::broadcast_to(ctx, a, {3}); }), "broadcast_to", "(2,3)", "(3)"));
  CHECK(mentions(error_text([&] { ops::broadcast_to(ctx, a, {1, 3}); }), "broadcast_to", "(2,3)", "(1,3)"));
  CHECK(mentions(error_text([&] { ops::sum_to_shape(ctx, a, {2}); }), "sum_to_shape", "(2,3)", "(2)"));
  CHECK(mentions(error_text([&] { ops::sum_to_shape(ctx, a, {2, 2, 3}); }), "sum_to_shape", "(2,3)", "(2,2,3)"));
  CHECK_THROWS_AS(ops::add(ctx, a, b), fsis::shape_error);
}
