// SPDX-License-Identifier: MIT
#include <fsis/backend/reduce.hpp>

#include <support/catch.hpp>
#include <support/threads.hpp>

#include <vector>

using namespace fsis_test;
using fsis::cpu_context;
using fsis::index_t;
namespace backend = fsis::backend;

namespace {

struct size {
  index_t outer, axis, inner;
};

/// Sums of whole numbers, exact in any order, and the number of terms beside them.
struct exact_sum {
  struct value_type {
    std::int64_t sum, terms;
  };
  value_type* out;
  index_t axis, inner;
  value_type identity() const { return {0, 0}; }
  value_type load(index_t o, index_t a, index_t i) const { return {((o * axis + a) * inner + i) % 1009, 1}; }
  value_type combine(value_type x, value_type y) const { return {x.sum + y.sum, x.terms + y.terms}; }
  void store(index_t o, index_t i, value_type v) const { out[o * inner + i] = v; }
};

/// A combination that depends on its order: what comes later counts more.
struct ordered {
  using value_type = double;
  double* out;
  index_t axis, inner;
  double identity() const { return 0; }
  double load(index_t o, index_t a, index_t i) const { return static_cast<double>((o * axis + a) * inner + i); }
  double combine(double x, double y) const { return 0.999 * x + y; }
  void store(index_t o, index_t i, double v) const { out[o * inner + i] = v; }
};

std::vector<size> const sizes = {{1, 1, 1},   {1, 0, 1},      {3, 0, 4},     {1, 7, 1},     {1, 8, 1},
                                 {1, 9, 1},   {1, 100003, 1}, {5, 16384, 1}, {2, 16385, 1}, {20000, 3, 1},
                                 {7, 11, 13}, {1, 5000, 8},   {3, 2, 20000}, {0, 5, 5},     {5, 5, 0}};

}  // namespace

TEST_CASE("reduce takes every element once, in its place") {
  cpu_context const ctx;
  for (auto const& s : sizes) {
    INFO(s.outer << " x " << s.axis << " x " << s.inner);
    std::vector<exact_sum::value_type> found(static_cast<std::size_t>(s.outer * s.inner));
    exact_sum const kernel{found.data(), s.axis, s.inner};
    backend::reduce(ctx, s.outer, s.axis, s.inner, kernel);
    bool right = true;
    for (index_t o = 0; o < s.outer; ++o)
      for (index_t i = 0; i < s.inner; ++i) {
        std::int64_t sum = 0;
        for (index_t a = 0; a < s.axis; ++a) sum += kernel.load(o, a, i).sum;
        auto const& v = found[static_cast<std::size_t>(o * s.inner + i)];
        right = right && v.sum == sum && v.terms == s.axis;
      }
    CHECK(right);
  }
}

TEST_CASE("the order of a reduction does not depend on the number of threads") {
  for (auto const& s : sizes) {
    INFO(s.outer << " x " << s.axis << " x " << s.inner);
    std::vector<double> expected;
    for (int threads : thread_counts) {
      auto const ctx = context_with(threads);
      std::vector<double> found(static_cast<std::size_t>(s.outer * s.inner));
      backend::reduce(ctx, s.outer, s.axis, s.inner, ordered{found.data(), s.axis, s.inner});
      if (threads == 1) expected = found;
      CHECK(found == expected);
    }
  }
}
