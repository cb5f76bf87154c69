// SPDX-License-Identifier: MIT
#pragma once

// Debian 12 has Catch2 2.13 (one header), newer systems have version 3 (a library): both are served.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

#include <exception>
#include <string>

namespace fsis_test {

/// What `f` throws says, or "" when it throws nothing.
template <class F>
std::string error_text(F f) {
  try {
    f();
  } catch (std::exception const& e) {
    return e.what();
  }
  return "";
}

/// Does the text hold every one of the words?
template <class... Words>
bool mentions(std::string const& text, Words const&... words) {
  bool all = true;
  (void)std::initializer_list<int>{(all = all && text.find(words) != std::string::npos, 0)...};
  return all;
}

}  // namespace fsis_test

using fsis_test::error_text;
using fsis_test::mentions;
