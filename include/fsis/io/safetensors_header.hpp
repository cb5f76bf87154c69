// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>
#include <fsis/core/shape.hpp>
#include <fsis/io/dtype.hpp>
#include <fsis/io/safetensors_limits.hpp>
#include <fsis/io/text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace io {

/// What a safetensors header says of one tensor: element type, extents as written (rank 0 to 8, C order),
/// and its bytes [begin, end) counted from the end of the header.
struct stored_tensor {
  std::string name;
  dtype type = dtype::f32;
  std::vector<index_t> dims;
  std::uint64_t begin = 0, end = 0;

  /// The extents as a shape. Throws `shape_error` where the rank exceeds `shape::max_rank`.
  shape extents() const {
    shape s;
    for (index_t d : dims) s.push_back(d);
    return s;
  }

  /// Number of elements.
  index_t size() const {
    index_t n = 1;
    for (index_t d : dims) n *= d;
    return n;
  }

  /// Bytes of all elements.
  std::uint64_t bytes() const { return static_cast<std::uint64_t>(size() * bits_of(type)) / 8; }

  /// "(64,3,3,3)"
  std::string dims_text() const {
    std::string out = "(";
    for (std::size_t i = 0; i < dims.size(); ++i) out += (i ? "," : "") + std::to_string(dims[i]);
    return out + ")";
  }
};

/// A header that passed every check.
struct safetensors_header {
  std::map<std::string, std::string> metadata;
  std::map<std::string, stored_tensor> tensors;
};

namespace detail {

// Receives the header's JSON value by value and refuses the first that has no place in the format, so
// that no document tree is ever built. The first refusal is the text in `failure`.
class safetensors_events {
 public:
  safetensors_header header;
  std::string failure;

  bool start_object(std::size_t) {
    if (++depth_ > safetensors_limits::depth) return too_deep();
    if (place_ == place::outside) return enter(place::top);
    if (place_ != place::top) return unexpected("an object");
    if (entry_ == "__metadata__") return enter(place::metadata);
    tensor_ = {};
    tensor_.name = entry_;
    has_type_ = has_shape_ = has_offsets_ = false;
    return enter(place::tensor);
  }

  bool end_object() {
    --depth_;
    if (place_ == place::tensor && !finish_tensor()) return false;
    return enter(place_ == place::top ? place::outside : place::top);
  }

  bool start_array(std::size_t) {
    if (++depth_ > safetensors_limits::depth) return too_deep();
    if (place_ != place::tensor || field_ == "dtype") return unexpected("an array");
    return enter(field_ == "shape" ? place::dims : place::offsets);
  }

  bool end_array() {
    --depth_;
    if (place_ == place::offsets && offsets_ != 2)
      return refuse(subject(), "data_offsets holds ", offsets_, " numbers, wanted 2");
    return enter(place::tensor);
  }

  bool key(std::string& name) {
    if (place_ == place::tensor) return start_field(name);
    if (name.size() > safetensors_limits::name_bytes)
      return refuse("name ", shown(name), " has ", name.size(), " bytes, at most ",
                    safetensors_limits::name_bytes);
    bool const fresh =
        place_ == place::metadata ? header.metadata.emplace(name, "").second : start_entry(name);
    (place_ == place::metadata ? metadata_key_ : entry_) = name;
    return fresh || refuse("name ", shown(name), " occurs twice");
  }

  bool string(std::string& text) {
    if (place_ == place::metadata) {
      header.metadata[metadata_key_] = std::move(text);
      return true;
    }
    if (place_ != place::tensor || field_ != "dtype") return unexpected("a string");
    std::optional<dtype> const known = dtype_named(text);
    if (!known) return refuse(subject(), "unknown dtype ", shown(text, 40));
    tensor_.type = *known;
    return true;
  }

  bool number_unsigned(std::uint64_t n) {
    if (place_ == place::offsets) {
      if (offsets_ < 2) (offsets_ == 0 ? tensor_.begin : tensor_.end) = n;
      ++offsets_;
      return true;
    }
    if (place_ != place::dims) return unexpected(message("the number ", n));
    if (tensor_.dims.size() == safetensors_limits::rank)
      return refuse(subject(), "more than ", safetensors_limits::rank, " extents");
    if (n > static_cast<std::uint64_t>((std::numeric_limits<index_t>::max)()))
      return refuse(subject(), "extent ", n, " does not fit into 63 bits");
    tensor_.dims.push_back(static_cast<index_t>(n));
    return true;
  }

