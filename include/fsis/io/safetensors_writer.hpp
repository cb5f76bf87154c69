// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>
#include <fsis/core/half.hpp>
#include <fsis/core/shape.hpp>
#include <fsis/io/bytes.hpp>
#include <fsis/io/dtype.hpp>
#include <fsis/io/file.hpp>
#include <fsis/io/safetensors_limits.hpp>
#include <fsis/io/text.hpp>

#include <algorithm>
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

/// Collects tensors and text and writes them as one safetensors file. The same content gives the same
/// bytes whatever the order of the calls: metadata by key, tensors by falling element size, then by name.
class safetensors_writer {
 public:
  /// Sets one text of `__metadata__`. Throws `value_error` on what is not UTF-8 or a key given before.
  void metadata(std::string const& key, std::string const& value) {
    check_name("metadata", key);
    require<value_error>(utf8_prefix(value.data(), value.size()) == value.size(), "safetensors: metadata ",
                         shown(key), ": value is not UTF-8");
    require<value_error>(metadata_.emplace(key, value).second, "safetensors: metadata ", shown(key),
                         " was given before");
  }

  /// Copies extents.size() values in C order, rounding to the stored type (F16, F32 or F64). Throws
  /// `value_error` on null data, another stored type, a name that is empty, reserved or given before, and
  /// on a finite value that would become infinite. NaN and infinities are stored as they are.
  template <class T>
  void add(std::string const& name, shape const& extents, T const* values, dtype stored_as) {
    static_assert(std::is_same<T, float>::value || std::is_same<T, double>::value,
                  "give float or double values");
    check_name("tensor", name);
    require<value_error>(!name.empty() && name != "__metadata__", "safetensors: tensor name ", shown(name),
                         " is reserved");
    require<value_error>(tensors_.count(name) == 0, "safetensors: tensor ", shown(name),
                         " was given before");
    require<value_error>(values != nullptr || extents.size() == 0, "safetensors: tensor ", shown(name),
                         ": null values for shape ", extents);
    std::vector<std::uint8_t> bytes;
    switch (stored_as) {
      case dtype::f16: bytes = convert<T>(name, extents, values, stored_as, to_half<T>, from_half); break;
      case dtype::f32:
        bytes = convert<T>(name, extents, values, stored_as, narrow<float, T>, same<float>);
        break;
      case dtype::f64:
        bytes = convert<T>(name, extents, values, stored_as, narrow<double, T>, same<double>);
        break;
      default:
        fail<value_error>("safetensors: tensor ", shown(name), ": cannot store as ", name_of(stored_as),
                          ", wanted F16, F32 or F64");
    }
    tensors_.emplace(name, entry{stored_as, extents, std::move(bytes)});
  }

  /// The bytes of the file. Throws `value_error` when the header exceeds what readers accept.
  std::vector<std::uint8_t> encode() const {
    std::vector<std::uint8_t> out = encode_header();
    for (auto const* item : in_order())
      out.insert(out.end(), item->second.bytes.begin(), item->second.bytes.end());
    return out;
  }

  /// Replaces the file as a whole or leaves it as it was. Throws `io_error` when the disk refuses.
  void write(std::string const& path) const {
    std::vector<std::uint8_t> const header = encode_header();
    atomic_file file(path);
    file.append(header.data(), header.size());
    for (auto const* item : in_order()) file.append(item->second.bytes.data(), item->second.bytes.size());
    file.commit();
  }

 private:
  struct entry {
    dtype type;
    shape extents;
    std::vector<std::uint8_t> bytes;
  };
  using tensor_map = std::map<std::string, entry>;

  template <class To, class From>
  static To narrow(From x) {
    return static_cast<To>(x);
  }
  template <class T>
  static T same(T x) {
    return x;
  }

  static void check_name(char const* what, std::string const& name) {
    require<value_error>(name.size() <= safetensors_limits::name_bytes, "safetensors: ", what, " ",
                         shown(name), ": name of ", name.size(), " bytes, at most ",
                         safetensors_limits::name_bytes);
    require<value_error>(utf8_prefix(name.data(), name.size()) == name.size(), "safetensors: ", what, " ",
                         shown(name), ": name is not UTF-8");
  }

  template <class T, class Encode, class Decode>
  static std::vector<std::uint8_t> convert(std::string const& name, shape const& extents, T const* values,
                                           dtype stored_as, Encode encode, Decode decode) {
    using stored_t = decltype(encode(T{}));
    std::vector<std::uint8_t> bytes(
        static_cast<std::size_t>(checked_product(extents.size(), index_t{sizeof(stored_t)})));
    std::uint8_t* to = bytes.data();
    for (index_t i = 0; i < extents.size(); ++i, to += sizeof(stored_t)) {
      stored_t const stored = encode(values[i]);
      require<value_error>(std::isfinite(decode(stored)) || !std::isfinite(values[i]),
                           "safetensors: tensor ", shown(name), ": value ", values[i], " at index ", i,
                           " does not fit into ", name_of(stored_as));
      store(stored, to);
    }
    return bytes;
  }

  // Wide elements first: with a header padded to eight bytes every tensor is aligned for its type.
  std::vector<tensor_map::value_type const*> in_order() const {
    std::vector<tensor_map::value_type const*> order;
    order.reserve(tensors_.size());
    for (auto const& item : tensors_) order.push_back(&item);
    std::stable_sort(order.begin(), order.end(), [](auto const* a, auto const* b) {
      return bits_of(a->second.type) > bits_of(b->second.type);
    });
    return order;
  }

  std::vector<std::uint8_t> encode_header() const {
    std::string text = "{";
    if (!metadata_.empty()) {
      for (auto const& item : metadata_)
        text += (text.size() == 1 ? "\"__metadata__\":{" : ",") + json_quoted(item.first) + ":" +
                json_quoted(item.second);
      text += "}";
    }
    std::size_t begin = 0;
    for (auto const* item : in_order()) {
      entry const& e = item->second;
      std::size_t const end = begin + e.bytes.size();
      std::string dims;
      for (int a = 0; a < e.extents.rank(); ++a) dims += (a ? "," : "") + std::to_string(e.extents[a]);
      text +=
          message(text.size() == 1 ? "" : ",", json_quoted(item->first), ":{\"dtype\":\"", name_of(e.type),
                  "\",\"shape\":[", dims, "],\"data_offsets\":[", begin, ",", end, "]}");
      begin = end;
    }
    text += "}";
    text.append((8 - text.size() % 8) % 8, ' ');
    require<value_error>(text.size() <= safetensors_limits::header_bytes, "safetensors: header of ",
                         text.size(), " bytes, at most ", safetensors_limits::header_bytes);
    std::vector<std::uint8_t> out(8 + text.size());
    store(static_cast<std::uint64_t>(text.size()), out.data());
    std::copy(text.begin(), text.end(), out.begin() + 8);
    return out;
  }

  std::map<std::string, std::string> metadata_;
  tensor_map tensors_;
};

}  // namespace io
}  // namespace v0
}  // namespace fsis
