// SPDX-License-Identifier: MIT
#include <fsis/io/safetensors_header.hpp>

#include <support/catch.hpp>

namespace io = fsis::io;

namespace {

io::safetensors_header parse(std::string const& text, std::uint64_t data_bytes) {
  return io::parse_safetensors_header(text.data(), text.size(), data_bytes, "f.st");
}

// What is said of a header that must be refused; "" when it was accepted or another error was thrown.
std::string refusal(std::string const& text, std::uint64_t data_bytes) {
  try {
    parse(text, data_bytes);
  } catch (fsis::io_error const& e) {
    return e.what();
  }
  return "";
}

std::string tensor(std::string const& name, std::string const& type, std::string const& dims,
                   std::string const& offsets) {
  return "\"" + name + "\":{\"dtype\":\"" + type + "\",\"shape\":[" + dims + "],\"data_offsets\":[" +
         offsets + "]}";
}

std::string length_refusal(std::uint64_t length, std::uint64_t file_bytes) {
  std::uint8_t first[8];
  for (int i = 0; i < 8; ++i) first[i] = static_cast<std::uint8_t>(length >> (8 * i));
  return error_text([&] { io::safetensors_header_length(first, file_bytes, "f.st"); });
}

}  // namespace

TEST_CASE("a header is read with its metadata, types, shapes and offsets", "[io][safetensors]") {
  auto const h =
      parse("{\"__metadata__\":{\"a\":\"b\",\"\":\"\\u20ac\"}," + tensor("w", "F32", "2,3", "0,24") + "," +
                tensor("n", "I64", "", "24,32") + "," + tensor("e", "F16", "0,5", "32,32") + "}   ",
            32);
  CHECK(h.metadata.size() == 2);
  CHECK(h.metadata.at("a") == "b");
  CHECK(h.metadata.at("") == "\xE2\x82\xAC");
  REQUIRE(h.tensors.size() == 3);
  io::stored_tensor const& w = h.tensors.at("w");
  CHECK(w.name == "w");
  CHECK(w.type == io::dtype::f32);
  CHECK(w.extents() == fsis::shape{2, 3});
  CHECK(w.begin == 0);
  CHECK(w.end == 24);
  CHECK(w.size() == 6);
  CHECK(w.bytes() == 24);
  CHECK(h.tensors.at("n").extents() == fsis::shape{});
  CHECK(h.tensors.at("e").size() == 0);
}

TEST_CASE("the keys of a tensor come in any order, tensors in any order of offsets", "[io][safetensors]") {
  auto const h = parse("{\"b\":{\"data_offsets\":[4,8],\"shape\":[1],\"dtype\":\"F32\"}," +
                           tensor("a", "F32", "1", "0,4") + "}",
                       8);
  CHECK(h.tensors.at("b").begin == 4);
}

TEST_CASE("files without tensors are files", "[io][safetensors]") {
  CHECK(parse("{}", 0).tensors.empty());
  CHECK(parse("{\"__metadata__\":{}}", 0).metadata.empty());
}

TEST_CASE("rank 8 is read, as a shape only up to the rank of shapes", "[io][safetensors]") {
  auto const h = parse("{" + tensor("r", "U8", "1,1,1,1,1,1,1,2", "0,2") + "}", 2);
  CHECK(h.tensors.at("r").dims.size() == 8);
  CHECK_THROWS_AS(h.tensors.at("r").extents(), fsis::shape_error);
}

TEST_CASE("types of less than a byte are known", "[io][safetensors]") {
  CHECK(parse("{" + tensor("x", "F4", "3,2", "0,3") + "}", 3).tensors.size() == 1);
  CHECK(parse("{" + tensor("x", "F6_E2M3", "4", "0,3") + "}", 3).tensors.size() == 1);
  CHECK(mentions(refusal("{" + tensor("x", "F4", "3", "0,2") + "}", 2), "'x'", "12 bits",
                 "whole number of bytes"));
}