  bool number_integer(std::int64_t n) {
    return n >= 0 ? number_unsigned(static_cast<std::uint64_t>(n)) : unexpected(message("the number ", n));
  }
  bool number_float(double, std::string const& text) { return unexpected("the number " + shown(text, 40)); }
  bool boolean(bool value) { return unexpected(value ? "true" : "false"); }
  bool null() { return unexpected("null"); }
  bool binary(nlohmann::json::binary_t&) { return unexpected("binary data"); }

  bool parse_error(std::size_t position, std::string const&, nlohmann::json::exception const& why) {
    return refuse("header is not JSON at its byte ", position, ": ", shown(why.what(), 200));
  }

 private:
  enum class place { outside, top, metadata, tensor, dims, offsets };

  bool enter(place next) {
    place_ = next;
    return true;
  }

  template <class... Parts>
  bool refuse(Parts const&... parts) {
    failure = message(parts...);
    return false;
  }

  bool too_deep() { return refuse("header nests ", depth_, " deep, at most ", safetensors_limits::depth); }

  std::string subject() const { return message("tensor ", shown(tensor_.name), ": "); }

  bool unexpected(std::string const& found) {
    switch (place_) {
      case place::outside: break;
      case place::top: return refuse("entry ", shown(entry_), " is ", found, ", wanted an object");
      case place::metadata:
        return refuse("metadata ", shown(metadata_key_), " is ", found, ", wanted a string");
      case place::tensor:
        return refuse(subject(), field_, " is ", found, ", wanted ",
                      field_ == "dtype" ? "a string" : "an array of integers");
      case place::dims: return refuse(subject(), "shape holds ", found, ", wanted integers >= 0");
      case place::offsets: return refuse(subject(), "data_offsets holds ", found, ", wanted integers >= 0");
    }
    return refuse("header is ", found, ", wanted an object");
  }

  bool start_entry(std::string const& name) {
    if (name == "__metadata__") return !std::exchange(has_metadata_, true);
    return header.tensors.emplace(name, stored_tensor{}).second;
  }

  bool start_field(std::string const& name) {
    bool* const seen = name == "dtype"          ? &has_type_
                       : name == "shape"        ? &has_shape_
                       : name == "data_offsets" ? &has_offsets_
                                                : nullptr;
    if (seen == nullptr)
      return refuse(subject(), "unknown key ", shown(name, 40), ", wanted dtype, shape and data_offsets");
    field_ = name;
    offsets_ = 0;
    return !std::exchange(*seen, true) || refuse(subject(), "key ", name, " occurs twice");
  }

  bool finish_tensor() {
    char const* const missing = !has_type_      ? "dtype"
                                : !has_shape_   ? "shape"
                                : !has_offsets_ ? "data_offsets"
                                                : nullptr;
    if (missing != nullptr) return refuse(subject(), missing, " is missing");
    // extents of zero are left out: an overflow is refused also where a zero would hide it
    index_t bits = bits_of(tensor_.type);
    for (index_t d : tensor_.dims) {
      if (d > 0 && bits > (std::numeric_limits<index_t>::max)() / d)
        return refuse(subject(), "shape ", tensor_.dims_text(), " of ", name_of(tensor_.type),
                      " does not fit into 63 bits");
      if (d > 0) bits *= d;
    }
    bits = tensor_.size() * bits_of(tensor_.type);
    if (bits % 8 != 0) return refuse(subject(), bits, " bits are not a whole number of bytes");
    header.tensors[tensor_.name] = std::move(tensor_);
    return true;
  }

