// SPDX-License-Identifier: MIT
#include <fsis/bench/runner.hpp>

#include <bench/made_up.hpp>
#include <support/catch.hpp>

#include <algorithm>

using namespace fsis_test;

namespace {

/// Runs the work and says that it took what the script holds next, a second where it holds nothing.
struct scripted_clock {
  static constexpr char const* name = "script";
  std::shared_ptr<std::vector<double>> script = std::make_shared<std::vector<double>>();

  template <class Work>
  double seconds(Work const& w) const {
    w();
    if (script->empty()) return 1;
    double const next = script->front();
    script->erase(script->begin());
    return next;
  }
};

run_options rounds(index_t n) {
  run_options o;
  o.rounds = n;
  o.min_seconds = 0;
  return o;
}

setting at(benchmark const& b) { return setting(b.axes); }

}  // namespace

TEST_CASE("a kernel of one's own is checked and timed", "[bench][runner]") {
  auto const b = doubling_benchmark({doubling("mine")});
  auto const states = runner<>(rounds(5)).run(b, at(b));
  REQUIRE(states.size() == 1);
  state const& s = states[0];
  CHECK(s.benchmark == "double");
  CHECK(s.contender == "mine");
  CHECK(s.result == outcome::timed);
  CHECK(s.clock == "cpu");
  CHECK((s.counts == work{8, 64}));
  CHECK(to_string(s.axes) == "length=8 threads=1");
  REQUIRE(s.warm);
  CHECK_FALSE(s.cold);
  CHECK(s.warm->samples.size() == 5);
  CHECK(s.warm->seconds == summary_of(s.warm->samples));
  CHECK(s.warm->seconds.min > 0);
  CHECK(s.warm->runs_per_sample > 10);  // eight numbers take less than the clock can tell
  CHECK_FALSE(s.warm->against);
  CHECK_FALSE(s.memory_bytes);
  CHECK(s.warm->loop_flops_per_second > 1e7);
}

TEST_CASE("contenders take turns, forwards and backwards", "[bench][runner]") {
  auto const calls = std::make_shared<std::vector<std::string>>();
  auto const b = doubling_benchmark({doubling("a", calls), doubling("b", calls), doubling("c", calls)});
  auto const states = runner<scripted_clock>(rounds(4)).run(b, at(b));
  using names = std::vector<std::string>;
  // three runs of each before, and one that tells how many a sample needs
  REQUIRE(calls->size() == 9 + 3 + 12);
  calls->erase(calls->begin(), calls->begin() + 12);
  CHECK(*calls == names{"a", "b", "c", "c", "b", "a", "a", "b", "c", "c", "b", "a"});
  CHECK(states.size() == 3);
}

TEST_CASE("ratios are those of samples taken in turns", "[bench][runner]") {
  auto const b = doubling_benchmark({doubling("a"), doubling("b")});
  scripted_clock clock;
  *clock.script = {1, 1, 1, 2, 6, 2, 3, 9};  // two to find the length of samples, then a b, b a, a b
  auto const states = runner<scripted_clock>(rounds(3), clock).run(b, at(b));
  REQUIRE(states.size() == 2);
  CHECK(states[0].warm->samples == std::vector<double>{1, 2, 3});
  CHECK(states[1].warm->samples == std::vector<double>{2, 6, 9});
  CHECK(states[0].clock == "script");
  CHECK_FALSE(states[0].warm->against);
  REQUIRE(states[1].warm->against);
  CHECK((*states[1].warm->against == ratio{3, 2.5, 3}));
}

TEST_CASE("short runs are repeated within a sample", "[bench][runner]") {
  auto const b = doubling_benchmark({doubling("a")});
  scripted_clock clock;
  *clock.script = {2.5e-5, 1e-3, 2e-3, 3e-3};  // a run takes a quarter of the least sample
  auto const s = runner<scripted_clock>(rounds(3), clock).run(b, at(b))[0];
  CHECK(s.warm->runs_per_sample == 4);
  CHECK(s.warm->samples == std::vector<double>{2.5e-4, 5e-4, 7.5e-4});
}

TEST_CASE("a wrong kernel is never timed", "[bench][runner]") {
  for (int const spoilt_from : {1, 3}) {  // from the first run on, and from where kept forms would be used
    auto const calls = std::make_shared<std::vector<std::string>>();
    auto const b = doubling_benchmark({doubling("right"), doubling("wrong", calls, spoilt_from)});
    auto const states = runner<>(rounds(3)).run(b, at(b));
    REQUIRE(states.size() == 2);
    CHECK(states[0].result == outcome::timed);
    CHECK(states[1].result == outcome::wrong);
    CHECK(states[1].reason == "element 0 is 3, wanted 2 within 1e-05 of the largest, 16");
    CHECK_FALSE(states[1].warm);
    CHECK(calls->size() == static_cast<std::size_t>(spoilt_from));
  }
}

TEST_CASE("one that cannot run is left out, the others are timed without it", "[bench][runner]") {
  auto const b = doubling_benchmark({incapable("never"), doubling("mine"), doubling("yours")});
  auto const states = runner<>(rounds(2)).run(b, at(b));
  REQUIRE(states.size() == 3);
  CHECK(states[0].result == outcome::skipped);
  CHECK(states[0].reason == "nothing is supported here");
  CHECK(states[1].warm);
  CHECK_FALSE(states[1].warm->against);  // the first contender is not there to compare with
  CHECK_FALSE(states[2].warm->against);
}