TEST_CASE("the header's length is checked against the format and the file", "[io][safetensors]") {
  CHECK(mentions(length_refusal(0, 0), "f.st", "0 bytes", "at least 8"));
  CHECK(mentions(length_refusal(0, 7), "7 bytes", "at least 8"));
  CHECK(mentions(length_refusal(100000001, 200000000), "100000001 bytes", "at most 100000000"));
  CHECK(mentions(length_refusal(~std::uint64_t{0}, 1000), "18446744073709551615 bytes"));
  CHECK(mentions(length_refusal(3, 10), "header of 3 bytes", "only 2 follow"));
  CHECK(length_refusal(2, 10) == "");
  CHECK(length_refusal(100000000, 100000008) == "");
}

TEST_CASE("text that is no JSON object in UTF-8 is refused", "[io][safetensors]") {
  CHECK(mentions(refusal("", 0), "f.st", "header is empty"));
  CHECK(mentions(refusal("[]", 0), "begins with byte 91", "'{'"));
  CHECK(mentions(refusal(" {}", 0), "begins with byte 32"));
  CHECK(mentions(refusal("\xEF\xBB\xBF{}", 0), "begins with byte 239"));
  CHECK(mentions(refusal("{\"a\xC3\":1}", 0), "not UTF-8 at its byte 3"));
  CHECK(mentions(refusal("{\"__metadata__\":{\"a\":\"\xED\xA0\x80\"}}", 0), "not UTF-8 at its byte 22"));
  CHECK(mentions(refusal("{", 0), "not JSON at its byte"));
  CHECK(mentions(refusal("{} x", 0), "not JSON at its byte 4"));
  CHECK(mentions(refusal("{}{}", 0), "not JSON"));
  CHECK(mentions(refusal("{\"__metadata__\":{\"a\":\"\\ud800\"}}", 0), "not JSON"));
  CHECK(mentions(refusal("{/**/}", 0), "not JSON"));
  CHECK(mentions(refusal(std::string("{}\0", 3), 0), "not JSON at its byte 2", "zero byte"));
  CHECK(mentions(refusal(std::string("{}\0{}", 5), 0), "not JSON at its byte 2"));
  CHECK(mentions(refusal("{" + tensor("x", "F32", "1e999", "0,4") + "}", 4), "not JSON"));
}

TEST_CASE("nesting deeper than three is refused, however deep", "[io][safetensors]") {
  CHECK(mentions(refusal("{\"x\":{\"shape\":[[1]]}}", 0), "nests 4 deep", "at most 3"));
  CHECK(mentions(refusal("{\"x\":{\"shape\":[{}]}}", 0), "nests 4 deep", "at most 3"));
  CHECK(mentions(refusal("{\"x\":" + std::string(1000000, '['), 0), "'x'", "an array"));
  CHECK(mentions(refusal("{\"x\":{\"shape\":" + std::string(1000000, '['), 0), "nests 4 deep"));
}

TEST_CASE("names occur once and are not too long", "[io][safetensors]") {
  std::string const x = tensor("x", "U8", "1", "0,1");
  CHECK(mentions(refusal("{" + x + "," + x + "}", 1), "name 'x' occurs twice"));
  CHECK(mentions(refusal("{" + x + "," + tensor("\\u0078", "U8", "1", "1,2") + "}", 2),
                 "name 'x' occurs twice"));
  CHECK(mentions(refusal("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", 0), "name 'k' occurs twice"));
  CHECK(mentions(refusal("{\"__metadata__\":{},\"__metadata__\":{}}", 0), "'__metadata__' occurs twice"));
  CHECK(
      mentions(refusal("{\"x\":{\"dtype\":\"U8\",\"dtype\":\"U8\"}}", 0), "'x'", "key dtype occurs twice"));
  CHECK(mentions(refusal("{\"x\":{\"shape\":[],\"shape\":[]}}", 0), "key shape occurs twice"));
  CHECK(mentions(refusal("{\"x\":{\"data_offsets\":[0,0],\"data_offsets\":[0,0]}}", 0),
                 "key data_offsets occurs twice"));
  CHECK(parse("{" + tensor(std::string(1024, 'n'), "U8", "1", "0,1") + "}", 1).tensors.size() == 1);
  CHECK(mentions(refusal("{" + tensor(std::string(1025, 'n'), "U8", "1", "0,1") + "}", 1), "'nnn",
                 "1025 bytes", "at most 1024"));
  CHECK(mentions(refusal("{\"__metadata__\":{\"" + std::string(1025, 'n') + "\":\"\"}}", 0), "1025 bytes"));
}