  place place_ = place::outside;
  int depth_ = 0;
  std::string entry_, metadata_key_, field_;
  stored_tensor tensor_;
  std::size_t offsets_ = 0;
  bool has_metadata_ = false, has_type_ = false, has_shape_ = false, has_offsets_ = false;
};

// Tensors must follow each other without a hole or an overlap and fill the data exactly.
inline void check_coverage(safetensors_header const& header, std::uint64_t data_bytes,
                           std::string const& origin) {
  std::vector<stored_tensor const*> order;
  order.reserve(header.tensors.size());
  for (auto const& entry : header.tensors) order.push_back(&entry.second);
  std::sort(order.begin(), order.end(), [](stored_tensor const* a, stored_tensor const* b) {
    return a->begin != b->begin ? a->begin < b->begin : a->end < b->end;
  });
  std::uint64_t covered = 0;
  for (stored_tensor const* t : order) {
    require<io_error>(t->begin == covered, "safetensors: ", origin, ": tensor ", shown(t->name),
                      ": begins at byte ", t->begin, " of the data, wanted ", covered,
                      " (neither a hole nor an overlap)");
    require<io_error>(t->end >= t->begin, "safetensors: ", origin, ": tensor ", shown(t->name),
                      ": ends at byte ", t->end, " of the data, before it begins at ", t->begin);
    require<io_error>(t->end - t->begin == t->bytes(), "safetensors: ", origin, ": tensor ", shown(t->name),
                      ": data_offsets span ", t->end - t->begin, " bytes, shape ", t->dims_text(), " of ",
                      name_of(t->type), " needs ", t->bytes());
    covered = t->end;
  }
  require<io_error>(covered == data_bytes, "safetensors: ", origin, ": tensors end at byte ", covered,
                    " of the data, the file holds ", data_bytes);
}

}  // namespace detail

/// Length of the header from the first eight bytes of a file of `file_bytes` bytes (fewer than eight bytes
/// need not be there when `file_bytes` says so). Throws `io_error` naming `origin`.
inline std::uint64_t safetensors_header_length(std::uint8_t const* first, std::uint64_t file_bytes,
                                               std::string const& origin) {
  require<io_error>(file_bytes >= 8, "safetensors: ", origin, ": ", file_bytes,
                    " bytes, wanted at least 8 for the header's length");
  std::uint64_t length = 0;
  for (int i = 7; i >= 0; --i) length = length << 8 | first[i];
  require<io_error>(length <= safetensors_limits::header_bytes, "safetensors: ", origin, ": header of ",
                    length, " bytes, at most ", safetensors_limits::header_bytes);
  require<io_error>(length <= file_bytes - 8, "safetensors: ", origin, ": header of ", length,
                    " bytes, only ", file_bytes - 8, " follow its length");
  return length;
}

/// Reads and validates a header of `length` bytes that is followed by `data_bytes` bytes of data, in this
/// order: begins with '{'; UTF-8; JSON nested at most 3 deep without duplicate keys; known element types,
/// rank <= 8, extents >= 0, sizes that fit; offsets that match the sizes; tensors that cover the data
/// without hole or overlap. Throws `io_error` naming `origin`, the tensor and the numbers.
inline safetensors_header parse_safetensors_header(char const* text, std::size_t length,
                                                   std::uint64_t data_bytes, std::string const& origin) {
  require<io_error>(length > 0, "safetensors: ", origin, ": header is empty, wanted a JSON object");
  require<io_error>(text[0] == '{', "safetensors: ", origin, ": header begins with byte ",
                    static_cast<int>(static_cast<unsigned char>(text[0])), ", wanted 123 ('{')");
  std::size_t const valid = utf8_prefix(text, length);
  require<io_error>(valid == length, "safetensors: ", origin, ": header is not UTF-8 at its byte ", valid);

  // the parser takes a zero byte for the end of its input and would let anything follow
  auto const zero = static_cast<std::size_t>(std::find(text, text + length, '\0') - text);
  require<io_error>(zero == length, "safetensors: ", origin, ": header is not JSON at its byte ", zero,
                    ": a zero byte");

  detail::safetensors_events events;
  bool const complete = nlohmann::json::sax_parse(text, text + length, &events);
  require<io_error>(complete, "safetensors: ", origin, ": ", events.failure);
  detail::check_coverage(events.header, data_bytes, origin);
  return std::move(events.header);
}

}  // namespace io
}  // namespace v0
}  // namespace fsis