TEST_CASE("contenders are chosen by name", "[bench][runner]") {
  auto const b = doubling_benchmark({doubling("a"), doubling("b"), doubling("c")});
  runner<> const r(rounds(1));
  CHECK(r.run(b, at(b), {"b"}).size() == 1);
  CHECK(r.run(b, at(b), {"a", "c"})[1].contender == "c");
  CHECK(r.run(b, at(b)).size() == 3);
  CHECK(error_text([&] { r.run(b, at(b), {"a", "d"}); }) ==
        "bench: double has no contender 'd', wanted one of: a, b, c");
}

TEST_CASE("what is brought back before a run is not timed, and runs are not repeated then", "[bench][runner]") {
  struct counts {
    int before = 0, run = 0;
  };
  auto const seen = std::make_shared<counts>();
  contender_for<numbers> c = doubling("a");
  auto const prepare = c.prepare;
  c.prepare = [=](environment const& env, std::shared_ptr<numbers const> const& x) {
    runnable r = prepare(env, x);
    auto const run = r.run;
    r.before = [=] { ++seen->before; };
    r.run = [=] {
      ++seen->run;
      REQUIRE(seen->before == seen->run);
      run();
    };
    return r;
  };
  auto const b = doubling_benchmark({c});
  auto const s = runner<>(rounds(7)).run(b, at(b))[0];
  CHECK(s.warm->runs_per_sample == 1);
  CHECK(seen->run == 3 + 7);
}

TEST_CASE("cold caches are timed run by run", "[bench][runner]") {
  auto const b = doubling_benchmark({doubling("a"), doubling("b")});
  run_options o = rounds(2);
  o.warm = false;
  o.cold = true;
  auto const states = runner<>(o).run(b, at(b));
  CHECK_FALSE(states[0].warm);
  REQUIRE(states[0].cold);
  CHECK(states[0].cold->runs_per_sample == 1);
  CHECK(states[1].cold->against);
}

TEST_CASE("samples are taken until there are enough, and long enough", "[bench][runner]") {
  auto const b = doubling_benchmark({doubling("a")});
  run_options o = rounds(3);
  o.min_seconds = 7;
  CHECK(runner<scripted_clock>(o).run(b, at(b))[0].warm->samples.size() == 7);  // a second each
  o.most_rounds = 5;
  CHECK(runner<scripted_clock>(o).run(b, at(b))[0].warm->samples.size() == 5);
}

TEST_CASE("the most memory that a context held is told", "[bench][runner]") {
  contender_for<numbers> c{"pool", [](environment const& env, std::shared_ptr<numbers const> const& x) {
                             runnable r;
                             auto const ctx = env.ctx;
                             r.run = [ctx] { ctx->allocate(1 << 20); };
                             r.result = [x] {
                               numbers y = *x;
                               for (float& v : y) v *= 2;
                               return y;
                             };
                             r.memory = &ctx->memory();
                             return r;
                           }};
  auto const b = doubling_benchmark({c});
  auto const s = runner<>(rounds(1)).run(b, at(b))[0];
  REQUIRE(s.memory_bytes);
  CHECK(*s.memory_bytes >= 1 << 20);
  CHECK(*s.memory_bytes < 3 << 20);
}

TEST_CASE("options and work that make no sense are refused", "[bench][runner]") {
  CHECK(mentions(error_text([] { runner<> r(rounds(0)); }), "0 rounds"));
  run_options o;
  o.min_seconds = -1;
  CHECK(mentions(error_text([&] { check(o); }), "min_seconds"));
  o = {};
  o.warm = false;
  CHECK(mentions(error_text([&] { check(o); }), "neither warm nor cold"));
  auto b = doubling_benchmark({doubling("a")});
  b.count = [](setting const&) { return work{1, 1e18}; };
  CHECK(mentions(error_text([&] { runner<>(rounds(1)).run(b, at(b)); }), "double", "moves", "machine has"));
}

TEST_CASE("a setting's threads and instruction set reach the context", "[bench][runner]") {
  run_options o = rounds(1);
  o.instructions = fsis::instruction_set::portable;
  auto const b = doubling_benchmark({doubling("a")});
  setting s = at(b);
  s.set("threads", 3);
  auto const env = runner<>(o).environment_at(s);
  CHECK(env.ctx->threads() == 3);
  CHECK(env.ctx->instructions() == fsis::instruction_set::portable);
  auto const other = env.context_with(fsis::convolution_algorithm::direct);
  CHECK(other->threads() == 3);
  CHECK(other->convolutions() == fsis::convolution_algorithm::direct);
}

TEST_CASE("a clock is known by what it has", "[bench][clock]") {
  struct no_name {
    double seconds(std::function<void()> const&) const { return 0; }
  };
  struct no_seconds {
    static constexpr char const* name() { return ""; }
  };
  CHECK(fsis::bench::detail::is_clock<cpu_clock>::value);
  CHECK(fsis::bench::detail::is_clock<scripted_clock>::value);
  CHECK_FALSE(fsis::bench::detail::is_clock<no_name>::value);
  CHECK_FALSE(fsis::bench::detail::is_clock<no_seconds>::value);
  CHECK(cpu_clock().seconds([] {}) >= 0);
}