TEST_CASE("values of another kind than the format's are refused", "[io][safetensors]") {
  CHECK(mentions(refusal("{\"x\":1}", 0), "entry 'x' is the number 1", "wanted an object"));
  CHECK(mentions(refusal("{\"x\":\"s\"}", 0), "entry 'x' is a string"));
  CHECK(mentions(refusal("{\"x\":[]}", 0), "entry 'x' is an array"));
  CHECK(mentions(refusal("{\"x\":null}", 0), "entry 'x' is null"));
  CHECK(mentions(refusal("{\"x\":true}", 0), "entry 'x' is true"));
  CHECK(mentions(refusal("{\"__metadata__\":{\"k\":1}}", 0), "metadata 'k' is the number 1", "a string"));
  CHECK(mentions(refusal("{\"__metadata__\":{\"k\":{}}}", 0), "metadata 'k' is an object"));
  CHECK(mentions(refusal("{\"__metadata__\":{\"k\":[]}}", 0), "metadata 'k' is an array"));
  CHECK(mentions(refusal("{\"__metadata__\":[]}", 0), "entry '__metadata__' is an array"));
  CHECK(mentions(refusal("{\"x\":{\"dtype\":1}}", 0), "tensor 'x'", "dtype is the number 1", "a string"));
  CHECK(mentions(refusal("{\"x\":{\"dtype\":[]}}", 0), "dtype is an array"));
  CHECK(mentions(refusal("{\"x\":{\"shape\":4}}", 0), "shape is the number 4", "an array of integers"));
  CHECK(mentions(refusal("{\"x\":{\"shape\":{}}}", 0), "shape is an object"));
  CHECK(mentions(refusal("{\"x\":{\"data_offsets\":\"0\"}}", 0), "data_offsets is a string"));
  CHECK(mentions(refusal("{\"x\":{\"more\":1}}", 0), "tensor 'x'", "unknown key 'more'"));
  CHECK(mentions(refusal("{\"x\":{}}", 0), "tensor 'x'", "dtype is missing"));
  CHECK(mentions(refusal("{\"x\":{\"dtype\":\"U8\"}}", 0), "shape is missing"));
  CHECK(mentions(refusal("{\"x\":{\"dtype\":\"U8\",\"shape\":[]}}", 0), "data_offsets is missing"));
}

TEST_CASE("types, ranks and extents out of range are refused", "[io][safetensors]") {
  CHECK(mentions(refusal("{" + tensor("x", "F31", "1", "0,4") + "}", 4), "tensor 'x'",
                 "unknown dtype 'F31'"));
  CHECK(mentions(refusal("{" + tensor("x", "U8", "1,1,1,1,1,1,1,1,1", "0,1") + "}", 1), "'x'",
                 "more than 8 extents"));
  CHECK(mentions(refusal("{" + tensor("x", "U8", "-1", "0,1") + "}", 1), "'x'", "the number -1",
                 "integers >= 0"));
  CHECK(mentions(refusal("{" + tensor("x", "U8", "1.0", "0,1") + "}", 1), "'x'", "'1.0'", "integers >= 0"));
  CHECK(mentions(refusal("{" + tensor("x", "U8", "\"1\"", "0,1") + "}", 1), "'x'", "shape holds a string"));
  CHECK(mentions(refusal("{" + tensor("x", "U8", "true", "0,1") + "}", 1), "'x'", "shape holds true"));
  CHECK(mentions(refusal("{" + tensor("x", "U8", "9223372036854775808", "0,1") + "}", 1), "'x'",
                 "extent 9223372036854775808", "63 bits"));
}

