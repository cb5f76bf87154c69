// SPDX-License-Identifier: MIT
#include <fsis/backend/for_each.hpp>

#include <support/catch.hpp>
#include <support/threads.hpp>

#include <cmath>
#include <vector>

using namespace fsis_test;
using fsis::cpu_context;
using fsis::index_t;
namespace backend = fsis::backend;

namespace {

/// Counts how often an index is visited.
struct visit {
  int* count;
  index_t columns;
  void operator()(index_t i) const { ++count[i]; }
  void operator()(index_t row, index_t column) const { ++count[row * columns + column]; }
};

/// The same, with what depends on the row alone said apart.
struct visit_place {
  struct place {
    index_t first;
  };
  int* count;
  index_t row_length;
  place at(index_t row) const { return {row * row_length}; }
  void operator()(place const& p, index_t column) const { ++count[p.first + column]; }
};

/// The same for several columns at a time; counts where it was told of other columns than there are, too.
struct visit_columns {
  struct place {
    index_t first;
  };
  int* count;
  index_t row_length;
  place at(index_t row) const { return {row * row_length}; }
  template <index_t N>
  void columns(place const& p, index_t c) const {
    for (index_t i = 0; i < N; ++i) count[p.first + c + i] += c + i < row_length ? 1 : 1000;
  }
};

/// One index, one row.
struct visit_row {
  static constexpr bool takes_rows = true;
  int* count;
  index_t C;
  void operator()(index_t row) const {
    for (index_t c = 0; c < C; ++c) ++count[row * C + c];
  }
};

}  // namespace

TEST_CASE("for_each visits every index once, whatever the threads") {
  for (int threads : thread_counts) {
    auto const ctx = context_with(threads);
    // around one task's share, and several of them
    for (index_t count : {index_t{0}, index_t{1}, index_t{7}, backend::elements_per_task - 1,
                          backend::elements_per_task, backend::elements_per_task + 1, index_t{100003}}) {
      std::vector<int> visited(static_cast<std::size_t>(count), 0);
      backend::for_each(ctx, count, visit{visited.data(), 1});
      CHECK(visited == std::vector<int>(visited.size(), 1));
    }
  }
}

TEST_CASE("for_each visits every element of a rectangle once, whatever the threads") {
  struct size {
    index_t rows, columns;
  };
  for (int threads : thread_counts) {
    auto const ctx = context_with(threads);
    for (size s :
         {size{0, 5}, {5, 0}, {1, 1}, {3, 100000}, {100000, 3}, {129, 127}, {7, 45}, {4, 8}, {3, 32}, {2, 16384}, {5, 16383}, {1, 40000}}) {
      INFO(s.rows << " x " << s.columns << ", " << threads << " threads");
      std::vector<int> visited(static_cast<std::size_t>(s.rows * s.columns), 0);
      backend::for_each(ctx, s.rows, s.columns, visit{visited.data(), s.columns});
      CHECK(visited == std::vector<int>(visited.size(), 1));
      backend::for_each(ctx, s.rows, s.columns, visit_place{visited.data(), s.columns});
      CHECK(visited == std::vector<int>(visited.size(), 2));
      backend::for_each(ctx, s.rows, s.columns, visit_columns{visited.data(), s.columns});
      CHECK(visited == std::vector<int>(visited.size(), 3));
      backend::for_each(ctx, s.rows, visit_row{visited.data(), s.columns});
      CHECK(visited == std::vector<int>(visited.size(), 4));
    }
  }
}

TEST_CASE("what an instruction set computes differs by rounding alone") {
  // y = a x + b of numbers for which this is exact, and of others
  struct line {
    float* y;
    float const* x;
    float a, b;
    void operator()(index_t i) const { y[i] = a * x[i] + b; }
  };
  constexpr std::size_t count = 1003;
  std::vector<float> x(count), portable(count), largest(count);
  for (std::size_t i = 0; i < count; ++i) x[i] = static_cast<float>(i % 64) - 31;
  for (float a : {2.0f, 0.3f}) {
    fsis::cpu_options o;
    cpu_context const best(o);
    o.instructions = fsis::instruction_set::portable;
    cpu_context const plain(o);
    backend::for_each(best, count, line{largest.data(), x.data(), a, 1});
    backend::for_each(plain, count, line{portable.data(), x.data(), a, 1});
    bool near = true;
    for (std::size_t i = 0; i < count; ++i) near = near && std::abs(largest[i] - portable[i]) <= (a == 2.0f ? 0 : 2e-6f);
    CHECK(near);
  }
}

TEST_CASE("for_each of a negative rectangle does nothing") {
  cpu_context const ctx;
  backend::for_each(ctx, -3, 4, visit{nullptr, 4});
  backend::for_each(ctx, 3, -4, visit{nullptr, 4});
}
