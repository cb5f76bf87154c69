// SPDX-License-Identifier: MIT
#pragma once

// Needs libpng at link time.

#include <fsis/core/error.hpp>
#include <fsis/core/image.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/io/byte_sink.hpp>
#include <fsis/io/bytes.hpp>
#include <fsis/io/image_limits.hpp>

#include <png.h>

#include <csetjmp>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace io {

/// Does the file begin as PNG files do?
inline bool is_png(std::uint8_t const* data, std::size_t size) {
  return size >= 8 && std::memcmp(data, "\x89PNG\r\n\x1a\n", 8) == 0;
}

namespace detail {

// libpng reports errors by longjmp, which skips destructors. So every function that calls libpng is a
// member without local objects, returns false after a jump, and leaves the words in `error_`.
class png_decoder {
 public:
  png_decoder(std::uint8_t const* data, std::size_t size) : data_(data), size_(size) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, &on_error, &on_warning);
    if (png_ != nullptr) info_ = png_create_info_struct(png_);
  }
  png_decoder(png_decoder const&) = delete;
  png_decoder& operator=(png_decoder const&) = delete;
  ~png_decoder() { png_destroy_read_struct(&png_, &info_, nullptr); }

  char const* error() const { return error_; }
  int color_type() const { return color_type_; }
  int bit_depth() const { return bit_depth_; }
  index_t height() const { return static_cast<index_t>(height_); }
  index_t width() const { return static_cast<index_t>(width_); }
  std::size_t row_bytes() const { return row_bytes_; }

  bool read_header() {
    if (png_ == nullptr || info_ == nullptr) return out_of_memory();
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_set_user_limits(png_, 1'000'000, 1'000'000);
    png_set_chunk_cache_max(png_, 64);
    png_set_chunk_malloc_max(png_, 8'000'000);
    // text, profiles and unknown chunks are passed over unread: they do not change the samples
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, 0);
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, unread_chunks(), unread_count);
    png_set_read_fn(png_, this, &on_read);
    png_read_info(png_, info_);
    width_ = png_get_image_width(png_, info_);
    height_ = png_get_image_height(png_, info_);
    color_type_ = png_get_color_type(png_, info_);
    bit_depth_ = png_get_bit_depth(png_, info_);
    return true;
  }

  // Samples become 8-bit RGB: palettes looked up, grey repeated, 16 bits scaled, alpha dropped.
  bool ask_for_rgb() {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    if (color_type_ == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png_);
    if (color_type_ == PNG_COLOR_TYPE_GRAY && bit_depth_ < 8) png_set_expand_gray_1_2_4_to_8(png_);
    if (bit_depth_ == 16) png_set_scale_16(png_);
    if ((color_type_ & PNG_COLOR_MASK_COLOR) == 0) png_set_gray_to_rgb(png_);
    png_set_strip_alpha(png_);
    return start();
  }

  // Samples keep their values, one byte each; alpha is dropped.
  bool ask_for_raw_samples() {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    if (bit_depth_ < 8) png_set_packing(png_);
    png_set_strip_alpha(png_);
    return start();
  }

  bool read_rows(std::uint8_t** rows) {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_read_image(png_, rows);
    png_read_end(png_, nullptr);
    return true;
  }

 private:
  static constexpr int unread_count = 9;

  // names of five bytes, each with its terminating zero, as libpng wants them
  static png_const_bytep unread_chunks() {
    static constexpr png_byte names[5 * unread_count + 1] =
        "eXIf\0hIST\0iCCP\0iTXt\0pCAL\0sCAL\0sPLT\0tEXt\0zTXt";
    return names;
  }

  static void on_error(png_structp png, png_const_charp text) {
    auto& self = *static_cast<png_decoder*>(png_get_error_ptr(png));
    // the reader below has already written a better sentence when the bytes ran out
    if (self.error_[0] == '\0') std::snprintf(self.error_, sizeof self.error_, "%s", text);
    png_longjmp(png, 1);
  }

  static void on_warning(png_structp, png_const_charp) {}

  static void on_read(png_structp png, png_bytep to, std::size_t count) {
    auto& self = *static_cast<png_decoder*>(png_get_io_ptr(png));
    if (count > self.size_ - self.at_) {
      std::snprintf(self.error_, sizeof self.error_,
                    "truncated: %zu bytes wanted at byte %zu, the file has %zu", count, self.at_,
                    self.size_);
      png_error(png, "truncated");
    }
    std::memcpy(to, self.data_ + self.at_, count);
    self.at_ += count;
  }

  bool start() {
    (void)png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    row_bytes_ = png_get_rowbytes(png_, info_);
    return true;
  }

  bool out_of_memory() {
    std::snprintf(error_, sizeof error_, "libpng has no memory");
    return false;
  }

  std::uint8_t const* data_;
  std::size_t size_, at_ = 0, row_bytes_ = 0;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  png_uint_32 width_ = 0, height_ = 0;
  int color_type_ = 0, bit_depth_ = 0;
  char error_[160] = {};
};

