// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

#include <cmath>
#include <cstring>
#include <type_traits>

namespace fsis {
inline namespace v0 {

// std::min, std::max and std::clamp are host-only functions under nvcc without extra flags.

template <class T>
FSIS_HD constexpr T hd_min(T a, T b) { return b < a ? b : a; }

template <class T>
FSIS_HD constexpr T hd_max(T a, T b) { return a < b ? b : a; }

template <class T>
FSIS_HD constexpr T hd_clamp(T x, T low, T high) { return x < low ? low : (high < x ? high : x); }

/// The integer of the size of T.
template <class T>
using bits_of = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;

/// c ? a : b for numbers, with both computed. What a branch would leave out keeps a compiler from making vectors: it
/// must not let a product that nobody asked for raise a floating-point exception.
template <class T>
FSIS_HD inline T hd_select(bool c, T a, T b) {
  static_assert(std::is_arithmetic<T>::value && (sizeof(T) == 4 || sizeof(T) == 8), "numbers of 32 or 64 bits");
  using bits = bits_of<T>;
  bits x, y;
  std::memcpy(&x, &a, sizeof x);
  std::memcpy(&y, &b, sizeof y);
  bits const mask = -static_cast<bits>(c), z = (x & mask) | (y & ~mask);
  T result;
  std::memcpy(&result, &z, sizeof result);
  return result;
}

/// ceil(a / b) for a >= 0, b > 0.
FSIS_HD constexpr index_t ceil_div(index_t a, index_t b) { return (a + b - 1) / b; }

}  // namespace v0
}  // namespace fsis
