// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

#include <cstddef>
#include <iterator>
#include <optional>
#include <string>

namespace fsis {
inline namespace v0 {
namespace io {

/// Element types that a safetensors file may declare. fsis reads values of f16, bf16, f32 and f64 and
/// writes f16, f32 and f64; the others are known by name and size, so that files holding them open.
enum class dtype {
  boolean, f4, f6_e2m3, f6_e3m2, u8, i8, f8_e5m2, f8_e4m3, f8_e8m0, f8_e4m3fnuz, f8_e5m2fnuz,
  i16, u16, f16, bf16, i32, u32, f32, c64, f64, i64, u64
};

namespace detail {

struct dtype_facts {
  char const* name;
  index_t bits;
};

// in the order of the enumeration
inline constexpr dtype_facts dtype_table[] = {
    {"BOOL", 8},    {"F4", 4},      {"F6_E2M3", 6}, {"F6_E3M2", 6},     {"U8", 8},          {"I8", 8},
    {"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8}, {"F8_E5M2FNUZ", 8}, {"I16", 16},
    {"U16", 16},    {"F16", 16},    {"BF16", 16},   {"I32", 32},        {"U32", 32},        {"F32", 32},
    {"C64", 64},    {"F64", 64},    {"I64", 64},    {"U64", 64}};

}  // namespace detail

/// The type's name in a file: "F32".
inline char const* name_of(dtype type) { return detail::dtype_table[static_cast<std::size_t>(type)].name; }

/// Bits of one element.
inline index_t bits_of(dtype type) { return detail::dtype_table[static_cast<std::size_t>(type)].bits; }

/// The type of that name, if there is one.
inline std::optional<dtype> dtype_named(std::string const& name) {
  for (std::size_t i = 0; i < std::size(detail::dtype_table); ++i)
    if (name == detail::dtype_table[i].name) return static_cast<dtype>(i);
  return std::nullopt;
}

}  // namespace io
}  // namespace v0
}  // namespace fsis