// The size stands at a fixed place, so that it can be refused before libpng sees the file.
inline void check_png_size(std::uint8_t const* data, std::size_t size, std::string const& origin,
                           image_limits const& limits) {
  require<io_error>(is_png(data, size), "png: ", origin, ": does not begin with the mark of a PNG file (",
                    size, " bytes)");
  require<io_error>(size >= 33, "png: ", origin, ": truncated: ", size,
                    " bytes, wanted at least 33 for its header");
  require<io_error>(std::memcmp(data + 12, "IHDR", 4) == 0, "png: ", origin,
                    ": does not begin with its header");
  check_pixels("png", origin, load<std::uint32_t>(data + 20, byte_order::big),
               load<std::uint32_t>(data + 16, byte_order::big), limits);
}

inline void read_png_rows(png_decoder& decoder, std::uint8_t* to, index_t samples,
                          std::string const& origin) {
  std::size_t const wanted = static_cast<std::size_t>(decoder.width() * samples);
  require<io_error>(decoder.row_bytes() == wanted, "png: ", origin, ": rows of ", decoder.row_bytes(),
                    " bytes, wanted ", wanted);
  std::vector<std::uint8_t*> rows(static_cast<std::size_t>(decoder.height()));
  for (std::size_t y = 0; y < rows.size(); ++y) rows[y] = to + y * wanted;
  require<io_error>(decoder.read_rows(rows.data()), "png: ", origin, ": ", decoder.error());
}

// What libpng is asked to write: rows of samples, with a palette where there is one.
struct png_picture {
  std::uint8_t const* samples;
  index_t height, width;
  int color_type;
  std::uint8_t const* palette;  // 256 times red, green, blue, or null
};

// As in decoding, functions that call libpng hold no local objects: errors jump over destructors.
class png_encoder {
 public:
  png_encoder() {
    png_ = png_create_write_struct(PNG_LIBPNG_VER_STRING, this, &on_error, &on_warning);
    if (png_ != nullptr) info_ = png_create_info_struct(png_);
  }
  png_encoder(png_encoder const&) = delete;
  png_encoder& operator=(png_encoder const&) = delete;
  ~png_encoder() { png_destroy_write_struct(&png_, &info_); }

  char const* error() const { return error_; }
  std::vector<std::uint8_t> bytes() const { return sink_.bytes(); }

  bool write(png_picture const& p) {
    if (png_ == nullptr || info_ == nullptr) return false;
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_set_user_limits(png_, 0x7FFFFFFF, 0x7FFFFFFF);
    png_set_write_fn(png_, this, &on_write, &on_flush);
    png_set_IHDR(png_, info_, static_cast<png_uint_32>(p.width), static_cast<png_uint_32>(p.height), 8,
                 p.color_type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (p.palette != nullptr) set_palette(p.palette);
    png_write_info(png_, info_);
    write_rows(p);
    png_write_end(png_, nullptr);
    return true;
  }

 private:
  void set_palette(std::uint8_t const* palette) {
    png_color colors[256];
    for (png_color& c : colors) {
      c.red = *palette++;
      c.green = *palette++;
      c.blue = *palette++;
    }
    png_set_PLTE(png_, info_, colors, 256);
  }

  void write_rows(png_picture const& p) {
    index_t const row_bytes = p.width * (p.color_type == PNG_COLOR_TYPE_RGB ? 3 : 1);
    for (index_t y = 0; y < p.height; ++y) png_write_row(png_, p.samples + y * row_bytes);
  }

  static void on_error(png_structp png, png_const_charp text) {
    auto& self = *static_cast<png_encoder*>(png_get_error_ptr(png));
    std::snprintf(self.error_, sizeof self.error_, "%s", text);
    png_longjmp(png, 1);
  }

  static void on_warning(png_structp, png_const_charp) {}
  static void on_flush(png_structp) {}

  static void on_write(png_structp png, png_bytep from, std::size_t count) {
    auto& self = *static_cast<png_encoder*>(png_get_io_ptr(png));
    if (!self.sink_.append(from, count)) png_error(png, "no memory for the encoded bytes");
  }

  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  byte_sink sink_;
  char error_[160] = "libpng has no memory";
};

inline std::vector<std::uint8_t> write_png(png_picture const& picture) {
  require<value_error>(picture.height > 0 && picture.width > 0, "png: cannot write an empty picture");
  png_encoder encoder;
  require<io_error>(encoder.write(picture), "png: cannot write ", picture.height, "x", picture.width,
                    " pixels: ", encoder.error());
  return encoder.bytes();
}

}  // namespace detail

