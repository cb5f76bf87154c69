// SPDX-License-Identifier: MIT
#include <fsis/core/half.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <cstring>
#include <limits>

namespace {

// The definition, without bits: (-1)^s 2^(e-15) (1 + f/1024), and 2^-14 f/1024 for e = 0.
double value_of(unsigned half) {
  double const sign = (half & 0x8000u) != 0 ? -1.0 : 1.0;
  int const e = static_cast<int>((half >> 10) & 31u);
  double const f = (half & 1023u) / 1024.0;
  return sign * (e == 0 ? std::ldexp(f, -14) : std::ldexp(1.0 + f, e - 15));
}

}  // namespace

TEST_CASE("every half is read as defined and comes back from float and double", "[half]") {
  int finite = 0, infinite = 0, not_a_number = 0, wrong = 0;
  for (unsigned h = 0; h < 65536; ++h) {
    auto const bits = static_cast<std::uint16_t>(h);
    float const x = fsis::from_half(bits);
    if ((h & 0x7C00u) != 0x7C00u) {
      ++finite;
      wrong += !(static_cast<double>(x) == value_of(h)) || std::signbit(x) != ((h & 0x8000u) != 0);
    } else if ((h & 0x3FFu) == 0) {
      ++infinite;
      wrong += !std::isinf(x) || std::signbit(x) != ((h & 0x8000u) != 0);
    } else {
      ++not_a_number;
      wrong += !std::isnan(x) || std::signbit(x) != ((h & 0x8000u) != 0);
    }
    // a machine may set the quiet bit (0x200) of a NaN on the way
    unsigned const quiet = std::isnan(x) ? 0x200u : 0u;
    wrong += (fsis::to_half(x) | quiet) != (h | quiet);
    wrong += (fsis::to_half(static_cast<double>(x)) | quiet) != (h | quiet);
  }
  CHECK(wrong == 0);
  CHECK(finite == 63488);
  CHECK(infinite == 2);
  CHECK(not_a_number == 2046);
}

TEST_CASE("between neighbouring halves the nearer wins and the tie goes to the even one", "[half]") {
  int wrong = 0;
  for (unsigned h = 0; h < 0x7BFFu; ++h) {
    double const low = value_of(h), high = value_of(h + 1), middle = 0.5 * (low + high);
    unsigned const even = (h & 1u) == 0 ? h : h + 1;
    auto const below = static_cast<float>(middle), step = std::numeric_limits<float>::infinity();
    wrong += fsis::to_half(below) != even;
    wrong += fsis::to_half(middle) != even;
    wrong += fsis::to_half(-middle) != (even | 0x8000u);
    wrong += fsis::to_half(std::nextafter(below, -step)) != h;
    wrong += fsis::to_half(std::nextafter(below, step)) != h + 1;
    wrong += fsis::to_half(std::nextafter(middle, -1.0)) != h;
    wrong += fsis::to_half(std::nextafter(middle, 1e9)) != h + 1;
  }
  CHECK(wrong == 0);
}

TEST_CASE("what exceeds the range of half becomes an infinity, what is too small a zero of its sign",
          "[half]") {
  CHECK(fsis::to_half(65504.0f) == 0x7BFF);
  CHECK(fsis::to_half(65519.996f) == 0x7BFF);
  CHECK(fsis::to_half(65520.0f) == 0x7C00);
  CHECK(fsis::to_half(-65520.0) == 0xFC00);
  CHECK(fsis::to_half(std::numeric_limits<float>::max()) == 0x7C00);
  CHECK(fsis::to_half(std::numeric_limits<double>::max()) == 0x7C00);
  CHECK(fsis::to_half(-std::numeric_limits<double>::infinity()) == 0xFC00);
  CHECK(fsis::to_half(std::ldexp(1.0f, -24)) == 1);
  CHECK(fsis::to_half(std::ldexp(1.0f, -25)) == 0);
  CHECK(fsis::to_half(-std::ldexp(1.0, -26)) == 0x8000);
  CHECK(fsis::to_half(std::numeric_limits<float>::denorm_min()) == 0);
  CHECK(fsis::to_half(-std::numeric_limits<double>::denorm_min()) == 0x8000);
}

TEST_CASE("double is rounded once, not by way of float", "[half]") {
  // 1 + 2^-11 is the tie between 1 and 1 + 2^-10; 2^-40 beyond it is lost in a float
  double const x = 1.0 + std::ldexp(1.0, -11) + std::ldexp(1.0, -40);
  CHECK(fsis::to_half(x) == 0x3C01);
  CHECK(fsis::to_half(static_cast<float>(x)) == 0x3C00);
}

TEST_CASE("a NaN whose payload lies below the ten leading bits stays a NaN", "[half]") {
  std::uint32_t const bits = 0x7F800001u;
  float x;
  std::memcpy(&x, &bits, sizeof x);
  CHECK(std::isnan(fsis::from_half(fsis::to_half(x))));
}

TEST_CASE("bfloat16 is the upper half of a float", "[half]") {
  CHECK(fsis::from_bfloat16(0x3F80) == 1.0f);
  CHECK(fsis::from_bfloat16(0xC2F7) == -123.5f);
  CHECK(std::isinf(fsis::from_bfloat16(0x7F80)));
  CHECK(std::isnan(fsis::from_bfloat16(0x7FC0)));
}

TEST_CASE("to_bfloat16 rounds to the nearest, ties to even, and brings every number back") {
  CHECK(fsis::to_bfloat16(1.0f + 1.0f / 256) == 0x3F80);  // half way
  CHECK(fsis::to_bfloat16(1.0f + 3.0f / 256) == 0x3F82);
  CHECK(fsis::to_bfloat16(-0.0f) == 0x8000);
  CHECK(fsis::to_bfloat16(3.4e38f) == 0x7F80);  // beyond the largest
  float const nan_of_last_bits = [] {
    std::uint32_t const bits = 0x7F800001;
    float x;
    std::memcpy(&x, &bits, sizeof x);
    return x;
  }();
  CHECK(std::isnan(fsis::from_bfloat16(fsis::to_bfloat16(nan_of_last_bits))));
  for (std::uint32_t b = 0; b < 0x10000; ++b) {
    float const x = fsis::from_bfloat16(static_cast<std::uint16_t>(b));
    if (!std::isnan(x)) REQUIRE(fsis::to_bfloat16(x) == b);
  }
}
