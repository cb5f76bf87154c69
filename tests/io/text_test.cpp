// SPDX-License-Identifier: MIT
#include <fsis/io/text.hpp>

#include <support/catch.hpp>

namespace io = fsis::io;

namespace {
std::size_t prefix(std::string const& s) { return io::utf8_prefix(s.data(), s.size()); }
}  // namespace

TEST_CASE("well-formed UTF-8 passes whole", "[io][text]") {
  // the first and last code point of each row of table 3-7
  std::string const all =
      "a\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xE0\xBF\xBF\xE1\x80\x80\xEC\xBF\xBF\xED\x80\x80\xED\x9F\xBF\xEE"
      "\x80\x80"
      "\xEF\xBF\xBF\xF0\x90\x80\x80\xF0\xBF\xBF\xBF\xF1\x80\x80\x80\xF3\xBF\xBF\xBF\xF4\x80\x80\x80\xF4\x8F"
      "\xBF\xBF";
  CHECK(prefix(all) == all.size());
  CHECK(prefix("") == 0);
}

TEST_CASE("the first byte that is not UTF-8 is found", "[io][text]") {
  CHECK(prefix("ab\x80") == 2);
  CHECK(prefix("ab\xC1\xBF") == 2);          // overlong
  CHECK(prefix("ab\xE0\x9F\xBF") == 2);      // overlong
  CHECK(prefix("ab\xF0\x8F\xBF\xBF") == 2);  // overlong
  CHECK(prefix("ab\xED\xA0\x80") == 2);      // surrogate
  CHECK(prefix("ab\xF4\x90\x80\x80") == 2);  // above U+10FFFF
  CHECK(prefix("ab\xF5\x80\x80\x80") == 2);
  CHECK(prefix("ab\xE2\x82") == 2);  // cut off
  CHECK(prefix("ab\xE2\x82x") == 2);
  CHECK(prefix("ab\xC3") == 2);
  CHECK(prefix("ab\xFF") == 2);
}

TEST_CASE("names in messages are quoted, harmless and short", "[io][text]") {
  CHECK(io::shown("conv.weight") == "'conv.weight'");
  CHECK(io::shown("a\n\x1b[2Jb") == "'a??[2Jb'");
  CHECK(io::shown(std::string(200, 'x')) == "'" + std::string(120, 'x') + "...'");
  CHECK(io::shown("ab\xE2\x82\xAC", 4) == "'ab...'");
  CHECK(io::shown("a\xE2\x82\xAC\xFF\xC3z") == "'a\xE2\x82\xAC??z'");
}

TEST_CASE("JSON strings escape what they must", "[io][text]") {
  CHECK(io::json_quoted("plain") == "\"plain\"");
  CHECK(io::json_quoted("a\"b\\c\n\x01") == "\"a\\\"b\\\\c\\n\\u0001\"");
  CHECK(io::json_quoted("\xE2\x82\xAC") == "\"\xE2\x82\xAC\"");
  CHECK(io::json_quoted("a\xFFz\xE2\x82") == "\"a\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD\"");
}
