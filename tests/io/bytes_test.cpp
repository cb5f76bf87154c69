// SPDX-License-Identifier: MIT
#include <fsis/io/bytes.hpp>

#include <support/catch.hpp>

namespace io = fsis::io;

TEST_CASE("numbers are read and written in both byte orders at any address", "[io][bytes]") {
  std::uint8_t const bytes[] = {0xEE, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x88};
  CHECK(io::load<std::uint8_t>(bytes + 1) == 0x01);
  CHECK(io::load<std::uint16_t>(bytes + 1) == 0x0201);
  CHECK(io::load<std::uint16_t>(bytes + 1, io::byte_order::big) == 0x0102);
  CHECK(io::load<std::uint32_t>(bytes + 1) == 0x04030201u);
  CHECK(io::load<std::uint64_t>(bytes + 1) == 0x8807060504030201u);
  CHECK(io::load<std::int64_t>(bytes + 1, io::byte_order::big) == 0x0102030405060788);

  std::uint8_t out[9] = {};
  io::store(1.0f, out + 1);
  CHECK((out[1] == 0 && out[2] == 0 && out[3] == 0x80 && out[4] == 0x3F && out[5] == 0));
  io::store(-2.0, out + 1, io::byte_order::big);
  CHECK((out[0] == 0 && out[1] == 0xC0 && out[2] == 0 && out[8] == 0));
  CHECK(io::load<double>(out + 1, io::byte_order::big) == -2.0);
}
