// SPDX-License-Identifier: MIT
#include <fsis/ops/matmul.hpp>

#include <fsis/ops/layout.hpp>

#include <support/catch.hpp>
#include <support/compare.hpp>
#include <support/random_tensor.hpp>
#include <support/threads.hpp>

#include <cmath>

using namespace fsis_test;
using fsis::cpu_context;
using fsis::index_t;
using fsis::operand;
using fsis::tensor;
namespace ops = fsis::ops;

namespace {

struct product {
  index_t rows, inner, columns;
};

// odd sizes, single rows and columns, and more rows than one task takes
constexpr product products[] = {{1, 1, 1},  {2, 3, 4},     {1, 7, 5},    {5, 7, 1},   {5, 1, 3},
                                {17, 33, 9}, {97, 20, 31}, {193, 5, 64}, {300, 65, 2}, {3, 2000, 3},
                                {100, 20, 600}, {2, 5000, 40}};

template <class T>
std::vector<double> by_definition(tensor<T> const& a, tensor<T> const& b) {
  index_t const rows = a.extent(0), inner = a.extent(1), columns = b.extent(1);
  std::vector<double> c(static_cast<std::size_t>(rows * columns));
  for (index_t i = 0; i < rows; ++i)
    for (index_t j = 0; j < columns; ++j) {
      double sum = 0;
      for (index_t k = 0; k < inner; ++k)
        sum += static_cast<double>(a.data()[i * inner + k]) * static_cast<double>(b.data()[k * columns + j]);
      c[static_cast<std::size_t>(i * columns + j)] = sum;
    }
  return c;
}

}  // namespace

TEST_CASE("a product of matrices small enough for paper") {
  cpu_context const ctx;
  auto const a = fsis::from_host<double>(ctx, {2, 3}, {1, 2, 3, 4, 5, 6});
  auto const b = fsis::from_host<double>(ctx, {3, 2}, {7, 8, 9, 10, 11, 12});
  auto const c = ops::matmul(ctx, a, b);
  CHECK(c.extents() == fsis::shape{2, 2});
  CHECK(to_host(ctx, c) == std::vector<double>{58, 64, 139, 154});
  auto const gram = ops::matmul<operand::transposed, operand::as_stored>(ctx, a, a);
  CHECK(to_host(ctx, gram) == std::vector<double>{17, 22, 27, 22, 29, 36, 27, 36, 45});
}

TEMPLATE_TEST_CASE("matmul equals its definition however its operands are stored", "", float, double) {
  cpu_context const ctx;
  for (auto const& p : products) {
    INFO(p.rows << " x " << p.inner << " times " << p.inner << " x " << p.columns);
    double const size = 3 / std::sqrt(static_cast<double>(p.inner));
    auto const a = random_tensor<TestType>(ctx, {p.rows, p.inner}, 1, -size, size);
    auto const b = random_tensor<TestType>(ctx, {p.inner, p.columns}, 2);
    auto const at = ops::transpose(ctx, a), bt = ops::transpose(ctx, b);
    auto const expected = by_definition(a, b);
    CHECK(difference(ctx, ops::matmul(ctx, a, b), expected) == "");
    CHECK(difference(ctx, ops::matmul<operand::transposed, operand::as_stored>(ctx, at, b), expected) == "");
    CHECK(difference(ctx, ops::matmul<operand::as_stored, operand::transposed>(ctx, a, bt), expected) == "");
    CHECK(difference(ctx, ops::matmul<operand::transposed, operand::transposed>(ctx, at, bt), expected) == "");
  }
}

TEST_CASE("a product over no terms is zero, and one without rows is empty") {
  cpu_context const ctx;
  auto const zero = ops::matmul(ctx, tensor<float>(ctx, {2, 0}), tensor<float>(ctx, {0, 3}));
  CHECK(to_host(ctx, zero) == std::vector<float>(6, 0.0f));
  CHECK(ops::matmul(ctx, tensor<float>(ctx, {0, 4}), tensor<float>(ctx, {4, 3})).extents() == fsis::shape{0, 3});
}

TEST_CASE("matmul's bytes do not depend on the number of threads") {
  for (auto const& p : products) {
    INFO(p.rows << " x " << p.inner << " times " << p.inner << " x " << p.columns);
    CHECK(same_bytes_for_any_threads([&](cpu_context const& ctx) {
      return ops::matmul(ctx, random_tensor<float>(ctx, {p.rows, p.inner}, 1),
                         random_tensor<float>(ctx, {p.inner, p.columns}, 2));
    }));
    CHECK(same_bytes_for_any_threads([&](cpu_context const& ctx) {
      return ops::matmul<operand::transposed, operand::transposed>(
          ctx, random_tensor<float>(ctx, {p.inner, p.rows}, 1), random_tensor<float>(ctx, {p.columns, p.inner}, 2));
    }));
  }
}

TEST_CASE("matmul says what does not fit") {
  cpu_context const ctx;
  tensor<float> const a(ctx, {2, 3}), b(ctx, {4, 5}), map(ctx, {1, 2, 3});
  CHECK(mentions(error_text([&] { ops::matmul(ctx, a, b); }), "matmul", "3 and 4", "(2,3)", "(4,5)"));
  CHECK(mentions(error_text([&] { ops::matmul<operand::transposed, operand::transposed>(ctx, a, b); }), "2 and 5",
                 "(2,3) transposed times (4,5) transposed"));
  CHECK(mentions(error_text([&] { ops::matmul(ctx, a, map); }), "(1,2,3)", "two matrices"));
  CHECK_THROWS_AS(ops::matmul(ctx, a, b), fsis::shape_error);
}
