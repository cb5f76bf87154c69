// SPDX-License-Identifier: MIT
#include <fsis/training/batch_loader.hpp>

#include <support/catch.hpp>

#include <atomic>
#include <chrono>

using namespace fsis;
using fsis::training::batch_loader;

TEST_CASE("batch_loader: batches come in order, whatever the threads", "[training]") {
  for (int threads : {1, 2, 5}) {
    batch_loader<index_t> loader(3, 40, threads, [](index_t n) {
      std::this_thread::sleep_for(std::chrono::microseconds(n % 3 * 200));
      return n * n;
    });
    for (index_t n = 3; n < 40; ++n) CHECK(loader.next() == n * n);
    CHECK_THROWS_AS(loader.next(), value_error);
  }
}

TEST_CASE("batch_loader: makes a few ahead and no more, and ends with work undone", "[training]") {
  std::atomic<int> made{0};
  {
    batch_loader<int> loader(0, 1000, 2, [&](index_t) { return ++made; });
    loader.next();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    CHECK(made <= 5);  // one taken, two per thread waiting
  }
  CHECK(made <= 6);
}

TEST_CASE("batch_loader: a failure comes out at its batch, those before it are whole", "[training]") {
  batch_loader<int> loader(0, 10, 3, [](index_t n) {
    if (n == 4) fail<io_error>("picture ", n, " is gone");
    return static_cast<int>(n);
  });
  for (int n = 0; n < 4; ++n) CHECK(loader.next() == n);
  CHECK(mentions(error_text([&] { loader.next(); }), "picture 4 is gone"));
  CHECK(loader.next() == 5);
  CHECK_THROWS_AS(batch_loader<int>(0, 1, 0, [](index_t) { return 0; }), value_error);
}
