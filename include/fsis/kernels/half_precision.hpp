// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/math.hpp>

#include <cstring>

namespace fsis {
inline namespace v0 {
namespace kernels {

// Floats in sixteen bits, rounded to the nearest, to even where two are as near, by integers alone: the same bits on
// every device. A NaN stays one.

FSIS_HD inline std::uint32_t bits_of(float x) {
  std::uint32_t b;
  memcpy(&b, &x, sizeof b);
  return b;
}
FSIS_HD inline float float_of(std::uint32_t b) {
  float x;
  memcpy(&x, &b, sizeof x);
  return x;
}

/// The upper half of a float: eight bits of exponent, seven of fraction.
FSIS_HD inline std::uint16_t bf16_of(float x) {
  std::uint32_t const b = bits_of(x);
  if (x != x) return static_cast<std::uint16_t>(b >> 16 | 0x40u);
  return static_cast<std::uint16_t>((b + 0x7fffu + (b >> 16 & 1u)) >> 16);
}
FSIS_HD inline float float_of_bf16(std::uint16_t h) { return float_of(static_cast<std::uint32_t>(h) << 16); }

/// IEEE 754 binary16: five bits of exponent, ten of fraction. What is too large becomes infinite.
FSIS_HD inline std::uint16_t fp16_of(float x) {
  std::uint32_t const b = bits_of(x), sign = b >> 16 & 0x8000u, size = b & 0x7fffffffu;
  if (x != x) return static_cast<std::uint16_t>(sign | 0x7e00u);
  if (size >= 0x477ff000u) return static_cast<std::uint16_t>(sign | 0x7c00u);  // 65520 and more
  if (size < 0x38800000u) {
    // below the smallest normal number: a sum with 1/2 leaves its multiples of 2^-24 in the last bits
    std::uint32_t const rounded = bits_of(float_of(size) + 0.5f) - bits_of(0.5f);
    return static_cast<std::uint16_t>(sign | rounded);
  }
  return static_cast<std::uint16_t>(sign | (size - 0x38000000u + 0xfffu + (size >> 13 & 1u)) >> 13);
}
FSIS_HD inline float float_of_fp16(std::uint16_t h) {
  std::uint32_t const sign = static_cast<std::uint32_t>(h & 0x8000u) << 16, size = h & 0x7fffu;
  if (size >= 0x7c00u) return float_of(sign | 0x7f800000u | size << 13);
  if (size < 0x400u) {
    float const small = static_cast<float>(size) * (1.0f / 16777216.0f);  // multiples of 2^-24
    return float_of(sign | bits_of(small));
  }
  return float_of(sign | ((size << 13) + 0x38000000u));
}

struct to_bf16 {
  std::uint16_t* out;
  float const* x;
  FSIS_HD void operator()(index_t i) const { out[i] = bf16_of(x[i]); }
};
struct from_bf16 {
  float* out;
  std::uint16_t const* x;
  FSIS_HD void operator()(index_t i) const { out[i] = float_of_bf16(x[i]); }
};
struct to_fp16 {
  std::uint16_t* out;
  float const* x;
  FSIS_HD void operator()(index_t i) const { out[i] = fp16_of(x[i]); }
};
struct from_fp16 {
  float* out;
  std::uint16_t const* x;
  FSIS_HD void operator()(index_t i) const { out[i] = float_of_fp16(x[i]); }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
