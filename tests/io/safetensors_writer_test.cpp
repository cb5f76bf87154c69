// SPDX-License-Identifier: MIT
#include <fsis/io/safetensors_writer.hpp>

#include <fsis/io/safetensors_reader.hpp>

#include <io/scratch.hpp>
#include <support/catch.hpp>

#include <limits>

namespace io = fsis::io;
using namespace fsis_test;

TEST_CASE("what is written is read back with its names, shapes and values", "[io][safetensors]") {
  float const f[] = {1.0f, -2.5f, 1e-3f, 65504.0f, 0.0f, -0.0f};
  double const d[] = {1.0 / 3.0, std::numeric_limits<double>::max()};
  io::safetensors_writer writer;
  writer.metadata("config", "{\"a\": [1, \"\xE2\x82\xAC\"]}\n");
  writer.add("net.weight", {1, 2, 3}, f, io::dtype::f32);
  writer.add("net.half", {6}, f, io::dtype::f16);
  writer.add("net.double", {2}, d, io::dtype::f64);
  writer.add("widened", {6}, f, io::dtype::f64);
  writer.add("scalar", {}, d, io::dtype::f32);
  writer.add("empty", {0, 4}, static_cast<float const*>(nullptr), io::dtype::f32);
  writer.add("quote \" \\ \x01", {1}, f, io::dtype::f16);

  scratch_folder folder;
  writer.write(folder / "a.safetensors");
  CHECK(folder.files() == 1);
  CHECK(bytes_of(text_of_file(folder / "a.safetensors")) == writer.encode());
  auto const file = io::safetensors_file::open(folder / "a.safetensors");
  CHECK(file.metadata().at("config") == "{\"a\": [1, \"\xE2\x82\xAC\"]}\n");
  CHECK(file.tensors().size() == 7);
  CHECK(file.at("net.weight").extents() == fsis::shape{1, 2, 3});
  CHECK(file.at("net.weight").type == io::dtype::f32);
  CHECK(file.read<float>("net.weight") == std::vector<float>(f, f + 6));
  CHECK(std::signbit(file.read<float>("net.weight")[5]));
  CHECK(file.read<float>("net.half") ==
        std::vector<float>{1.0f, -2.5f, fsis::from_half(0x1419), 65504.0f, 0.0f, 0.0f});
  CHECK(file.read<double>("net.double") == std::vector<double>(d, d + 2));
  CHECK(file.read<float>("widened") == std::vector<float>(f, f + 6));
  CHECK(file.read<double>("scalar") ==
        std::vector<double>{static_cast<double>(static_cast<float>(1.0 / 3.0))});
  CHECK(file.at("scalar").dims.empty());
  CHECK(file.read<float>("empty").empty());
  CHECK(file.contains("quote \" \\ \x01"));
}

TEST_CASE("the bytes depend on the content alone and every tensor is aligned", "[io][safetensors]") {
  float const v[] = {1, 2, 3};
  io::safetensors_writer a, b;
  a.metadata("x", "1");
  a.metadata("y", "2");
  a.add("p", {3}, v, io::dtype::f16);
  a.add("q", {3}, v, io::dtype::f32);
  a.add("r", {1}, v, io::dtype::f64);
  b.add("r", {1}, v, io::dtype::f64);
  b.metadata("y", "2");
  b.add("q", {3}, v, io::dtype::f32);
  b.metadata("x", "1");
  b.add("p", {3}, v, io::dtype::f16);
  auto const bytes = a.encode();
  CHECK(bytes == b.encode());
  CHECK(bytes == a.encode());
  std::uint64_t const header = io::load<std::uint64_t>(bytes.data());
  CHECK(header % 8 == 0);
  CHECK(bytes[8] == '{');
  CHECK(bytes[7 + header] == ' ');
  auto const file = io::safetensors_file::parse(bytes, "memory");
  for (auto const& t : file.tensors())
    CHECK(t.second.begin % static_cast<std::uint64_t>(io::bits_of(t.second.type) / 8) == 0);
}

TEST_CASE("a file of one tensor has the bytes that the format prescribes", "[io][safetensors]") {
  float const v[] = {1.0f};
  io::safetensors_writer writer;
  writer.add("w", {1}, v, io::dtype::f32);
  std::string const header = R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  std::string const wanted =
      std::string("\x38\0\0\0\0\0\0\0", 8) + header + "  " + std::string("\0\0\x80\x3F", 4);
  CHECK(writer.encode() == bytes_of(wanted));
  CHECK(io::safetensors_writer().encode() == bytes_of(std::string("\x08\0\0\0\0\0\0\0{}      ", 16)));
}

TEST_CASE("what cannot be stored is refused and leaves the writer as it was", "[io][safetensors]") {
  float const v[] = {1.0f, 70000.0f};
  double const d[] = {1e39};
  io::safetensors_writer writer;
  writer.add("w", {1}, v, io::dtype::f32);
  writer.metadata("k", "v");
  auto const before = writer.encode();
  CHECK(mentions(error_text([&] { writer.add("x", {2}, v, io::dtype::f16); }), "'x'", "70000", "index 1",
                 "F16"));
  CHECK(mentions(error_text([&] { writer.add("x", {1}, d, io::dtype::f32); }), "'x'", "index 0", "F32"));
  CHECK(
      mentions(error_text([&] { writer.add("x", {1}, v, io::dtype::i64); }), "'x'", "cannot store as I64"));
  CHECK(mentions(error_text([&] { writer.add("x", {1}, v, io::dtype::bf16); }), "cannot store as BF16"));
  CHECK(mentions(error_text([&] { writer.add("w", {1}, v, io::dtype::f32); }), "'w'", "given before"));
  CHECK(mentions(error_text([&] { writer.add("", {1}, v, io::dtype::f32); }), "reserved"));
  CHECK(mentions(error_text([&] { writer.add("__metadata__", {1}, v, io::dtype::f32); }), "reserved"));
  CHECK(mentions(error_text([&] { writer.add("a\xFF", {1}, v, io::dtype::f32); }), "not UTF-8"));
  CHECK(mentions(error_text([&] { writer.add(std::string(1025, 'n'), {1}, v, io::dtype::f32); }),
                 "1025 bytes"));
  CHECK(mentions(error_text([&] { writer.add("x", {2}, static_cast<float*>(nullptr), io::dtype::f32); }),
                 "null"));
  CHECK(mentions(error_text([&] { writer.metadata("k", "w"); }), "'k'", "given before"));
  CHECK(mentions(error_text([&] { writer.metadata("l", "\xC3"); }), "'l'", "not UTF-8"));
  CHECK_THROWS_AS(writer.metadata("l", "\xC3"), fsis::value_error);
  CHECK(writer.encode() == before);
}

TEST_CASE("NaN and infinities are stored as they are", "[io][safetensors]") {
  float const v[] = {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()};
  io::safetensors_writer writer;
  writer.add("f", {2}, v, io::dtype::f32);
  writer.add("h", {2}, v, io::dtype::f16);
  auto const file = io::safetensors_file::parse(writer.encode(), "memory");
  for (char const* name : {"f", "h"}) {
    auto const back = file.read<float>(name);
    CHECK(std::isnan(back[0]));
    CHECK(back[1] == v[1]);
  }
}

TEST_CASE("a write that fails leaves the old file and nothing else", "[io][safetensors]") {
  scratch_folder folder;
  io::safetensors_writer writer;
  writer.write(folder / "a");
  CHECK_THROWS_AS(writer.write(folder / "no/a"), fsis::io_error);
  CHECK(folder.files() == 1);
}
