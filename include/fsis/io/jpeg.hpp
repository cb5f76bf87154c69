// SPDX-License-Identifier: MIT
#pragma once

// Needs libjpeg (libjpeg-turbo) at link time.

#include <fsis/core/error.hpp>
#include <fsis/core/image.hpp>
#include <fsis/io/byte_sink.hpp>
#include <fsis/io/image_limits.hpp>

#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include <jpeglib.h>
#include <jerror.h>

namespace fsis {
inline namespace v0 {
namespace io {

/// Does the file begin as JPEG files do?
inline bool is_jpeg(std::uint8_t const* data, std::size_t size) {
  return size >= 3 && data[0] == 0xFF && data[1] == 0xD8 && data[2] == 0xFF;
}

namespace detail {

// libjpeg's error manager with a place to jump to. A jump skips destructors: functions that call libjpeg
// hold no local objects and return false after it.
struct jpeg_errors {
  jpeg_error_mgr manager;
  std::jmp_buf jump;
  char text[JMSG_LENGTH_MAX];

  static void install(jpeg_errors& self) {
    jpeg_std_error(&self.manager);
    self.manager.error_exit = [](j_common_ptr info) { leave(info); };
    self.manager.emit_message = [](j_common_ptr info, int level) { judge(info, level); };
    self.manager.output_message = [](j_common_ptr) {};
    self.text[0] = '\0';
  }

  [[noreturn]] static void leave(j_common_ptr info) {
    auto& self = *reinterpret_cast<jpeg_errors*>(info->err);
    (*info->err->format_message)(info, self.text);
    std::longjmp(self.jump, 1);
  }

  // A warning means that pixels are made up (ended too early, bad codes), so it is an error here, except
  // for two that only mention a header of unusual content.
  static void judge(j_common_ptr info, int level) {
    int const code = info->err->msg_code;
    if (level < 0 && code != JWRN_JFIF_MAJOR && code != JWRN_ADOBE_XFORM) leave(info);
  }
};
static_assert(offsetof(jpeg_errors, manager) == 0, "libjpeg gives back the address of its own part");

class jpeg_decoder {
 public:
  jpeg_decoder(std::uint8_t const* data, std::size_t size) : data_(data), size_(size) {
    jpeg_errors::install(errors_);
    info_.err = &errors_.manager;
  }
  jpeg_decoder(jpeg_decoder const&) = delete;
  jpeg_decoder& operator=(jpeg_decoder const&) = delete;
  ~jpeg_decoder() { jpeg_destroy_decompress(&info_); }

  char const* error() const { return errors_.text; }
  index_t height() const { return static_cast<index_t>(info_.image_height); }
  index_t width() const { return static_cast<index_t>(info_.image_width); }
  int channels() const { return info_.num_components; }
  bool is_grey_or_rgb() const {
    return info_.jpeg_color_space == JCS_GRAYSCALE || info_.jpeg_color_space == JCS_YCbCr ||
           info_.jpeg_color_space == JCS_RGB;
  }

  bool read_header() {
    if (setjmp(errors_.jump) != 0) return false;
    jpeg_create_decompress(&info_);
    jpeg_mem_src(&info_, data_, static_cast<unsigned long>(size_));
    return jpeg_read_header(&info_, TRUE) == JPEG_HEADER_OK;
  }

  // Rows of 8-bit RGB, packed.
  bool read_rows(std::uint8_t* to) {
    if (setjmp(errors_.jump) != 0) return false;
    // a progressive file keeps two bytes per coefficient; what wants much more than that is an attack
    info_.mem->max_memory_to_use = (64L << 20) + 16L * static_cast<long>(height() * width());
    progress_.progress_monitor = [](j_common_ptr common) { watch_scans(common); };
    info_.progress = &progress_;
    info_.out_color_space = JCS_RGB;
    (void)jpeg_start_decompress(&info_);
    while (info_.output_scanline < info_.output_height) {
      JSAMPROW row = to + static_cast<std::size_t>(info_.output_scanline) * info_.output_width * 3;
      (void)jpeg_read_scanlines(&info_, &row, 1);
    }
    (void)jpeg_finish_decompress(&info_);
    return true;
  }

 private:
  static constexpr int max_scans = 200;

  // a file may order any number of passes over the whole picture; sensible ones have about ten
  static void watch_scans(j_common_ptr common) {
    auto const& info = *reinterpret_cast<jpeg_decompress_struct const*>(common);
    if (info.input_scan_number <= max_scans) return;
    auto& errors = *reinterpret_cast<jpeg_errors*>(common->err);
    std::snprintf(errors.text, sizeof errors.text, "more than %d scans", max_scans);
    std::longjmp(errors.jump, 1);
  }

  std::uint8_t const* data_;
  std::size_t size_;
  jpeg_decompress_struct info_ = {};
  jpeg_progress_mgr progress_ = {};
  jpeg_errors errors_;
};

// libjpeg's own memory destination loses track of its buffer when an error interrupts it.
struct jpeg_destination {
  jpeg_destination_mgr manager = {};
  byte_sink sink;
  JOCTET block[4096];

  void install(jpeg_compress_struct& info) {
    manager.init_destination = [](j_compress_ptr i) { of(i).rewind(); };
    manager.empty_output_buffer = [](j_compress_ptr i) { return of(i).flush(i, sizeof block); };
    manager.term_destination = [](j_compress_ptr i) {
      of(i).flush(i, sizeof block - of(i).manager.free_in_buffer);
    };
    info.dest = &manager;
  }

 private:
  static jpeg_destination& of(j_compress_ptr info) {
    return *static_cast<jpeg_destination*>(info->client_data);
  }

  void rewind() {
    manager.next_output_byte = block;
    manager.free_in_buffer = sizeof block;
  }

  boolean flush(j_compress_ptr info, std::size_t count) {
    if (!sink.append(block, count)) ERREXIT1(info, JERR_OUT_OF_MEMORY, 0);
    rewind();
    return TRUE;
  }
};

class jpeg_encoder {
 public:
  jpeg_encoder() {
    jpeg_errors::install(errors_);
    info_.err = &errors_.manager;
  }
  jpeg_encoder(jpeg_encoder const&) = delete;
  jpeg_encoder& operator=(jpeg_encoder const&) = delete;
  ~jpeg_encoder() { jpeg_destroy_compress(&info_); }

  char const* error() const { return errors_.text; }
  std::vector<std::uint8_t> bytes() const { return destination_.sink.bytes(); }

  bool write(std::uint8_t const* rgb, index_t height, index_t width, int quality) {
    if (setjmp(errors_.jump) != 0) return false;
    jpeg_create_compress(&info_);
    info_.client_data = &destination_;
    destination_.install(info_);
    info_.image_height = static_cast<JDIMENSION>(height);
    info_.image_width = static_cast<JDIMENSION>(width);
    info_.input_components = 3;
    info_.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info_);
    jpeg_set_quality(&info_, quality, TRUE);
    jpeg_start_compress(&info_, TRUE);
    while (info_.next_scanline < info_.image_height) {
      auto* row =
          const_cast<JSAMPROW>(rgb + static_cast<std::size_t>(info_.next_scanline) * info_.image_width * 3);
      (void)jpeg_write_scanlines(&info_, &row, 1);
    }
    jpeg_finish_compress(&info_);
    return true;
  }

 private:
  jpeg_compress_struct info_ = {};
  jpeg_errors errors_;
  jpeg_destination destination_;
};

}  // namespace detail

/// Decodes a grey or colour JPEG, baseline or progressive, to RGB. The orientation that a camera noted
/// beside the pixels is ignored: coordinates are those of the stored rows. CMYK is refused. Throws
/// `io_error` naming `origin` on a damaged or truncated file (also where libjpeg would fill in grey) and,
/// before decoding, on more pixels than `limits` allow.
inline image decode_jpeg(std::uint8_t const* data, std::size_t size, std::string const& origin,
                         image_limits const& limits = {}) {
  require<io_error>(is_jpeg(data, size), "jpeg: ", origin,
                    ": does not begin with the mark of a JPEG file (", size, " bytes)");
  detail::jpeg_decoder decoder(data, size);
  require<io_error>(decoder.read_header(), "jpeg: ", origin, ": truncated or damaged: ", decoder.error(),
                    " (", size, " bytes)");
  check_pixels("jpeg", origin, decoder.height(), decoder.width(), limits);
  require<io_error>(decoder.is_grey_or_rgb(), "jpeg: ", origin, ": ", decoder.channels(),
                    " channels of a colour space such as CMYK, wanted grey or RGB");
  image out = image::blank(decoder.height(), decoder.width());
  require<io_error>(decoder.read_rows(out.data()), "jpeg: ", origin,
                    ": truncated or damaged: ", decoder.error(), " (", size, " bytes, ", decoder.height(),
                    "x", decoder.width(), " pixels)");
  return out;
}

/// The picture as a baseline JPEG of quality 1 to 100. Throws `value_error` on another quality, an empty
/// picture, or a side above 65500 pixels, which the format cannot hold.
inline std::vector<std::uint8_t> encode_jpeg(image const& picture, int quality = 95) {
  require<value_error>(quality >= 1 && quality <= 100, "jpeg: quality ", quality, ", wanted 1 to 100");
  require<value_error>(picture.height() > 0 && picture.width() > 0, "jpeg: cannot write an empty picture");
  require<value_error>(picture.height() <= JPEG_MAX_DIMENSION && picture.width() <= JPEG_MAX_DIMENSION,
                       "jpeg: size ", picture.height(), "x", picture.width(), ", sides of at most ",
                       JPEG_MAX_DIMENSION);
  detail::jpeg_encoder encoder;
  require<io_error>(encoder.write(picture.data(), picture.height(), picture.width(), quality),
                    "jpeg: cannot write ", picture.height(), "x", picture.width(),
                    " pixels: ", encoder.error());
  return encoder.bytes();
}

}  // namespace io
}  // namespace v0
}  // namespace fsis
