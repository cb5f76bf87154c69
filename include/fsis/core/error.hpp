// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

#include <cstddef>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <type_traits>

#if !FSIS_HAS_EXCEPTIONS
#include <cstdio>
#include <cstdlib>
#endif

namespace fsis {
inline namespace v0 {

/// Base of everything fsis throws. The text reads `operation: fact, what was wanted`, with numbers.
class error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Extents or channel counts that do not fit together.
class shape_error : public error {
 public:
  using error::error;
};

/// An argument outside its range: NaN, an empty mask, a click outside the image, an unknown option.
class value_error : public error {
 public:
  using error::error;
};

/// Memory or a device that is missing, exhausted or failing.
class device_error : public error {
 public:
  using error::error;
};

/// A file that is missing, truncated, malformed, or made for something else.
class io_error : public error {
 public:
  using error::error;
};

namespace detail {

inline std::string text_of(std::string const& s) { return s; }
inline std::string text_of(char const* s) { return s; }
inline std::string text_of(char c) { return std::string(1, c); }

template <class Number>
std::enable_if_t<std::is_arithmetic<Number>::value, std::string> text_of(Number n) {
  std::string s = std::to_string(n);
  // to_string(double) prints six decimals; trailing zeros only make messages harder to read
  if (std::is_floating_point<Number>::value && s.find('.') != std::string::npos) {
    s.erase(s.find_last_not_of('0') + 1);
    if (s.back() == '.') s.pop_back();
  }
  return s;
}

}  // namespace detail

namespace detail {

/// A word or number of a message, not yet text: what it is is known at run time, so that messages of the same length
/// share their code. Refers to its argument.
struct message_part {
  void const* value;
  void (*append)(std::string& text, void const* value);
};

template <class T>
void append_text_of(std::string& text, void const* value) {
  text += text_of(*static_cast<T const*>(value));
}

template <class T>
message_part part_of(T const& value) {
  return {&value, append_text_of<T>};
}

/// Literals of all lengths are one type.
inline message_part part_of(char const* value) {
  return {value, [](std::string& text, void const* characters) { text += static_cast<char const*>(characters); }};
}

template <std::size_t N>
message_part part_of(char const (&value)[N]) {
  return part_of(static_cast<char const*>(value));
}

inline std::string joined(std::initializer_list<message_part> parts) {
  std::string out;
  for (message_part const& p : parts) p.append(out, p.value);
  return out;
}

template <class Error>
[[noreturn]] void fail_with(std::initializer_list<message_part> parts) {
#if FSIS_HAS_EXCEPTIONS
  throw Error(joined(parts));
#else
  std::fprintf(stderr, "fsis: %s\n", joined(parts).c_str());
  std::abort();
#endif
}

}  // namespace detail

/// Joins words and numbers into one message. A type joins in by a `text_of(x)` found by ADL.
template <class... Parts>
std::string message(Parts const&... parts) {
  return detail::joined({detail::part_of(parts)...});
}

/// Throws `Error`; in a program built without exceptions prints the message and aborts.
template <class Error, class... Parts>
[[noreturn]] void fail(Parts const&... parts) {
  detail::fail_with<Error>({detail::part_of(parts)...});
}

/// The check at every public edge: `require<shape_error>(ok, "conv2d: ...", n)`.
/// Parts are joined only when the check fails.
template <class Error, class... Parts>
void require(bool ok, Parts const&... parts) {
  if (!ok) fail<Error>(parts...);
}

}  // namespace v0
}  // namespace fsis
