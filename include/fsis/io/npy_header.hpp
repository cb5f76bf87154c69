// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>
#include <fsis/core/shape.hpp>
#include <fsis/io/bytes.hpp>
#include <fsis/io/text.hpp>

#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

namespace fsis {
inline namespace v0 {
namespace io {

/// What the header of an npy file says, for elements that fsis reads.
struct npy_header {
  shape extents;
  index_t element_bytes = 0;  // 4 or 8, IEEE 754
  byte_order order = byte_order::little;
  bool is_fortran = false;     // first axis fastest
  std::size_t data_begin = 0;  // bytes before the elements
};

namespace detail {

// Reads the one Python dictionary literal that the format allows: descr, fortran_order, shape.
class npy_dictionary {
 public:
  npy_dictionary(char const* text, std::size_t count, std::string const& origin)
      : at_(text), begin_(text), end_(text + count), origin_(origin) {}

  npy_header read() {
    npy_header header;
    bool has_descr = false, has_order = false, has_shape = false;
    expect('{');
    while (!accept('}')) {
      std::string const key = string();
      bool* const seen = key == "descr"           ? &has_descr
                         : key == "fortran_order" ? &has_order
                         : key == "shape"         ? &has_shape
                                                  : nullptr;
      check(seen != nullptr, "unknown key ", shown(key, 40));
      check(!*seen, "key ", key, " occurs twice");
      *seen = true;
      expect(':');
      if (seen == &has_descr) element_type(string(), header);
      if (seen == &has_order) header.is_fortran = boolean();
      if (seen == &has_shape) header.extents = tuple();
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_spaces();
    check(at_ == end_, "text after the dictionary");
    check(has_descr && has_order && has_shape,
          !has_descr   ? "descr"
          : !has_order ? "fortran_order"
                       : "shape",
          " is missing");
    return header;
  }

 private:
  template <class... Parts>
  void check(bool ok, Parts const&... what) const {
    require<io_error>(ok, "npy: ", origin_, ": header, character ", at_ - begin_, ": ", message(what...));
  }

  void skip_spaces() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r')) ++at_;
  }

  bool accept(char c) {
    skip_spaces();
    bool const found = at_ != end_ && *at_ == c;
    if (found) ++at_;
    return found;
  }

  void expect(char c) { check(accept(c), "wanted '", c, "'"); }

  bool accept_word(char const* word) {
    skip_spaces();
    std::size_t const count = std::strlen(word);
    if (static_cast<std::size_t>(end_ - at_) < count || std::strncmp(at_, word, count) != 0) return false;
    at_ += count;
    return true;
  }

  std::string string() {
    skip_spaces();
    check(at_ != end_ && (*at_ == '\'' || *at_ == '"'), "wanted a string (records are not read)");
    char const quote = *at_++;
    char const* const first = at_;
    while (at_ != end_ && *at_ != quote && *at_ != '\\') ++at_;
    check(at_ != end_ && *at_ == quote, "string does not end");
    return std::string(first, at_++);
  }

  bool boolean() {
    if (accept_word("True")) return true;
    check(accept_word("False"), "fortran_order is neither True nor False");
    return false;
  }

  index_t integer() {
    skip_spaces();
    check(at_ != end_ && *at_ >= '0' && *at_ <= '9', "wanted an extent >= 0");
    index_t n = 0;
    for (; at_ != end_ && *at_ >= '0' && *at_ <= '9'; ++at_) {
      index_t const digit = *at_ - '0';
      check(n <= ((std::numeric_limits<index_t>::max)() - digit) / 10, "extent does not fit into 63 bits");
      n = n * 10 + digit;
    }
    // Python 2 marked long integers
    (void)accept('L');
    return n;
  }

  shape tuple() {
    shape s;
    expect('(');
    index_t elements = 1;
    bool has_comma = true;
    while (!accept(')')) {
      check(has_comma, "wanted ',' or ')'");
      check(s.rank() < shape::max_rank, "rank exceeds ", static_cast<int>(shape::max_rank));
      index_t const extent = integer();
      check(extent == 0 || elements <= (std::numeric_limits<index_t>::max)() / 8 / extent, "shape ", s,
            " times ", extent, " does not fit into 63 bits");
      if (extent > 0) elements *= extent;
      s.push_back(extent);
      has_comma = accept(',');
    }
    return s;
  }

  void element_type(std::string const& descr, npy_header& header) const {
    bool const known = descr == "<f4" || descr == ">f4" || descr == "<f8" || descr == ">f8";
    check(known, "elements of type ", shown(descr, 40), ", wanted '<f4', '>f4', '<f8' or '>f8'");
    header.order = descr[0] == '<' ? byte_order::little : byte_order::big;
    header.element_bytes = descr[2] - '0';
  }

  char const* at_;
  char const* begin_;
  char const* end_;
  std::string const& origin_;
};

}  // namespace detail

/// Reads and validates the header of an npy file (versions 1.0, 2.0, 3.0; NumPy enhancement proposal 1)
/// held in memory: nothing is allocated for elements, their bytes must fill the file exactly. Throws
/// `io_error` naming `origin`.
inline npy_header parse_npy_header(std::uint8_t const* data, std::size_t size, std::string const& origin) {
  auto const fact = [&](bool ok, auto const&... parts) {
    require<io_error>(ok, "npy: ", origin, ": ", parts...);
  };
  fact(size >= 10, size, " bytes, wanted at least 10");
  fact(std::memcmp(data, "\x93NUMPY", 6) == 0, "does not begin with the mark of an npy file");
  int const version = data[6];
  fact(version >= 1 && version <= 3 && data[7] == 0, "version ", version, ".", static_cast<int>(data[7]),
       ", wanted 1.0, 2.0 or 3.0");
  std::size_t const before = version == 1 ? 10 : 12;
  fact(size >= before, size, " bytes, wanted at least ", before);
  std::size_t const length = version == 1 ? load<std::uint16_t>(data + 8) : load<std::uint32_t>(data + 8);
  fact(length <= size - before, "header of ", length, " bytes, only ", size - before, " follow its length");

  npy_header header =
      detail::npy_dictionary(reinterpret_cast<char const*>(data) + before, length, origin).read();
  header.data_begin = before + length;
  std::size_t const wanted = static_cast<std::size_t>(header.extents.size() * header.element_bytes);
  std::size_t const found = size - header.data_begin;
  fact(found == wanted, found, " bytes of elements, shape ", header.extents, " of ", header.element_bytes,
       "-byte elements needs ", wanted);
  return header;
}

}  // namespace io
}  // namespace v0
}  // namespace fsis
