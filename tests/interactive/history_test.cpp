// SPDX-License-Identifier: MIT
#include <fsis/interactive/history.hpp>

#include <support/catch.hpp>

using fsis::interactive::history;

TEST_CASE("a history walks back and forth, and a new state forgets what was undone") {
  history<int> h(10);
  CHECK(h.empty());
  CHECK(h.before() == nullptr);
  CHECK(h.after() == nullptr);
  h.restart(0);
  CHECK(h.current() == 0);
  CHECK(h.before() == nullptr);
  h.push(1);
  h.push(2);
  CHECK(h.current() == 2);
  CHECK(h.after() == nullptr);
  REQUIRE(h.before() != nullptr);
  CHECK(*h.before() == 1);
  h.step_back();
  h.step_back();
  CHECK(h.current() == 0);
  REQUIRE(h.after() != nullptr);
  h.step_forward();
  CHECK(h.current() == 1);
  h.push(5);
  CHECK(h.current() == 5);
  CHECK(h.after() == nullptr);
  CHECK(*h.before() == 1);
  h.restart(9);
  CHECK(h.current() == 9);
  CHECK(h.before() == nullptr);
}

TEST_CASE("a history keeps as many steps back as its limit says") {
  history<int> h(3);
  h.restart(0);
  for (int i = 1; i < 10; ++i) h.push(i);
  int steps = 0;
  for (; h.before() != nullptr; ++steps) h.step_back();
  CHECK(steps == 3);
  CHECK(h.current() == 6);
  CHECK(h.end() - h.begin() == 4);
  CHECK(mentions(error_text([] { history<int> none(0); }), "history", "0", "1"));
}
