// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

#include <cstdint>
#include <cstring>
#include <type_traits>

namespace fsis {
inline namespace v0 {
namespace io {

/// Order of the bytes of a number in a file, whatever the order of the machine.
enum class byte_order { little, big };

namespace detail {
template <std::size_t Size>
using unsigned_of_size =
    std::conditional_t<Size == 1, std::uint8_t,
                       std::conditional_t<Size == 2, std::uint16_t,
                                          std::conditional_t<Size == 4, std::uint32_t, std::uint64_t>>>;
}  // namespace detail

/// A number of type T from sizeof(T) bytes at any address.
template <class T>
T load(std::uint8_t const* from, byte_order order = byte_order::little) {
  static_assert(std::is_arithmetic<T>::value, "only numbers are stored as bytes");
  using bits_t = detail::unsigned_of_size<sizeof(T)>;
  std::uint64_t wide = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    std::size_t const place = order == byte_order::little ? i : sizeof(T) - 1 - i;
    wide |= static_cast<std::uint64_t>(from[i]) << (8 * place);
  }
  auto const bits = static_cast<bits_t>(wide);
  T value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/// Writes a number as sizeof(T) bytes at any address.
template <class T>
void store(T value, std::uint8_t* to, byte_order order = byte_order::little) {
  static_assert(std::is_arithmetic<T>::value, "only numbers are stored as bytes");
  detail::unsigned_of_size<sizeof(T)> bits;
  std::memcpy(&bits, &value, sizeof value);
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    std::size_t const place = order == byte_order::little ? i : sizeof(T) - 1 - i;
    to[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(bits) >> (8 * place));
  }
}

}  // namespace io
}  // namespace v0
}  // namespace fsis
