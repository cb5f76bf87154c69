// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/io/image_file.hpp>

#include <io/scratch.hpp>

#include <filesystem>
#include <string>

namespace fsis_test {

inline void write_text(std::string const& path, std::string const& text) {
  fsis::io::write_file(path, text.data(), text.size());
}

/// A black picture.
inline void write_picture(std::string const& path, fsis::index_t height, fsis::index_t width) {
  fsis::io::write_image(path, fsis::image::blank(height, width));
}

/// A map with its values as they are.
inline void write_map(std::string const& path, fsis::mask const& values) {
  fsis::io::write_file(path, fsis::io::encode_png_grey(values));
}

/// A rectangle of one value in a map.
inline void put(fsis::mask& m, fsis::index_t top, fsis::index_t left, fsis::index_t height, fsis::index_t width,
                std::uint8_t value) {
  for (fsis::index_t y = top; y < top + height; ++y)
    for (fsis::index_t x = left; x < left + width; ++x) m(y, x) = value;
}

inline void make_folders(scratch_folder const& root, std::initializer_list<char const*> names) {
  for (char const* name : names) std::filesystem::create_directories(root / name);
}

}  // namespace fsis_test
