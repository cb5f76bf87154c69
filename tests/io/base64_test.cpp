// SPDX-License-Identifier: MIT
#include <fsis/io/base64.hpp>

#include <support/catch.hpp>

using namespace fsis;

TEST_CASE("base64: the test vectors of RFC 4648, section 10") {
  auto const of = [](std::string const& s) { return io::base64(std::vector<std::uint8_t>(s.begin(), s.end())); };
  CHECK(of("") == "");
  CHECK(of("f") == "Zg==");
  CHECK(of("fo") == "Zm8=");
  CHECK(of("foo") == "Zm9v");
  CHECK(of("foob") == "Zm9vYg==");
  CHECK(of("fooba") == "Zm9vYmE=");
  CHECK(of("foobar") == "Zm9vYmFy");
  CHECK(io::base64({0xfb, 0xff, 0xfe}) == "+//+");
}
