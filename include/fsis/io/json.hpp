// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/io/text.hpp>

#include <charconv>
#include <cmath>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace io {

/// A JSON value, for small files of settings and results. Objects keep the order in which members were added. Numbers
/// are doubles: whole ones are exact up to 2^53.
class json {
 public:
  enum class kind { null, boolean, number, text, array, object };
  using member = std::pair<std::string, json>;

  json() = default;
  json(std::string text) : kind_(kind::text), text_(std::move(text)) {}
  json(char const* text) : json(std::string(text)) {}

  template <class Number, class = std::enable_if_t<std::is_arithmetic<Number>::value>>
  json(Number value)
      : kind_(std::is_same<Number, bool>::value ? kind::boolean : kind::number), number_(static_cast<double>(value)) {}

  template <class T>
  json(std::vector<T> const& values) : kind_(kind::array) {
    elements_.reserve(values.size());
    for (T const& v : values) push_back(json(v));
  }

  static json array() { return json(kind::array); }
  static json object() { return json(kind::object); }

  kind what() const { return kind_; }
  bool boolean() const { return number_ != 0; }                           ///< of a `boolean`
  double number() const { return number_; }                               ///< of a `number`
  std::string const& text() const { return text_; }                       ///< of a `text`
  std::vector<json> const& elements() const { return elements_; }         ///< of an `array`
  std::vector<member> const& members() const { return members_; }         ///< of an `object`

  void push_back(json value) { elements_.push_back(std::move(value)); }

  /// Adds a member at the end; the caller does not give a name twice.
  json& add(std::string name, json value) {
    members_.emplace_back(std::move(name), std::move(value));
    return *this;
  }

  /// The member of that name; null when there is none.
  json const* find(std::string const& name) const {
    for (member const& m : members_)
      if (m.first == name) return &m.second;
    return nullptr;
  }

  friend bool operator==(json const& a, json const& b) {
    return a.kind_ == b.kind_ && a.number_ == b.number_ && a.text_ == b.text_ && a.elements_ == b.elements_ &&
           a.members_ == b.members_;
  }
  friend bool operator!=(json const& a, json const& b) { return !(a == b); }

 private:
  explicit json(kind k) : kind_(k) {}

  kind kind_ = kind::null;
  double number_ = 0;
  std::string text_;
  std::vector<json> elements_;
  std::vector<member> members_;
};

namespace detail {

/// With the digits that give the number back exactly; NaN and infinities, which JSON does not know, become null.
inline std::string json_number(double value) {
  if (!std::isfinite(value)) return "null";
  char digits[64];
  bool const is_whole = std::abs(value) < 9007199254740992.0 && value == std::floor(value);
  auto const end = is_whole ? std::to_chars(digits, digits + sizeof digits, static_cast<long long>(value))
                            : std::to_chars(digits, digits + sizeof digits, value);
  return std::string(digits, end.ptr);
}

inline bool is_flat(json const& v) {
  for (json const& e : v.elements())
    if (e.what() >= json::kind::array) return false;
  for (json::member const& m : v.members())
    if (m.second.what() >= json::kind::array) return false;
  return true;
}

inline void append_json(std::string& out, json const& v, std::size_t indent) {
  switch (v.what()) {
    case json::kind::null: out += "null"; return;
    case json::kind::boolean: out += v.boolean() ? "true" : "false"; return;
    case json::kind::number: out += json_number(v.number()); return;
    case json::kind::text: out += json_quoted(v.text()); return;
    case json::kind::array:
    case json::kind::object: break;
  }
  bool const is_array = v.what() == json::kind::array, flat = is_flat(v);
  std::size_t const count = is_array ? v.elements().size() : v.members().size();
  out += is_array ? '[' : '{';
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out += ',';
    if (!flat) out += "\n" + std::string(indent + 1, ' ');
    if (flat && i > 0) out += ' ';
    if (!is_array) out += json_quoted(v.members()[i].first) + ": ";
    append_json(out, is_array ? v.elements()[i] : v.members()[i].second, indent + 1);
  }
  if (!flat) out += "\n" + std::string(indent, ' ');
  out += is_array ? ']' : '}';
}

}  // namespace detail

/// The value as text for a file, with a line end: arrays and objects of plain values on one line each, others indented.
inline std::string to_text(json const& value) {
  std::string out;
  detail::append_json(out, value, 0);
  return out + '\n';
}

}  // namespace io
}  // namespace v0
}  // namespace fsis
