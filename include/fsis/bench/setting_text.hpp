// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>

#include <charconv>
#include <string>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace bench {

/// One axis run at several values.
struct sweep {
  std::string axis;
  std::vector<index_t> values;
};

namespace detail {

/// A number from all of a text; `whole` is what the user gave.
inline index_t number_in(char const* op, std::string const& text, std::string const& whole, char const* form) {
  index_t value = 0;
  auto const end = text.data() + text.size();
  auto const read = std::from_chars(text.data(), end, value);
  require<value_error>(read.ec == std::errc() && read.ptr == end, op, ": '", whole, "', wanted ", form);
  return value;
}

inline std::vector<std::string> parts_of(std::string const& text, char between) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t at = text.find(between); at != std::string::npos; at = text.find(between, begin)) {
    parts.push_back(text.substr(begin, at - begin));
    begin = at + 1;
  }
  parts.push_back(text.substr(begin));
  return parts;
}

inline std::pair<std::string, std::string> halves_of(char const* op, std::string const& text, char const* form) {
  std::size_t const equals = text.find('=');
  require<value_error>(equals != std::string::npos && equals > 0, op, ": '", text, "', wanted ", form);
  return {text.substr(0, equals), text.substr(equals + 1)};
}

}  // namespace detail

/// "1x48x48x256". Throws `value_error`.
inline std::vector<index_t> parse_shape(std::string const& text) {
  std::vector<index_t> extents;
  for (std::string const& part : detail::parts_of(text, 'x'))
    extents.push_back(detail::number_in("shape", part, text, "numbers with x between them, such as 1x48x48x256"));
  return extents;
}

/// "filters=128". Throws `value_error`.
inline std::pair<std::string, index_t> parse_assignment(std::string const& text) {
  char const* const form = "NAME=NUMBER";
  auto const halves = detail::halves_of("setting", text, form);
  return {halves.first, detail::number_in("setting", halves.second, text, form)};
}

/// "side=128:1536" (from the first, doubling, to the last), "clicks=1:9:2" (steps of 2), "threads=1,2,4" (these).
/// Throws `value_error`.
inline sweep parse_sweep(std::string const& text) {
  char const* const form = "NAME=FIRST:LAST (doubling), NAME=FIRST:LAST:STEP or NAME=A,B,...";
  auto const halves = detail::halves_of("sweep", text, form);
  sweep s{halves.first, {}};
  auto const range = detail::parts_of(halves.second, ':');
  if (range.size() == 1) {
    for (std::string const& part : detail::parts_of(halves.second, ','))
      s.values.push_back(detail::number_in("sweep", part, text, form));
    return s;
  }
  std::vector<index_t> n;
  for (std::string const& part : range) n.push_back(detail::number_in("sweep", part, text, form));
  bool const doubles = n.size() == 2;
  constexpr index_t most = index_t{1} << 40;  // sums and doubles of it still are numbers
  bool const rises = n.size() <= 3 && n[0] >= 1 && n[1] > n[0] && n[1] <= most;
  require<value_error>(rises && (doubles || (n[2] >= 1 && n[2] <= most)), "sweep: '", text, "', wanted ", form,
                       " with numbers of at least 1 that rise");
  constexpr index_t most_values = 100;
  for (index_t v = n[0]; v < n[1]; v = doubles ? 2 * v : v + n[2]) {
    s.values.push_back(v);
    require<value_error>(static_cast<index_t>(s.values.size()) < most_values, "sweep: '", text, "' has more than ",
                         most_values, " values");
  }
  s.values.push_back(n[1]);
  return s;
}

}  // namespace bench
}  // namespace v0
}  // namespace fsis
