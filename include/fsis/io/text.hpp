// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

#include <cstddef>
#include <string>

namespace fsis {
inline namespace v0 {
namespace io {

/// Bytes of the longest prefix that is well-formed UTF-8 (Unicode, table 3-7: no overlong forms, no
/// surrogates, nothing above U+10FFFF). Equal to `count` when all of it is.
inline std::size_t utf8_prefix(char const* text, std::size_t count) {
  auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  std::size_t at = 0;
  while (at < count) {
    unsigned const lead = byte(at);
    if (lead < 0x80) {
      ++at;
      continue;
    }
    std::size_t const length = lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3 : 4;
    if (lead < 0xC2 || lead > 0xF4 || count - at < length) return at;
    unsigned const second = byte(at + 1);
    unsigned const low = lead == 0xE0 ? 0xA0u : lead == 0xF0 ? 0x90u : 0x80u;
    unsigned const high = lead == 0xED ? 0x9Fu : lead == 0xF4 ? 0x8Fu : 0xBFu;
    if (second < low || second > high) return at;
    for (std::size_t i = 2; i < length; ++i)
      if ((byte(at + i) & 0xC0u) != 0x80u) return at;
    at += length;
  }
  return at;
}

/// A name from a file as it may stand in a message: in quotes, control characters and what is not UTF-8
/// as '?', at most `max_bytes` of it.
inline std::string shown(std::string const& name, std::size_t max_bytes = 120) {
  std::size_t count = name.size();
  if (count > max_bytes) {
    count = max_bytes;
    while (count > 0 && (static_cast<unsigned char>(name[count]) & 0xC0u) == 0x80u) --count;
  }
  std::string out = "'";
  std::size_t valid_until = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (i >= valid_until) valid_until = i + utf8_prefix(name.data() + i, count - i);
    auto const c = static_cast<unsigned char>(name[i]);
    out += i >= valid_until || c < 0x20 || c == 0x7F ? '?' : name[i];
  }
  return out + (count < name.size() ? "...'" : "'");
}

/// A string as JSON text, with its quotes. What is not UTF-8 is replaced by U+FFFD, byte by byte.
inline std::string json_quoted(std::string const& text) {
  static constexpr char hex[] = "0123456789abcdef";
  std::string out = "\"";
  std::size_t valid_until = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i >= valid_until) valid_until = i + utf8_prefix(text.data() + i, text.size() - i);
    auto const c = static_cast<unsigned char>(text[i]);
    if (i >= valid_until) {
      out += "\xEF\xBF\xBD";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += text[i];
    } else if (c == '\n') {
      out += "\\n";
    } else if (c < 0x20) {
      out += "\\u00";
      out += hex[c >> 4];
      out += hex[c & 15];
    } else {
      out += text[i];
    }
  }
  return out + '"';
}

}  // namespace io
}  // namespace v0
}  // namespace fsis
