// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

#include <cstring>
#include <type_traits>

namespace fsis {
inline namespace v0 {

/// Bits of the IEEE 754 binary16 number nearest to `x`, ties to even, rounded once also from double.
/// What exceeds 65504 by half a unit or more becomes an infinity; a NaN stays a NaN and keeps its sign
/// and the leading ten bits of its payload.
template <class T>
FSIS_HD std::uint16_t to_half(T x) {
  static_assert(std::is_same<T, float>::value || std::is_same<T, double>::value,
                "convert to float or double first");
  using bits_t = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  constexpr int fraction_bits = sizeof(T) == 4 ? 23 : 52;
  constexpr int bias = sizeof(T) == 4 ? 127 : 1023;

  bits_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  auto const sign = static_cast<std::uint16_t>((bits >> (8 * sizeof(T) - 1)) << 15);
  int const stored = static_cast<int>((bits >> fraction_bits) & static_cast<bits_t>(2 * bias + 1));
  bits_t const fraction = bits & ((bits_t{1} << fraction_bits) - 1);

  if (stored == 2 * bias + 1) {
    auto payload = static_cast<std::uint16_t>(fraction >> (fraction_bits - 10));
    // a payload whose leading bits are all zero would read as an infinity
    if (fraction != 0 && payload == 0) payload = 0x200;
    return static_cast<std::uint16_t>(sign | 0x7C00 | payload);
  }
  int const exponent = stored - bias + 15;
  if (exponent > 30) return static_cast<std::uint16_t>(sign | 0x7C00);

  // below the normal range one more bit is dropped for every power of two
  int const dropped = fraction_bits - 10 + (exponent > 0 ? 0 : 1 - exponent);
  if (dropped > fraction_bits + 1) return sign;
  bits_t const significand = fraction | (stored != 0 ? bits_t{1} << fraction_bits : bits_t{0});
  bits_t const rest = significand & ((bits_t{1} << dropped) - 1);
  bits_t const tie = bits_t{1} << (dropped - 1);
  auto magnitude = static_cast<std::uint32_t>(significand >> dropped);
  // the leading one of a normal number adds the last unit of the exponent, and so does a carry
  if (exponent > 0) magnitude += static_cast<std::uint32_t>(exponent - 1) << 10;
  if (rest > tie || (rest == tie && (magnitude & 1) != 0)) ++magnitude;
  return static_cast<std::uint16_t>(sign | magnitude);
}

/// The number that IEEE 754 binary16 bits stand for, exactly.
FSIS_HD inline float from_half(std::uint16_t half) {
  std::uint32_t const sign = static_cast<std::uint32_t>(half & 0x8000) << 16;
  std::uint32_t exponent = (half >> 10) & 0x1F;
  std::uint32_t fraction = half & 0x3FF;
  std::uint32_t bits = sign;
  if (exponent == 31) {
    bits |= 0x7F800000u | fraction << 13;
  } else if (exponent != 0) {
    bits |= (exponent + 112) << 23 | fraction << 13;
  } else if (fraction != 0) {
    exponent = 113;
    for (; (fraction & 0x400) == 0; fraction <<= 1) --exponent;
    bits |= exponent << 23 | (fraction & 0x3FF) << 13;
  }
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

/// Bits of the bfloat16 number nearest to `x`, ties to even. A NaN stays a NaN.
FSIS_HD inline std::uint16_t to_bfloat16(float x) {
  std::uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  if (x != x) return static_cast<std::uint16_t>(bits >> 16 | 0x40);  // the payload's last bits may have been all
  return static_cast<std::uint16_t>((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

/// The number that bfloat16 bits (the upper half of a float) stand for, exactly.
FSIS_HD inline float from_bfloat16(std::uint16_t upper) {
  std::uint32_t const bits = static_cast<std::uint32_t>(upper) << 16;
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

}  // namespace v0
}  // namespace fsis
