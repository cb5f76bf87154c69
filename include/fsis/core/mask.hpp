// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/core/error.hpp>
#include <fsis/core/shape.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace fsis {
inline namespace v0 {

/// Owned map of one byte per pixel, rows packed. As a mask, nonzero is object; as a label map, the byte
/// is the label and `mask::void_label` is neither object nor background.
class mask {
 public:
  static constexpr std::uint8_t void_label = 255;

  mask() = default;

  /// Copies height * width packed bytes. Throws `value_error` on null data or an empty size.
  mask(std::uint8_t const* data, index_t height, index_t width) : mask(blank(height, width)) {
    require<value_error>(data != nullptr, "mask: null data for a mask of ", height, "x", width);
    std::copy(data, data + size(), bytes_.begin());
  }

  /// A mask filled with one value.
  static mask blank(index_t height, index_t width, std::uint8_t value = 0) {
    require<value_error>(height > 0 && width > 0, "mask: size ", height, "x", width, ", both must be positive");
    mask out;
    out.height_ = height;
    out.width_ = width;
    out.bytes_.assign(static_cast<std::size_t>(checked_product(height, width)), value);
    return out;
  }

  index_t height() const { return height_; }
  index_t width() const { return width_; }
  index_t size() const { return static_cast<index_t>(bytes_.size()); }
  bool empty() const { return bytes_.empty(); }
  std::uint8_t const* data() const { return bytes_.data(); }
  std::uint8_t* data() { return bytes_.data(); }

  std::uint8_t operator()(index_t y, index_t x) const { return bytes_[at(y, x)]; }
  std::uint8_t& operator()(index_t y, index_t x) { return bytes_[at(y, x)]; }

  /// Number of nonzero pixels.
  index_t count() const {
    return static_cast<index_t>(bytes_.size()) -
           static_cast<index_t>(std::count(bytes_.begin(), bytes_.end(), std::uint8_t{0}));
  }

  friend bool operator==(mask const& a, mask const& b) {
    return a.height_ == b.height_ && a.width_ == b.width_ && a.bytes_ == b.bytes_;
  }
  friend bool operator!=(mask const& a, mask const& b) { return !(a == b); }

 private:
  std::size_t at(index_t y, index_t x) const { return static_cast<std::size_t>(y * width_ + x); }

  std::vector<std::uint8_t> bytes_;
  index_t height_ = 0, width_ = 0;
};

}  // namespace v0
}  // namespace fsis
