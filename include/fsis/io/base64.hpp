// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace io {

/// Bytes as text (RFC 4648, section 4), for pictures inside of pages.
inline std::string base64(std::vector<std::uint8_t> const& bytes) {
  static constexpr char const* digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::size_t const count = bytes.size() - i < 3 ? bytes.size() - i : 3;
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < count ? bytes[i + k] : 0u);
    for (std::size_t k = 0; k < 4; ++k) out += k <= count ? digits[group >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

}  // namespace io
}  // namespace v0
}  // namespace fsis
