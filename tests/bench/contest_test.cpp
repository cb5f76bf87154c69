// SPDX-License-Identifier: MIT
#include <fsis/bench/contest.hpp>

#include <bench/made_up.hpp>
#include <support/catch.hpp>

using namespace fsis_test;

TEST_CASE("contenders share inputs that are made once", "[bench][contest]") {
  auto const made = std::make_shared<int>(0);
  contest<numbers> c;
  c.name = "shared";
  c.axes = {{"length", 2, ""}};
  c.count = [](setting const&) { return work{1, 1}; };
  c.problem = [=](environment const&) { return ++*made, numbers{1, 2}; };
  c.expected = [](environment const&, numbers const& x) { return expect_all({x[0], x[1]}); };
  auto const seen = std::make_shared<std::vector<numbers const*>>();
  for (char const* name : {"a", "b"})
    c.contenders.push_back({name, [=](environment const&, std::shared_ptr<numbers const> const& x) {
                              seen->push_back(x.get());
                              return runnable{[] {}, [x] { return *x; }};
                            }});
  benchmark const b = benchmark_of(c);
  CHECK(b.contenders == std::vector<std::string>{"a", "b"});
  setting const at(b.axes);
  subject const s = b.prepare({at, {}, std::make_shared<fsis::cpu_context>()});
  CHECK(*made == 1);
  CHECK(s.contender("b").result() == numbers{1, 2});
  s.contender("a");
  REQUIRE(seen->size() == 2);
  CHECK((*seen)[0] == (*seen)[1]);
  CHECK(*made == 1);
  REQUIRE(s.expected.probes.size() == 2);
  CHECK(s.expected.probes[1].wanted == 2);
  CHECK(mentions(error_text([&] { s.contender("c"); }), "'c'"));
}
