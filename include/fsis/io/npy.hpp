// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>
#include <fsis/core/shape.hpp>
#include <fsis/io/bytes.hpp>
#include <fsis/io/file.hpp>
#include <fsis/io/npy_header.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace io {

/// An array read from an npy file: values in C order (last axis fastest).
template <class T>
struct npy_array {
  shape extents;
  std::vector<T> values;
};

namespace detail {

template <class T, class Stored>
std::vector<T> npy_values(std::uint8_t const* from, npy_header const& header) {
  shape const& s = header.extents;
  std::vector<T> values(static_cast<std::size_t>(s.size()));
  if (!header.is_fortran) {
    for (T& v : values) {
      v = static_cast<T>(load<Stored>(from, header.order));
      from += sizeof(Stored);
    }
    return values;
  }
  // the file runs through the first axis fastest: count its indices up and place each value
  index_t stride[shape::max_rank] = {};
  for (index_t a = s.rank() - 1, step = 1; a >= 0; --a) {
    stride[a] = step;
    step *= s[static_cast<int>(a)];
  }
  index_t index[shape::max_rank] = {};
  index_t place = 0;
  for (index_t i = 0; i < s.size(); ++i, from += sizeof(Stored)) {
    values[static_cast<std::size_t>(place)] = static_cast<T>(load<Stored>(from, header.order));
    for (int a = 0; a < s.rank(); ++a) {
      place += stride[a];
      if (++index[a] < s[a]) break;
      place -= stride[a] * s[a];
      index[a] = 0;
    }
  }
  return values;
}

}  // namespace detail

/// Decodes an npy file (versions 1 to 3, 4- and 8-byte floats of both byte orders, C and Fortran order)
/// and converts to float or double. Objects (pickles) and other types are refused. Throws `io_error`
/// naming `origin`.
template <class T>
npy_array<T> decode_npy(std::uint8_t const* data, std::size_t size, std::string const& origin) {
  static_assert(std::is_floating_point<T>::value, "read into float or double and convert from there");
  npy_header const header = parse_npy_header(data, size, origin);
  std::uint8_t const* const from = data + header.data_begin;
  return {header.extents, header.element_bytes == 4 ? detail::npy_values<T, float>(from, header)
                                                    : detail::npy_values<T, double>(from, header)};
}

/// Reads an npy file of at most `max_bytes` bytes. Throws `io_error`.
template <class T>
npy_array<T> read_npy(std::string const& path, std::uint64_t max_bytes = std::uint64_t{1} << 32) {
  std::vector<std::uint8_t> const bytes = read_file(path, max_bytes);
  return decode_npy<T>(bytes.data(), bytes.size(), path);
}

/// An npy file, version 1.0, little endian, C order, of extents.size() values. Throws `value_error` on
/// null values.
template <class T>
std::vector<std::uint8_t> encode_npy(shape const& extents, T const* values) {
  static_assert(std::is_same<T, float>::value || std::is_same<T, double>::value,
                "give float or double values");
  require<value_error>(values != nullptr || extents.size() == 0, "npy: null values for shape ", extents);
  std::string dims;
  for (int a = 0; a < extents.rank(); ++a)
    dims += std::to_string(extents[a]) + (a + 1 < extents.rank() ? ", " : "");
  if (extents.rank() == 1) dims += ",";
  std::string text =
      message("{'descr': '<f", sizeof(T), "', 'fortran_order': False, 'shape': (", dims, "), }");
  // the format wants the elements aligned to 64 bytes and the header ended by a newline
  text.append(63 - (10 + text.size()) % 64, ' ');
  text += '\n';

  std::vector<std::uint8_t> out(
      10 + text.size() + static_cast<std::size_t>(checked_product(extents.size(), index_t{sizeof(T)})));
  std::memcpy(out.data(), "\x93NUMPY\x01\x00", 8);
  store(static_cast<std::uint16_t>(text.size()), out.data() + 8);
  std::copy(text.begin(), text.end(), out.begin() + 10);
  std::uint8_t* to = out.data() + 10 + text.size();
  for (index_t i = 0; i < extents.size(); ++i, to += sizeof(T)) store(values[i], to);
  return out;
}

/// Writes an npy file, whole or not at all. Throws `io_error`.
template <class T>
void write_npy(std::string const& path, shape const& extents, T const* values) {
  write_file(path, encode_npy(extents, values));
}

}  // namespace io
}  // namespace v0
}  // namespace fsis
