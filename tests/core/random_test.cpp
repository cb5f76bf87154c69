// SPDX-License-Identifier: MIT
#include <fsis/core/random.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

using namespace fsis;

namespace {

using words = std::vector<std::uint32_t>;

words block_at(std::uint64_t seed, std::uint64_t stream, std::uint64_t counter) {
  auto const b = philox::at(seed, stream, counter);
  return words(std::begin(b.word), std::end(b.word));
}

}  // namespace

// The known answers published with Random123 for philox4x32-10: counter words 0 to 3, key words 0 and 1.
TEST_CASE("Philox gives the published words") {
  CHECK(block_at(0, 0, 0) == words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  std::uint64_t const ones = ~std::uint64_t{0};
  CHECK(block_at(ones, ones, ones) == words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(block_at(0x299f31d0a4093822, 0x0370734413198a2e, 0x85a308d3243f6a88) ==
        words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a stream draws the blocks in order and copies with its place") {
  random_stream a(7, 3);
  words drawn;
  for (int i = 0; i < 6; ++i) drawn.push_back(a.bits());
  words expected = block_at(7, 3, 0);
  words const second = block_at(7, 3, 1);
  expected.insert(expected.end(), second.begin(), second.begin() + 2);
  CHECK(drawn == expected);

  random_stream b = a;
  CHECK(a.bits() == second[2]);
  CHECK(b.bits() == second[2]);
}

TEST_CASE("seeds and streams differ") {
  CHECK(random_stream(1).bits() != random_stream(2).bits());
  CHECK(random_stream(1, 0).bits() != random_stream(1, 1).bits());
  CHECK(random_stream(1).bits() == random_stream(1, 0).bits());
}

TEST_CASE("uniform draws fill [0, 1) evenly") {
  random_stream r(42);
  int const n = 20000;
  double sum = 0, squares = 0, low = 1, high = 0;
  for (int i = 0; i < n; ++i) {
    double const u = r.uniform();
    sum += u;
    squares += u * u;
    low = std::min(low, u);
    high = std::max(high, u);
  }
  CHECK(low >= 0);
  CHECK(high < 1);
  // five standard deviations of the mean and of the mean square
  CHECK_NEAR(sum / n, 0.5, 5 * std::sqrt(1.0 / 12 / n));
  CHECK_NEAR(squares / n, 1.0 / 3, 5 * std::sqrt(4.0 / 45 / n));
  double const scaled = random_stream(1).uniform(-3, 5);
  CHECK_NEAR(scaled, -3 + 8 * random_stream(1).uniform(), 0);
}

TEST_CASE("whole numbers stay in range and all occur") {
  random_stream r(5);
  std::vector<int> seen(7);
  for (int i = 0; i < 7000; ++i) {
    index_t const k = r.below(7);
    REQUIRE(k >= 0);
    REQUIRE(k < 7);
    ++seen[static_cast<std::size_t>(k)];
  }
  for (int count : seen) CHECK_NEAR(count, 1000, 5 * std::sqrt(7000 * (1.0 / 7) * (6.0 / 7)));
  CHECK(r.below(1) == 0);
}

TEST_CASE("chances and normal draws have their moments") {
  random_stream r(11);
  int const n = 20000;
  int hits = 0;
  double sum = 0, squares = 0;
  for (int i = 0; i < n; ++i) {
    hits += r.chance(0.3);
    double const z = r.normal();
    REQUIRE(std::isfinite(z));
    sum += z;
    squares += z * z;
  }
  CHECK_NEAR(hits, 0.3 * n, 5 * std::sqrt(0.21 * n));
  CHECK_NEAR(sum / n, 0, 5 / std::sqrt(n));
  CHECK_NEAR(squares / n, 1, 5 * std::sqrt(2.0 / n));
  CHECK_FALSE(r.chance(0));
  CHECK(r.chance(1));
}

TEST_CASE("shuffle permutes, every place alike") {
  random_stream r(3);
  int first_is_zero = 0;
  for (int round = 0; round < 2000; ++round) {
    std::vector<int> x = {0, 1, 2, 3};
    r.shuffle(x);
    first_is_zero += x[0] == 0;
    std::sort(x.begin(), x.end());
    REQUIRE(x == std::vector<int>{0, 1, 2, 3});
  }
  CHECK_NEAR(first_is_zero, 500, 5 * std::sqrt(2000 * 0.25 * 0.75));
  std::vector<int> nothing;
  r.shuffle(nothing);
  CHECK(nothing.empty());
}
