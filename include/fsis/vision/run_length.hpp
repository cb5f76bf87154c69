// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/mask.hpp>
#include <fsis/core/math.hpp>
#include <fsis/core/shape.hpp>
#include <fsis/vision/check.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace vision {

/// A mask of two values, 0 and one other, packed for keeping many of them (the history of a session).
/// Stored as lengths of runs in reading order, background first, in as few bytes as each needs; where that
/// would be more than one bit per pixel (noise), as bits. So a mask never takes more than
/// `max_bytes(height, width)`, one bit per pixel; an object in a photo takes a few bytes per row.
class run_length_mask {
 public:
  run_length_mask() = default;

  /// Throws `value_error` on a 0x0 mask, or on two different nonzero values: a label map is not two-valued.
  explicit run_length_mask(mask const& m) : height_(m.height()), width_(m.width()) {
    detail::check_not_empty("run_length_mask", "mask", m);
    for (index_t i = 0; i < m.size(); ++i) {
      std::uint8_t const v = m.data()[i];
      if (v == 0) continue;
      if (value_ == 0) value_ = v;
      require<value_error>(v == value_, "run_length_mask: values ", int{value_}, " and ", int{v},
                           ", wanted a single nonzero value");
    }
    if (!pack_runs(m)) pack_bits(m);
    bytes_.shrink_to_fit();
  }

  index_t height() const { return height_; }
  index_t width() const { return width_; }
  bool empty() const { return height_ == 0; }

  /// Bytes held by the packed pixels.
  index_t bytes() const { return static_cast<index_t>(bytes_.size()); }

  /// What `bytes()` never exceeds.
  static index_t max_bytes(index_t height, index_t width) {
    return ceil_div(checked_product(height, width), 8);
  }

  /// The mask as it was given, byte for byte; the 0x0 mask from a default one.
  mask decode() const {
    if (empty()) return {};
    mask m = mask::blank(height_, width_);
    if (as_bits_) {
      for (index_t i = 0; i < m.size(); ++i)
        if (bytes_[static_cast<std::size_t>(i / 8)] >> (i % 8) & 1) m.data()[i] = value_;
      return m;
    }
    index_t at = 0, length = 0;
    int shift = 0;
    std::uint8_t now = 0;
    for (std::uint8_t b : bytes_) {
      length |= static_cast<index_t>(b & 127) << shift;
      shift += 7;
      if (b & 128) continue;
      std::fill(m.data() + at, m.data() + at + length, now);
      at += length;
      now = now ? 0 : value_;
      length = 0;
      shift = 0;
    }
    return m;
  }

  friend bool operator==(run_length_mask const& a, run_length_mask const& b) {
    return a.height_ == b.height_ && a.width_ == b.width_ && a.value_ == b.value_ && a.bytes_ == b.bytes_;
  }
  friend bool operator!=(run_length_mask const& a, run_length_mask const& b) { return !(a == b); }

 private:
  /// Seven bits of a length per byte, low ones first; the high bit says that more follow. A last run of
  /// background is not written. False, with nothing kept, where bits are shorter.
  bool pack_runs(mask const& m) {
    index_t const limit = max_bytes(height_, width_);
    std::uint8_t const* const end = m.data() + m.size();
    std::uint8_t now = 0;
    for (std::uint8_t const* from = m.data(); from != end;) {
      std::uint8_t const* to = from;
      while (to != end && *to == now) ++to;
      if (to == end && now == 0) break;
      index_t length = to - from;
      do {
        bytes_.push_back(static_cast<std::uint8_t>((length & 127) | (length > 127 ? 128 : 0)));
        length >>= 7;
      } while (length > 0);
      if (bytes() > limit) {
        bytes_.clear();
        return false;
      }
      from = to;
      now = now ? 0 : value_;
    }
    return true;
  }

  void pack_bits(mask const& m) {
    as_bits_ = true;
    bytes_.assign(static_cast<std::size_t>(max_bytes(height_, width_)), 0);
    for (index_t i = 0; i < m.size(); ++i)
      if (m.data()[i])
        bytes_[static_cast<std::size_t>(i / 8)] |= static_cast<std::uint8_t>(1 << (i % 8));
  }

  std::vector<std::uint8_t> bytes_;
  index_t height_ = 0, width_ = 0;
  std::uint8_t value_ = 0;
  bool as_bits_ = false;
};

}  // namespace vision
}  // namespace v0
}  // namespace fsis
