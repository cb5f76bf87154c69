// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/io/bytes.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace fsis_test {

/// Kinds of pixels, as numbered in a PNG header.
enum class png_kind : std::uint8_t { grey = 0, rgb = 2, palette = 3, grey_alpha = 4, rgba = 6 };

/// Puts PNG files together from their chunks, without libpng: rows unfiltered, data uncompressed.
class png_maker {
 public:
  png_maker(std::uint32_t height, std::uint32_t width, png_kind kind, int depth, int interlace = 0)
      : bytes_{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'} {
    std::vector<std::uint8_t> header(13);
    fsis::io::store(width, &header[0], fsis::io::byte_order::big);
    fsis::io::store(height, &header[4], fsis::io::byte_order::big);
    header[8] = static_cast<std::uint8_t>(depth);
    header[9] = static_cast<std::uint8_t>(kind);
    header[12] = static_cast<std::uint8_t>(interlace);
    chunk("IHDR", header);
  }

  png_maker& chunk(std::string const& name, std::vector<std::uint8_t> const& content) {
    std::size_t const begin = bytes_.size();
    put(static_cast<std::uint32_t>(content.size()));
    bytes_.insert(bytes_.end(), name.begin(), name.end());
    bytes_.insert(bytes_.end(), content.begin(), content.end());
    put(crc(&bytes_[begin + 4], bytes_.size() - begin - 4));
    return *this;
  }

  /// Rows of packed samples, one after the other.
  png_maker& rows(std::vector<std::vector<std::uint8_t>> const& rows) {
    std::vector<std::uint8_t> raw;
    for (auto const& row : rows) {
      raw.push_back(0);
      raw.insert(raw.end(), row.begin(), row.end());
    }
    return chunk("IDAT", stored(raw));
  }

  std::vector<std::uint8_t> end() {
    chunk("IEND", {});
    return bytes_;
  }

  /// What was put together so far.
  std::vector<std::uint8_t> const& bytes() const { return bytes_; }

  static std::uint32_t crc(std::uint8_t const* data, std::size_t count) {
    std::uint32_t c = 0xFFFFFFFFu;
    for (std::size_t i = 0; i < count; ++i) {
      c ^= data[i];
      for (int bit = 0; bit < 8; ++bit) c = (c >> 1) ^ ((c & 1u) != 0 ? 0xEDB88320u : 0u);
    }
    return ~c;
  }

 private:
  void put(std::uint32_t n) {
    bytes_.resize(bytes_.size() + 4);
    fsis::io::store(n, &bytes_[bytes_.size() - 4], fsis::io::byte_order::big);
  }

  // a zlib stream of one stored block
  static std::vector<std::uint8_t> stored(std::vector<std::uint8_t> const& raw) {
    auto const count = static_cast<std::uint16_t>(raw.size());
    std::vector<std::uint8_t> out = {0x78, 0x01, 1, 0, 0, 0, 0};
    fsis::io::store(count, &out[3]);
    fsis::io::store(static_cast<std::uint16_t>(~count), &out[5]);
    out.insert(out.end(), raw.begin(), raw.end());
    std::uint32_t a = 1, b = 0;
    for (std::uint8_t byte : raw) {
      a = (a + byte) % 65521;
      b = (b + a) % 65521;
    }
    out.resize(out.size() + 4);
    fsis::io::store(b << 16 | a, &out[out.size() - 4], fsis::io::byte_order::big);
    return out;
  }

  std::vector<std::uint8_t> bytes_;
};

}  // namespace fsis_test
