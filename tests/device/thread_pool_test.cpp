// SPDX-License-Identifier: MIT
#include <fsis/device/thread_pool.hpp>

#include <support/catch.hpp>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace fsis;

TEST_CASE("every task runs once, whatever the number of threads") {
  for (int threads : {1, 2, 3, 7}) {
    thread_pool pool(threads);
    CHECK(pool.threads() == threads);
    for (index_t count : {0, 1, 2, 6, 7, 8, 1000}) {
      std::vector<std::atomic<int>> runs(static_cast<std::size_t>(count));
      pool.run(count, [&](index_t i) { ++runs[static_cast<std::size_t>(i)]; });
      int wrong = 0;
      for (auto const& r : runs) wrong += r != 1;
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("tasks see what the caller wrote, and the caller sees what they wrote") {
  thread_pool pool(3);
  for (int round = 0; round < 200; ++round) {
    std::vector<int> in(64, round), out(64, -1);
    pool.run(64, [&](index_t i) { out[static_cast<std::size_t>(i)] = in[static_cast<std::size_t>(i)] + 1; });
    REQUIRE(out == std::vector<int>(64, round + 1));
  }
}

TEST_CASE("the threads of a pool really work side by side, again and again") {
  thread_pool pool(2);
  for (int round = 0; round < 3; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // let the worker fall asleep
    std::atomic<int> waiting{0};
    // each of the two tasks waits for the other: one thread alone would never finish
    pool.run(2, [&](index_t) {
      ++waiting;
      auto const start = std::chrono::steady_clock::now();
      while (waiting < 2)
        if (std::chrono::steady_clock::now() - start > std::chrono::seconds(10)) throw std::runtime_error("alone");
    });
    CHECK(waiting == 2);
  }
}

TEST_CASE("an exception of a task reaches the caller, and the pool goes on") {
  for (int threads : {1, 2, 3}) {
    thread_pool pool(threads);
    for (int round = 0; round < 20; ++round) {
      auto const text = error_text([&] {
        pool.run(100, [](index_t i) {
          if (i == 37) throw std::runtime_error("task 37");
        });
      });
      REQUIRE(text == "task 37");
    }
    std::atomic<int> ran{0};
    pool.run(50, [&](index_t) { ++ran; });
    CHECK(ran == 50);
  }
}

TEST_CASE("when every task throws, one exception arrives") {
  thread_pool pool(3);
  CHECK_THROWS_AS(pool.run(30, [](index_t) { throw std::logic_error("each"); }), std::logic_error);
}

TEST_CASE("a call from inside a task runs on the thread of the task") {
  thread_pool pool(3);
  std::atomic<int> inner{0}, moved{0};
  pool.run(8, [&](index_t) {
    auto const self = std::this_thread::get_id();
    pool.run(5, [&](index_t) {
      ++inner;
      moved += std::this_thread::get_id() != self;
    });
  });
  CHECK(inner == 40);
  CHECK(moved == 0);
}

TEST_CASE("an exception from a nested call passes through both") {
  thread_pool pool(2);
  CHECK(error_text([&] {
          pool.run(4, [&](index_t) { pool.run(4, [](index_t) { throw std::runtime_error("inner"); }); });
        }) == "inner");
  std::atomic<int> ran{0};
  pool.run(4, [&](index_t) { ++ran; });
  CHECK(ran == 4);
}

TEST_CASE("several callers share a pool") {
  thread_pool pool(3);
  std::atomic<int> wrong{0};
  std::vector<std::thread> callers;
  for (int c = 0; c < 4; ++c)
    callers.emplace_back([&pool, &wrong] {
      for (int round = 0; round < 100; ++round) {
        std::atomic<int> ran{0};
        pool.run(20, [&](index_t) { ++ran; });
        wrong += ran != 20;
      }
    });
  for (auto& c : callers) c.join();
  CHECK(wrong == 0);
}

TEST_CASE("a pool may be destroyed without ever having worked") {
  for (int i = 0; i < 50; ++i) thread_pool pool(4);
  SUCCEED();
}