TEST_CASE("sizes that wrap are refused before a zero can hide them", "[io][safetensors]") {
  // 2^32 * 2^32 and 2^62 * 4 wrap to zero in 64 bits, and so does 2^61 of eight bytes
  CHECK(mentions(refusal("{" + tensor("x", "U8", "4294967296,4294967296", "0,0") + "}", 0), "'x'",
                 "(4294967296,4294967296) of U8", "63 bits"));
  CHECK(mentions(refusal("{" + tensor("x", "F32", "4611686018427387904", "0,0") + "}", 0), "63 bits"));
  CHECK(mentions(refusal("{" + tensor("x", "F64", "2305843009213693952", "0,0") + "}", 0), "63 bits"));
  CHECK(mentions(refusal("{" + tensor("x", "U8", "0,4294967296,4294967296", "0,0") + "}", 0), "63 bits"));
  CHECK(mentions(refusal("{" + tensor("x", "U8", "4294967296,4294967296,0", "0,0") + "}", 0), "63 bits"));
  CHECK(parse("{" + tensor("x", "U8", "0,1099511627776", "0,0") + "}", 0).tensors.at("x").size() == 0);
}

TEST_CASE("offsets must match shapes and cover the data once", "[io][safetensors]") {
  auto const two = [](std::string const& a, std::string const& b) {
    return "{" + tensor("a", "F32", "2", a) + "," + tensor("b", "F32", "1", b) + "}";
  };
  CHECK(parse(two("0,8", "8,12"), 12).tensors.size() == 2);
  CHECK(mentions(refusal(two("1,9", "9,13"), 13), "tensor 'a'", "begins at byte 1", "wanted 0"));
  CHECK(mentions(refusal(two("0,8", "9,13"), 13), "tensor 'b'", "begins at byte 9", "wanted 8"));
  CHECK(mentions(refusal(two("0,8", "7,11"), 11), "tensor 'b'", "begins at byte 7", "wanted 8"));
  CHECK(mentions(refusal(two("0,8", "0,4"), 8), "tensor 'a'", "begins at byte 0", "wanted 4"));
  CHECK(mentions(refusal(two("0,8", "8,4"), 12), "tensor 'b'", "ends at byte 4", "begins at 8"));
  CHECK(mentions(refusal(two("0,8", "8,16"), 16), "tensor 'b'", "span 8 bytes", "(1) of F32 needs 4"));
  CHECK(mentions(refusal(two("0,4", "4,8"), 8), "tensor 'a'", "span 4 bytes", "(2) of F32 needs 8"));
  CHECK(mentions(refusal(two("0,8", "8,12"), 13), "end at byte 12", "file holds 13"));
  CHECK(mentions(refusal(two("0,8", "8,12"), 11), "end at byte 12", "file holds 11"));
  CHECK(mentions(refusal("{}", 1), "end at byte 0", "file holds 1"));
  CHECK(mentions(refusal("{" + tensor("x", "U8", "1", "0") + "}", 1), "'x'", "holds 1 numbers, wanted 2"));
  CHECK(mentions(refusal("{" + tensor("x", "U8", "1", "0,1,2") + "}", 1), "'x'",
                 "holds 3 numbers, wanted 2"));
  CHECK(mentions(refusal("{" + tensor("x", "U8", "1", "0,-1") + "}", 1), "'x'",
                 "data_offsets holds the number -1"));
  CHECK(mentions(refusal("{" + tensor("x", "U8", "1", "0,1.5") + "}", 1), "'x'",
                 "data_offsets holds the number"));
  // an empty tensor may stand between two others and nowhere else
  CHECK(parse("{" + tensor("e", "U8", "0", "1,1") + "," + tensor("x", "U8", "1", "0,1") + "}", 1)
            .tensors.size() == 2);
  CHECK(mentions(refusal("{" + tensor("e", "U8", "0", "5,5") + "}", 0), "'e'", "begins at byte 5"));
}
