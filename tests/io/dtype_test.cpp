// SPDX-License-Identifier: MIT
#include <fsis/io/dtype.hpp>

#include <support/catch.hpp>

namespace io = fsis::io;

TEST_CASE("element types are known by name and size", "[io][dtype]") {
  CHECK(std::string(io::name_of(io::dtype::f32)) == "F32");
  CHECK(io::bits_of(io::dtype::f16) == 16);
  CHECK(io::bits_of(io::dtype::u64) == 64);
  CHECK(io::bits_of(io::dtype::f6_e3m2) == 6);
  CHECK(io::dtype_named("BF16") == io::dtype::bf16);
  CHECK(io::dtype_named("U64") == io::dtype::u64);
  CHECK(!io::dtype_named("f32"));
  CHECK(!io::dtype_named(""));
}

TEST_CASE("every type is found again by its name", "[io][dtype]") {
  for (int i = 0; i <= static_cast<int>(io::dtype::u64); ++i) {
    auto const type = static_cast<io::dtype>(i);
    INFO(io::name_of(type));
    CHECK(io::dtype_named(io::name_of(type)) == type);
  }
}
