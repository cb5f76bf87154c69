// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/core/error.hpp>
#include <fsis/core/shape.hpp>

#include <cstdint>
#include <vector>

namespace fsis {
inline namespace v0 {

/// Order of the bytes of one pixel in memory. `grey` has one channel and is read as R = G = B.
enum class channel_order { rgb, bgr, rgba, bgra, grey };

/// Bytes per pixel of a channel order.
inline index_t channels_of(channel_order order) {
  switch (order) {
    case channel_order::rgb:
    case channel_order::bgr: return 3;
    case channel_order::rgba:
    case channel_order::bgra: return 4;
    case channel_order::grey: return 1;
  }
  fail<value_error>("image: unknown channel order ", static_cast<int>(order));
}

/// Borrowed 8-bit picture: interleaved pixels, rows `row_bytes` apart. Copies nothing; the memory must
/// outlive the view. Fits `cv::Mat` as `image_view(m.data, m.rows, m.cols, m.step, channel_order::bgr)`.
class image_view {
 public:
  /// Throws `value_error` on null data, an empty picture, or rows that overlap.
  image_view(std::uint8_t const* data, index_t height, index_t width, index_t row_bytes,
             channel_order order = channel_order::rgb)
      : data_(data), height_(height), width_(width), row_bytes_(row_bytes), order_(order) {
    require<value_error>(height > 0 && width > 0, "image: size ", height, "x", width,
                         " (height x width), both must be positive");
    require<value_error>(data != nullptr, "image: null pixels for a picture of ", height, "x", width);
    index_t const needed = checked_product(width, channels_of(order));
    require<value_error>(row_bytes >= needed, "image: rows are ", row_bytes, " bytes apart, a row of ", width,
                         " pixels needs ", needed);
  }

  index_t height() const { return height_; }
  index_t width() const { return width_; }
  channel_order order() const { return order_; }

  /// Red (0), green (1) or blue (2) of a pixel, whatever the order in memory.
  std::uint8_t operator()(index_t y, index_t x, index_t channel) const {
    return pixel(y, x)[offset_of(channel)];
  }

  std::uint8_t const* pixel(index_t y, index_t x) const {
    return data_ + y * row_bytes_ + x * channels_of(order_);
  }

  /// Position of red (0), green (1) or blue (2) inside a pixel.
  index_t offset_of(index_t channel) const {
    if (order_ == channel_order::grey) return 0;
    bool const reversed = order_ == channel_order::bgr || order_ == channel_order::bgra;
    return reversed ? 2 - channel : channel;
  }

 private:
  std::uint8_t const* data_;
  index_t height_, width_, row_bytes_;
  channel_order order_;
};

/// Owned 8-bit RGB picture, interleaved, rows packed.
class image {
 public:
  image() = default;

  /// Copies interleaved 8-bit pixels. `channels` must be 3; other layouts go through `image_view`.
  /// Throws `value_error` on null data or an empty picture, `shape_error` on another channel count.
  image(std::uint8_t const* data, index_t height, index_t width, index_t channels) {
    require<shape_error>(channels == 3, "image: ", channels, " channels, wanted 3 (interleaved RGB); ",
                         "use image_view for other orders");
    assign(image_view(data, height, width, checked_product(width, 3)));
  }

  /// Copies a borrowed picture, converting its order to RGB; alpha is dropped.
  explicit image(image_view const& source) { assign(source); }

  /// A black picture.
  static image blank(index_t height, index_t width) {
    require<value_error>(height > 0 && width > 0, "image: size ", height, "x", width, ", both must be positive");
    image out;
    out.height_ = height;
    out.width_ = width;
    out.bytes_.resize(static_cast<std::size_t>(checked_product(checked_product(height, width), 3)));
    return out;
  }

  index_t height() const { return height_; }
  index_t width() const { return width_; }
  bool empty() const { return bytes_.empty(); }
  std::uint8_t const* data() const { return bytes_.data(); }
  std::uint8_t* data() { return bytes_.data(); }

  std::uint8_t operator()(index_t y, index_t x, index_t channel) const { return bytes_[at(y, x, channel)]; }
  std::uint8_t& operator()(index_t y, index_t x, index_t channel) { return bytes_[at(y, x, channel)]; }

  /// Throws `value_error` when the picture is empty.
  operator image_view() const { return image_view(data(), height_, width_, width_ * 3); }

 private:
  std::size_t at(index_t y, index_t x, index_t channel) const {
    return static_cast<std::size_t>((y * width_ + x) * 3 + channel);
  }

  void assign(image_view const& source) {
    *this = blank(source.height(), source.width());
    index_t const offset[3] = {source.offset_of(0), source.offset_of(1), source.offset_of(2)};
    index_t const step = channels_of(source.order());
    std::uint8_t* to = bytes_.data();
    for (index_t y = 0; y < height_; ++y) {
      std::uint8_t const* from = source.pixel(y, 0);
      for (index_t x = 0; x < width_; ++x, from += step)
        for (index_t c : offset) *to++ = from[c];
    }
  }

  std::vector<std::uint8_t> bytes_;
  index_t height_ = 0, width_ = 0;
};

}  // namespace v0
}  // namespace fsis