/// Decodes a PNG of any kind to RGB: palettes are looked up, grey is repeated, 16 bits are scaled to 8,
/// alpha and transparent colours are dropped (the colour under a transparent pixel is kept as it is
/// stored), gamma and profiles are ignored. Throws `io_error` naming `origin` on a damaged or truncated
/// file and, before decoding, on more pixels than `limits` allow.
inline image decode_png(std::uint8_t const* data, std::size_t size, std::string const& origin,
                        image_limits const& limits = {}) {
  detail::check_png_size(data, size, origin, limits);
  detail::png_decoder decoder(data, size);
  require<io_error>(decoder.read_header() && decoder.ask_for_rgb(), "png: ", origin, ": ", decoder.error());
  image out = image::blank(decoder.height(), decoder.width());
  detail::read_png_rows(decoder, out.data(), 3, origin);
  return out;
}

/// Decodes a PNG to a label map: the index of a palette picture, the value of a grey picture of up to 8
/// bits, not scaled (a 1-bit picture gives 0 and 1). Alpha is dropped. Throws `io_error` naming `origin`
/// on colour or 16 bits, which hold no labels, and in every case in which `decode_png` does.
inline mask decode_png_mask(std::uint8_t const* data, std::size_t size, std::string const& origin,
                            image_limits const& limits = {}) {
  detail::check_png_size(data, size, origin, limits);
  detail::png_decoder decoder(data, size);
  require<io_error>(decoder.read_header(), "png: ", origin, ": ", decoder.error());
  bool const is_palette = decoder.color_type() == PNG_COLOR_TYPE_PALETTE;
  require<io_error>(is_palette || (decoder.color_type() & PNG_COLOR_MASK_COLOR) == 0, "png: ", origin,
                    ": a colour picture is no mask, wanted grey or palette PNG with one label per pixel "
                    "(save the labels as indices, or the object as 0 and 255 in grey)");
  require<io_error>(decoder.bit_depth() <= 8, "png: ", origin, ": ", decoder.bit_depth(),
                    " bits per sample, a mask wants at most 8");
  require<io_error>(decoder.ask_for_raw_samples(), "png: ", origin, ": ", decoder.error());
  mask out = mask::blank(decoder.height(), decoder.width());
  detail::read_png_rows(decoder, out.data(), 1, origin);
  return out;
}

/// The picture as an 8-bit RGB PNG. Throws `value_error` on an empty picture.
inline std::vector<std::uint8_t> encode_png(image const& picture) {
  return detail::write_png(
      {picture.data(), picture.height(), picture.width(), PNG_COLOR_TYPE_RGB, nullptr});
}

/// The bytes of a mask, a probability map or a label map as an 8-bit grey PNG, unchanged.
inline std::vector<std::uint8_t> encode_png_grey(mask const& values) {
  return detail::write_png({values.data(), values.height(), values.width(), PNG_COLOR_TYPE_GRAY, nullptr});
}

/// A label map as an 8-bit palette PNG. `palette` holds 256 times red, green, blue; throws `value_error`
/// on another length.
inline std::vector<std::uint8_t> encode_png_palette(mask const& labels,
                                                    std::vector<std::uint8_t> const& palette) {
  require<value_error>(palette.size() == 768, "png: palette of ", palette.size(),
                       " bytes, wanted 768 (256 RGB colours)");
  return detail::write_png(
      {labels.data(), labels.height(), labels.width(), PNG_COLOR_TYPE_PALETTE, palette.data()});
}

}  // namespace io
}  // namespace v0
}  // namespace fsis
