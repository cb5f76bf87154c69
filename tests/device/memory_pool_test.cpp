// SPDX-License-Identifier: MIT
#include <fsis/device/memory_pool.hpp>

#include <support/catch.hpp>

#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <thread>
#include <vector>

using namespace fsis;

TEST_CASE("blocks are aligned, writable to their end and counted") {
  auto const pool = std::make_shared<memory_pool>();
  for (std::size_t bytes :
       {std::size_t{1}, std::size_t{64}, std::size_t{65}, std::size_t{1000}, std::size_t{1} << 20}) {
    auto const block = pool->allocate(bytes);
    CHECK(reinterpret_cast<std::uintptr_t>(block.get()) % memory_pool::alignment == 0);
    std::memset(block.get(), 7, bytes);
    CHECK(pool->statistics().in_use >= bytes);
    CHECK(pool->statistics().in_use <= bytes + bytes / 8 + 64);
  }
  CHECK(pool->statistics().in_use == 0);
}

TEST_CASE("no bytes are a block too") {
  auto const pool = std::make_shared<memory_pool>();
  auto const a = pool->allocate(0), b = pool->allocate(0);
  CHECK(a != nullptr);
  CHECK(a != b);
}

TEST_CASE("a freed block is used again for a size near its own") {
  auto const pool = std::make_shared<memory_pool>();
  auto block = pool->allocate(100000);
  void const* const first = block.get();
  block.reset();
  std::size_t const cached = pool->statistics().cached;
  CHECK(cached >= 100000);
  block = pool->allocate(99000);
  CHECK(block.get() == first);
  CHECK(pool->statistics().cached == 0);
  CHECK(pool->statistics().in_use == cached);
  CHECK(pool->allocate(10).get() != first);
}

TEST_CASE("the peak is the most that was in use together") {
  auto const pool = std::make_shared<memory_pool>();
  auto a = pool->allocate(1 << 16);
  auto b = pool->allocate(1 << 16);
  CHECK(pool->statistics().peak == 2 << 16);
  a.reset();
  a = pool->allocate(1 << 16);
  CHECK(pool->statistics().peak == 2 << 16);
  a.reset();
  pool->reset_peak();
  CHECK(pool->statistics().peak == 1 << 16);
}

TEST_CASE("a limit holds, names its numbers and can be met after freeing") {
  auto const pool = std::make_shared<memory_pool>(std::size_t{1} << 20);
  auto half = pool->allocate(1 << 19);
  CHECK_THROWS_AS(pool->allocate((1 << 19) + 1), device_error);
  auto const text = error_text([&] { pool->allocate(1 << 20); });
  CHECK(mentions(text, "1048576", "524288 in use", "limit of 1048576"));
  CHECK(pool->statistics().in_use == 1 << 19);
  auto other_half = pool->allocate(1 << 19);
  half.reset();
  other_half.reset();
  CHECK(pool->allocate(1 << 20) != nullptr);
}

TEST_CASE("cached blocks count against the limit and make room") {
  auto const pool = std::make_shared<memory_pool>(std::size_t{1} << 20);
  pool->allocate(1 << 19);
  pool->allocate(1 << 18);
  CHECK(pool->statistics().cached == (1 << 19) + (1 << 18));
  auto const most = pool->allocate(900000);
  CHECK(pool->statistics().cached == 0);
  CHECK(pool->statistics().in_use <= std::size_t{1} << 20);
}

TEST_CASE("what no machine has is refused, and the pool goes on") {
  auto const pool = std::make_shared<memory_pool>();
  CHECK_THROWS_AS(pool->allocate((std::numeric_limits<std::size_t>::max)()), device_error);
  CHECK_THROWS_AS(pool->allocate((std::numeric_limits<std::size_t>::max)() / 2 + 1), device_error);
  CHECK(pool->statistics().in_use == 0);
  CHECK(pool->allocate(64) != nullptr);
}

TEST_CASE("released blocks go back to the system") {
  auto const pool = std::make_shared<memory_pool>();
  pool->allocate(5000);
  pool->release_cached();
  CHECK(pool->statistics().cached == 0);
  auto const kept = pool->allocate(5000);
  pool->release_cached();
  std::memset(kept.get(), 1, 5000);
}

TEST_CASE("a block outlives the owner of its pool") {
  auto pool = std::make_shared<memory_pool>();
  std::weak_ptr<memory_pool> const watch = pool;
  auto block = pool->allocate(256);
  pool.reset();
  std::memset(block.get(), 1, 256);
  CHECK_FALSE(watch.expired());
  block.reset();
  CHECK(watch.expired());
}

TEST_CASE("threads share a pool") {
  auto const pool = std::make_shared<memory_pool>();
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t)
    threads.emplace_back([&pool, t] {
      for (std::size_t i = 0; i < 500; ++i) {
        std::size_t const bytes = std::size_t{64} << (i % 5);
        auto const block = pool->allocate(bytes);
        std::memset(block.get(), static_cast<int>(t), bytes);
      }
    });
  for (auto& t : threads) t.join();
  CHECK(pool->statistics().in_use == 0);
  CHECK(pool->statistics().peak <= 4 * 1024);
}
