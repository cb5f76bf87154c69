// SPDX-License-Identifier: MIT
#include <fsis/interactive/session.hpp>

#include <interactive/scene.hpp>
#include <support/catch.hpp>
#include <support/threads.hpp>

#include <thread>

using namespace fsis;
using namespace fsis_test;

TEST_CASE("a refined click has the same bytes for any number of threads") {
  auto const maker = context_with(1);
  auto const net = made_up_network(maker, 128);
  shot const example = made_up_shot(90, 120, 2), photo = made_up_shot(96, 128, 3);
  session_options o;
  o.stop = stop_rule::never;
  o.max_evaluations = 6;
  std::vector<snapshot> seen;
  for (int const threads : thread_counts) {
    auto const ctx = context_with(threads);
    session s{ctx, net, o};
    s.set_support({example});
    s.set_query(photo.picture);
    s.click(positive(40, 60));
    s.click(negative(5, 5));
    seen.emplace_back(s);
    CHECK(seen.back() == seen.front());
  }
  CHECK(seen.front().report.evaluations == 6);
}

TEST_CASE("one network serves two sessions on two threads") {
  cpu_context const maker;
  auto const net = made_up_network(maker);
  auto const run = [&net](std::uint64_t seed) {
    auto const ctx = context_with(2);
    session s{ctx, net};
    s.set_support({made_up_shot(40, 56, seed)});
    s.set_query(made_up_shot(48, 64, seed + 1).picture);
    for (click const& c : some_clicks) s.click(c);
    return snapshot(s);
  };
  snapshot const first = run(20), second = run(30);
  std::vector<snapshot> got(2, first);
  std::thread other([&] { got[1] = run(30); });
  got[0] = run(20);
  other.join();
  CHECK(got[0] == first);
  CHECK(got[1] == second);
  CHECK(first != second);
}
