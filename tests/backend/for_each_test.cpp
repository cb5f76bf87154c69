// SPDX-License-Identifier: MIT
#include <fsis/backend/for_each.hpp>

#include <support/catch.hpp>
#include <support/threads.hpp>

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
         {size{0, 5}, {5, 0}, {1, 1}, {3, 100000}, {100000, 3}, {129, 127}, {2, 16384}, {5, 16383}, {1, 40000}}) {
      INFO(s.rows << " x " << s.columns << ", " << threads << " threads");
      std::vector<int> visited(static_cast<std::size_t>(s.rows * s.columns), 0);
      backend::for_each(ctx, s.rows, s.columns, visit{visited.data(), s.columns});
      CHECK(visited == std::vector<int>(visited.size(), 1));
    }
  }
}

TEST_CASE("for_each of a negative rectangle does nothing") {
  cpu_context const ctx;
  backend::for_each(ctx, -3, 4, visit{nullptr, 4});
  backend::for_each(ctx, 3, -4, visit{nullptr, 4});
}
