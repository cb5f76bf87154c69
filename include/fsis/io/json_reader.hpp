// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>
#include <fsis/io/file.hpp>
#include <fsis/io/json.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace io {

/// What a JSON text may hold at most.
struct json_limits {
  std::uint64_t bytes = 64'000'000;
  std::size_t depth = 16;
  std::size_t members = 10'000;  ///< of one object: a name is compared with all before it
};

namespace detail {

// Builds a value from the parser's events; the first refusal is the text in `failure`.
class json_builder {
 public:
  explicit json_builder(json_limits const& limits) : limits_(limits) {}

  json root;
  std::string failure;

  bool start_object(std::size_t) { return open(json::object()); }
  bool start_array(std::size_t) { return open(json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    json const& object = open_.back().value;
    if (object.members().size() >= limits_.members)
      return refuse("an object has more than ", limits_.members, " members");
    if (object.find(name) != nullptr) return refuse("name ", shown(name), " occurs twice");
    open_.back().name = name;
    return true;
  }

  bool string(std::string& text) { return put(json(std::move(text))); }
  bool number_unsigned(std::uint64_t n) { return put(json(n)); }
  bool number_integer(std::int64_t n) { return put(json(n)); }
  bool number_float(double n, std::string const&) { return put(json(n)); }
  bool boolean(bool value) { return put(json(value)); }
  bool null() { return put(json()); }
  bool binary(nlohmann::json::binary_t&) { return refuse("binary data"); }

  bool parse_error(std::size_t position, std::string const&, nlohmann::json::exception const& why) {
    return refuse("not JSON at byte ", position, ": ", shown(why.what(), 200));
  }

 private:
  struct level {
    json value;
    std::string name;  // of the member that is being read
  };

  template <class... Parts>
  bool refuse(Parts const&... parts) {
    failure = message(parts...);
    return false;
  }

  bool open(json empty) {
    if (open_.size() >= limits_.depth) return refuse("nested deeper than ", limits_.depth);
    open_.push_back({std::move(empty), {}});
    return true;
  }

  bool close() {
    json done = std::move(open_.back().value);
    open_.pop_back();
    return put(std::move(done));
  }

  bool put(json value) {
    if (open_.empty()) {
      root = std::move(value);
    } else {
      level& l = open_.back();
      if (l.value.what() == json::kind::array)
        l.value.push_back(std::move(value));
      else
        l.value.add(std::move(l.name), std::move(value));
    }
    return true;
  }

  json_limits limits_;
  std::vector<level> open_;
};

}  // namespace detail

/// Reads a JSON text: UTF-8, no name twice in an object, nothing behind the value, within the limits. Throws `io_error`
/// naming `origin` and the place.
inline json parse_json(char const* text, std::size_t count, std::string const& origin, json_limits const& limits = {}) {
  require<io_error>(count <= limits.bytes, "json: ", origin, ": ", count, " bytes, at most ", limits.bytes);
  std::size_t const valid = utf8_prefix(text, count);
  require<io_error>(valid == count, "json: ", origin, ": not UTF-8 at byte ", valid);
  // the parser takes a zero byte for the end of its input and would let anything follow
  auto const zero = static_cast<std::size_t>(std::find(text, text + count, '\0') - text);
  require<io_error>(zero == count, "json: ", origin, ": not JSON at byte ", zero, ": a zero byte");
  detail::json_builder builder(limits);
  bool const complete = nlohmann::json::sax_parse(text, text + count, &builder);
  require<io_error>(complete, "json: ", origin, ": ", builder.failure);
  return std::move(builder.root);
}

/// The JSON value in a file. Throws `io_error` when it cannot be read or is not one.
inline json read_json(std::string const& path, json_limits const& limits = {}) {
  std::vector<std::uint8_t> const bytes = read_file(path, limits.bytes);
  return parse_json(reinterpret_cast<char const*>(bytes.data()), bytes.size(), "'" + path + "'", limits);
}

/// A value with its place in a file, "states[3].batch": what is read from it is checked, and a complaint says where.
class json_place {
 public:
  /// Refers to `value`, which must outlive it.
  json_place(json const& value, std::string origin) : value_(&value), origin_(std::move(origin)) {}

  bool is_null() const { return value_->what() == json::kind::null; }

  /// A member that must be there. Throws `io_error`.
  json_place operator[](std::string const& name) const {
    want(json::kind::object, "an object");
    json const* const found = value_->find(name);
    require<io_error>(found != nullptr, origin_, ": ", path_of(name), " is missing");
    return json_place(*found, origin_, path_of(name));
  }

  bool has(std::string const& name) const {
    want(json::kind::object, "an object");
    return value_->find(name) != nullptr;
  }

  std::vector<std::string> names() const {
    want(json::kind::object, "an object");
    std::vector<std::string> all;
    for (json::member const& m : value_->members()) all.push_back(m.first);
    return all;
  }

  std::vector<json_place> elements() const {
    want(json::kind::array, "an array");
    std::vector<json_place> all;
    for (std::size_t i = 0; i < value_->elements().size(); ++i)
      all.push_back(json_place(value_->elements()[i], origin_, message(path_, "[", i, "]")));
    return all;
  }

  std::string const& text() const {
    want(json::kind::text, "a string");
    return value_->text();
  }

  bool boolean() const {
    want(json::kind::boolean, "true or false");
    return value_->boolean();
  }

  /// A number in [least, most].
  double number(double least, double most) const {
    want(json::kind::number, "a number");
    double const v = value_->number();
    require<io_error>(v >= least && v <= most, origin_, ": ", name(), " is ", detail::json_number(v), ", wanted ",
                      detail::json_number(least), " to ", detail::json_number(most));
    return v;
  }

  /// A whole number in [least, most].
  index_t integer(index_t least, index_t most) const {
    double const v = number(static_cast<double>(least), static_cast<double>(most));
    require<io_error>(v == std::floor(v), origin_, ": ", name(), " is ", detail::json_number(v),
                      ", wanted a whole number");
    return static_cast<index_t>(v);
  }

  /// Throws `io_error` about what stands here: "origin: states[3] ...".
  template <class... Parts>
  [[noreturn]] void refuse(Parts const&... parts) const {
    fail<io_error>(origin_, ": ", name(), " ", parts...);
  }

 private:
  json_place(json const& value, std::string origin, std::string path)
      : value_(&value), origin_(std::move(origin)), path_(std::move(path)) {}

  std::string path_of(std::string const& member) const {
    std::string const quoted = shown(member);
    return (path_.empty() ? "" : path_ + ".") + quoted.substr(1, quoted.size() - 2);
  }
  std::string name() const { return path_.empty() ? "the value" : path_; }

  void want(json::kind kind, char const* wanted) const {
    static constexpr char const* names[] = {"null", "true or false", "a number", "a string", "an array", "an object"};
    require<io_error>(value_->what() == kind, origin_, ": ", name(), " is ", names[static_cast<int>(value_->what())],
                      ", wanted ", wanted);
  }

  json const* value_;
  std::string origin_, path_;
};

}  // namespace io
}  // namespace v0
}  // namespace fsis
