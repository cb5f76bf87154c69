// SPDX-License-Identifier: MIT
#pragma once

// Needs libpng and libjpeg at link time.

#include <fsis/core/error.hpp>
#include <fsis/core/image.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/io/file.hpp>
#include <fsis/io/image_limits.hpp>
#include <fsis/io/jpeg.hpp>
#include <fsis/io/png.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace io {

namespace detail {

// "png" of "a/b.PNG", "" of "a.b/c"
inline std::string extension_of(std::string const& path) {
  std::size_t const dot = path.find_last_of('.');
  std::size_t const slash = path.find_last_of('/');
  if (dot == std::string::npos || (slash != std::string::npos && slash > dot)) return "";
  std::string out = path.substr(dot + 1);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

[[noreturn]] inline void fail_unknown_picture(std::string const& path,
                                              std::vector<std::uint8_t> const& bytes) {
  std::string first;
  for (std::size_t i = 0; i < std::min<std::size_t>(bytes.size(), 4); ++i)
    first += (i ? " " : "") + std::to_string(static_cast<int>(bytes[i]));
  fail<io_error>("read: '", path, "' is neither PNG nor JPEG (", bytes.size(), " bytes, the first are ",
                 first.empty() ? "none" : first, ")");
}

}  // namespace detail

/// Reads a PNG or JPEG photograph, told apart by content, see `decode_png` and `decode_jpeg`. Throws
/// `io_error` when it cannot be read, is of another kind, damaged, truncated or beyond the limits.
inline image read_image(std::string const& path, image_limits const& limits = {}) {
  std::vector<std::uint8_t> const bytes = read_file(path, limits.max_file_bytes);
  if (is_png(bytes.data(), bytes.size())) return decode_png(bytes.data(), bytes.size(), path, limits);
  if (is_jpeg(bytes.data(), bytes.size())) return decode_jpeg(bytes.data(), bytes.size(), path, limits);
  detail::fail_unknown_picture(path, bytes);
}

/// Reads a label map from a grey or palette PNG, see `decode_png_mask`. A JPEG is refused: its loss makes
/// labels that nobody drew. Throws `io_error` as `read_image` does.
inline mask read_mask(std::string const& path, image_limits const& limits = {}) {
  std::vector<std::uint8_t> const bytes = read_file(path, limits.max_file_bytes);
  if (is_png(bytes.data(), bytes.size())) return decode_png_mask(bytes.data(), bytes.size(), path, limits);
  require<io_error>(!is_jpeg(bytes.data(), bytes.size()), "read: '", path,
                    "' is a JPEG, whose loss changes labels; wanted a mask as grey or palette PNG");
  detail::fail_unknown_picture(path, bytes);
}

/// Writes a picture as .png, or as .jpg or .jpeg of quality 95, whole or not at all. Throws `value_error`
/// on another ending or an empty picture, `io_error` when the disk refuses.
inline void write_image(std::string const& path, image const& picture) {
  std::string const extension = detail::extension_of(path);
  bool const is_jpeg_name = extension == "jpg" || extension == "jpeg";
  require<value_error>(is_jpeg_name || extension == "png", "write: '", path, "' ends in '", extension,
                       "', wanted png, jpg or jpeg");
  write_file(path, is_jpeg_name ? encode_jpeg(picture) : encode_png(picture));
}

/// Writes a mask as an 8-bit grey .png of 0 and 255 (object), whole or not at all. Throws `value_error` on
/// another ending or an empty mask, `io_error` when the disk refuses.
inline void write_mask(std::string const& path, mask const& object) {
  std::string const extension = detail::extension_of(path);
  require<value_error>(extension == "png", "write: '", path, "' ends in '", extension,
                       "', wanted png (a mask must not lose anything)");
  mask picture = object;
  std::transform(picture.data(), picture.data() + picture.size(), picture.data(),
                 [](std::uint8_t value) { return static_cast<std::uint8_t>(value != 0 ? 255 : 0); });
  write_file(path, encode_png_grey(picture));
}

}  // namespace io
}  // namespace v0
}  // namespace fsis
