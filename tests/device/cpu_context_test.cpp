// SPDX-License-Identifier: MIT
#include <fsis/device/cpu_context.hpp>

#include <support/catch.hpp>

#include <atomic>
#include <memory>
#include <utility>
#include <vector>

using namespace fsis;

namespace {

cpu_options with_threads(int threads) {
  cpu_options o;
  o.threads = threads;
  return o;
}

}  // namespace

TEST_CASE("a context has the threads it was asked for") {
  CHECK(cpu_context{}.threads() >= 1);
  CHECK(cpu_context{with_threads(3)}.threads() == 3);
  CHECK_THROWS_AS(cpu_context{with_threads(-1)}, value_error);
  CHECK(mentions(error_text([] { cpu_context{with_threads(-1)}; }), "-1 threads"));
}

TEST_CASE("parallel runs every task") {
  cpu_context const ctx(with_threads(2));
  std::atomic<int> ran{0};
  ctx.parallel(10, [&](index_t) { ++ran; });
  CHECK(ran == 10);
}

TEST_CASE("memory comes from the pool of the context, within its limit") {
  cpu_options o;
  o.memory_limit = 4096;
  cpu_context const ctx(o);
  auto const block = ctx.allocate(1024);
  CHECK(ctx.memory().statistics().in_use >= 1024);
  CHECK_THROWS_AS(ctx.allocate(4096), device_error);
}

TEST_CASE("memory outlives its context, and a context may be moved") {
  std::shared_ptr<void> block;
  {
    cpu_context ctx(with_threads(2));
    block = ctx.allocate(64);
    cpu_context const moved = std::move(ctx);
    CHECK(moved.threads() == 2);
  }
  static_cast<char*>(block.get())[63] = 1;
}

TEST_CASE("copies move bytes, and none from nowhere") {
  cpu_context const ctx;
  std::vector<int> const from = {1, 2, 3};
  std::vector<int> to(3), back(3);
  ctx.copy_from_host(to.data(), from.data(), 3 * sizeof(int));
  ctx.copy_to_host(back.data(), to.data(), 3 * sizeof(int));
  ctx.synchronize();
  CHECK(back == from);
  ctx.copy_from_host(nullptr, nullptr, 0);
  ctx.copy_to_host(nullptr, nullptr, 0);
}
