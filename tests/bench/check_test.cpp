// SPDX-License-Identifier: MIT
#include <fsis/bench/check.hpp>

#include <support/catch.hpp>

#include <limits>
#include <set>

using namespace fsis::bench;

TEST_CASE("a result near enough passes, one that is not is named with numbers", "[bench][check]") {
  expectation const e = expect_all({1, -8, 3}, 0.01);  // within 0.08
  CHECK(fault_of({1, -8, 3}, e) == "");
  CHECK(fault_of({1.07f, -8.07f, 2.93f}, e) == "");
  CHECK(fault_of({1, -8, 3.5f}, e) == "element 2 is 3.5, wanted 3 within 0.01 of the largest, 8");
  CHECK(fault_of({1, 8, 3}, e) != "");
}

TEST_CASE("not a number, a short result and no expectation are faults", "[bench][check]") {
  float const nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(mentions(fault_of({nan}, expect_all({0})), "element 0 is nan"));
  CHECK(mentions(fault_of({1}, expect_all({static_cast<double>(nan)})), "wanted nan"));
  CHECK(fault_of({1, 2}, expect_all({1, 2, 3})) == "the result has 2 elements, wanted one at 2");
  CHECK(mentions(fault_of({1, 2}, expectation{}), "nothing"));
}

TEST_CASE("exact is exact, also where all is 0", "[bench][check]") {
  CHECK(fault_of({0, 0}, expect_all({0, 0}, 0)) == "");
  CHECK(fault_of({0, 1e-30f}, expect_all({0, 0}, 0)) != "");
  CHECK(fault_of({0, 1e-30f}, expect_all({0, 0}, 1)) != "");
}

TEST_CASE("some elements are spread over all of a result", "[bench][check]") {
  auto const e = expect_some(100000, [](fsis::index_t i) { return 2 * i; }, 1e-3, 100);
  REQUIRE(e.probes.size() == 100);
  CHECK(e.tolerance == 1e-3);
  CHECK(e.probes.front().at == 0);
  CHECK(e.probes.back().at == 99999);
  std::set<fsis::index_t> parts;
  for (probe const& p : e.probes) {
    CHECK(p.wanted == static_cast<double>(2 * p.at));
    parts.insert(p.at / 1000);
  }
  CHECK(parts.size() == 100);
  auto const few = expect_some(3, [](fsis::index_t i) { return i; });
  REQUIRE(few.probes.size() == 3);
  CHECK(few.probes[1].at == 1);
}
