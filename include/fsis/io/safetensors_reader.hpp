// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>
#include <fsis/core/half.hpp>
#include <fsis/io/bytes.hpp>
#include <fsis/io/file.hpp>
#include <fsis/io/safetensors_header.hpp>

#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace io {

/// Which values `safetensors_file::read` accepts: any, or none that is NaN or infinite.
enum class read_values { any, finite_only };

/// A safetensors file in memory, validated as a whole before its data is allocated. Immutable.
class safetensors_file {
 public:
  /// Reads a regular file. Throws `io_error` naming the file and what is wrong with it.
  static safetensors_file open(std::string const& path) {
    input_file file(path);
    std::uint8_t first[8] = {};
    if (file.size() >= 8) file.read(first, 8);
    std::uint64_t const length = safetensors_header_length(first, file.size(), path);
    std::string text(static_cast<std::size_t>(length), ' ');
    file.read(&text[0], text.size());
    std::uint64_t const data_bytes = file.size() - 8 - length;
    safetensors_file out(parse_safetensors_header(text.data(), text.size(), data_bytes, path), path);
    out.bytes_.resize(static_cast<std::size_t>(data_bytes));
    file.read(out.bytes_.data(), out.bytes_.size());
    return out;
  }

  /// Takes the bytes of a whole file; `origin` names them in messages. Throws `io_error`.
  static safetensors_file parse(std::vector<std::uint8_t> bytes, std::string const& origin) {
    std::uint64_t const length = safetensors_header_length(bytes.data(), bytes.size(), origin);
    auto const* const text = reinterpret_cast<char const*>(bytes.data()) + 8;
    safetensors_file out(
        parse_safetensors_header(text, static_cast<std::size_t>(length), bytes.size() - 8 - length, origin),
        origin);
    out.bytes_ = std::move(bytes);
    out.data_ = static_cast<std::size_t>(8 + length);
    return out;
  }

  static safetensors_file parse(std::uint8_t const* data, std::size_t size, std::string const& origin) {
    return parse(std::vector<std::uint8_t>(data, data + size), origin);
  }

  /// The path, or what `parse` was given.
  std::string const& origin() const { return origin_; }

  std::map<std::string, std::string> const& metadata() const { return header_.metadata; }

  /// All tensors by name.
  std::map<std::string, stored_tensor> const& tensors() const { return header_.tensors; }

  bool contains(std::string const& name) const { return header_.tensors.count(name) > 0; }

  /// Throws `io_error` where there is no such tensor.
  stored_tensor const& at(std::string const& name) const {
    auto const found = header_.tensors.find(name);
    require<io_error>(found != header_.tensors.end(), "safetensors: ", origin_, ": no tensor ", shown(name),
                      " among ", header_.tensors.size());
    return found->second;
  }

  /// The values of a tensor stored as F16, BF16, F32 or F64, converted to float or double, in C order.
  /// Throws `io_error` where there is no such tensor, its type is another, or, with `finite_only`, a value
  /// is NaN or infinite after conversion.
  template <class T>
  std::vector<T> read(std::string const& name, read_values accept = read_values::any) const {
    static_assert(std::is_floating_point<T>::value, "read into float or double and convert from there");
    stored_tensor const& tensor = at(name);
    std::vector<T> values;
    switch (tensor.type) {
      case dtype::f16: values = convert<T, std::uint16_t>(tensor, from_half); break;
      case dtype::bf16: values = convert<T, std::uint16_t>(tensor, from_bfloat16); break;
      case dtype::f32: values = convert<T, float>(tensor, [](float x) { return x; }); break;
      case dtype::f64: values = convert<T, double>(tensor, [](double x) { return x; }); break;
      default:
        fail<io_error>("safetensors: ", origin_, ": tensor ", shown(name), ": stored as ",
                       name_of(tensor.type), ", wanted F16, BF16, F32 or F64");
    }
    if (accept == read_values::finite_only) require_finite(name, values);
    return values;
  }

 private:
  safetensors_file(safetensors_header header, std::string origin)
      : header_(std::move(header)), origin_(std::move(origin)) {}

  template <class T, class Stored, class Widen>
  std::vector<T> convert(stored_tensor const& tensor, Widen widen) const {
    std::vector<T> values(static_cast<std::size_t>(tensor.size()));
    std::uint8_t const* from = bytes_.data() + data_ + tensor.begin;
    for (T& value : values) {
      value = static_cast<T>(widen(load<Stored>(from)));
      from += sizeof(Stored);
    }
    return values;
  }

  template <class T>
  void require_finite(std::string const& name, std::vector<T> const& values) const {
    for (std::size_t i = 0; i < values.size(); ++i)
      require<io_error>(std::isfinite(values[i]), "safetensors: ", origin_, ": tensor ", shown(name),
                        ": value ", values[i], " at index ", i, " of ", values.size(),
                        ", wanted finite values");
  }

  safetensors_header header_;
  std::string origin_;
  std::vector<std::uint8_t> bytes_;
  std::size_t data_ = 0;
};

}  // namespace io
}  // namespace v0
}  // namespace fsis
