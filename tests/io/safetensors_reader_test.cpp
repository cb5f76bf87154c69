// SPDX-License-Identifier: MIT
#include <fsis/io/safetensors_reader.hpp>

#include <io/scratch.hpp>
#include <support/catch.hpp>

#include <limits>

namespace io = fsis::io;
using namespace fsis_test;

namespace {

// A file with the header's text and data as they stand, put together here and not by the writer.
std::vector<std::uint8_t> file_of(std::string const& header, std::vector<std::uint8_t> const& data) {
  std::vector<std::uint8_t> out(8);
  io::store(static_cast<std::uint64_t>(header.size()), out.data());
  out.insert(out.end(), header.begin(), header.end());
  out.insert(out.end(), data.begin(), data.end());
  return out;
}

// One of each type that is read, and one that is not: 1.5 and -2 everywhere.
std::vector<std::uint8_t> example() {
  std::string const header = R"({"__metadata__":{"architecture":"none"},)"
                             R"("h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},)"
                             R"("b":{"dtype":"BF16","shape":[2],"data_offsets":[4,8]},)"
                             R"("f":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]},)"
                             R"("d":{"dtype":"F64","shape":[2,1],"data_offsets":[16,32]},)"
                             R"("i":{"dtype":"I64","shape":[],"data_offsets":[32,40]}})";
  std::vector<std::uint8_t> data(40);
  io::store<std::uint16_t>(0x3E00, &data[0]);
  io::store<std::uint16_t>(0xC000, &data[2]);
  io::store<std::uint16_t>(0x3FC0, &data[4]);
  io::store<std::uint16_t>(0xC000, &data[6]);
  io::store(1.5f, &data[8]);
  io::store(-2.0f, &data[12]);
  io::store(1.5, &data[16]);
  io::store(-2.0, &data[24]);
  return file_of(header, data);
}

void check_example(io::safetensors_file const& file) {
  CHECK(file.metadata().at("architecture") == "none");
  CHECK(file.tensors().size() == 5);
  for (char const* name : {"h", "b", "f", "d"}) {
    INFO(name);
    CHECK(file.contains(name));
    CHECK(file.read<float>(name) == std::vector<float>{1.5f, -2.0f});
    CHECK(file.read<double>(name, io::read_values::finite_only) == std::vector<double>{1.5, -2.0});
  }
  CHECK(file.at("f").extents() == fsis::shape{1, 2});
}

}  // namespace

TEST_CASE("tensors are read from memory and from a file, converted to float and double",
          "[io][safetensors]") {
  check_example(io::safetensors_file::parse(example(), "memory"));
  auto const bytes = example();
  check_example(io::safetensors_file::parse(bytes.data(), bytes.size(), "memory"));
  scratch_folder folder;
  io::write_file(folder / "a.safetensors", bytes);
  auto const file = io::safetensors_file::open(folder / "a.safetensors");
  CHECK(file.origin() == folder / "a.safetensors");
  check_example(file);
}

TEST_CASE("what is asked for and cannot be given is named", "[io][safetensors]") {
  auto const file = io::safetensors_file::parse(example(), "a.st");
  CHECK(!file.contains("none"));
  CHECK(mentions(error_text([&] { file.at("none"); }), "a.st", "no tensor 'none' among 5"));
  CHECK_THROWS_AS(file.read<float>("none"), fsis::io_error);
  CHECK(mentions(error_text([&] { file.read<float>("i"); }), "a.st", "'i'", "stored as I64",
                 "F16, BF16, F32 or F64"));
}

TEST_CASE("NaN and infinities are found where only finite values are wanted", "[io][safetensors]") {
  std::string const header = R"({"w":{"dtype":"F64","shape":[3],"data_offsets":[0,24]}})";
  std::vector<std::uint8_t> data(24);
  auto const read = [&](double bad, int index) {
    for (int i = 0; i < 3; ++i) io::store(i == index ? bad : 1.0, &data[static_cast<std::size_t>(8 * i)]);
    return io::safetensors_file::parse(file_of(header, data), "n.st");
  };
  for (double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                     -std::numeric_limits<double>::infinity()})
    for (int index = 0; index < 3; ++index) {
      auto const file = read(bad, index);
      CHECK(file.read<double>("w").size() == 3);
      CHECK(mentions(error_text([&] { file.read<double>("w", io::read_values::finite_only); }), "n.st",
                     "tensor 'w'", "index " + std::to_string(index) + " of 3", "finite"));
    }
  // finite as double, infinite once it is a float
  auto const file = read(1e300, 2);
  CHECK(file.read<double>("w", io::read_values::finite_only)[2] == 1e300);
  CHECK(mentions(error_text([&] { file.read<float>("w", io::read_values::finite_only); }), "index 2"));
}

TEST_CASE("a file cut off anywhere is refused, from memory and from disk", "[io][safetensors]") {
  auto const whole = example();
  scratch_folder folder;
  int refused = 0;
  for (std::size_t n = 0; n < whole.size(); ++n) {
    std::vector<std::uint8_t> const part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
    try {
      io::safetensors_file::parse(part, "part");
    } catch (fsis::io_error const& e) {
      refused += mentions(e.what(), "part");
    }
    io::write_file(folder / "part", part);
    try {
      io::safetensors_file::open(folder / "part");
    } catch (fsis::io_error const& e) {
      refused += mentions(e.what(), folder / "part");
    }
  }
  CHECK(refused == 2 * static_cast<int>(whole.size()));
}

TEST_CASE("one byte too many is refused", "[io][safetensors]") {
  auto bytes = example();
  bytes.push_back(0);
  CHECK(mentions(error_text([&] { io::safetensors_file::parse(bytes, "x"); }), "end at byte 40",
                 "file holds 41"));
}

TEST_CASE("a small file that claims much is refused before memory is asked for", "[io][safetensors]") {
  // 2^40 floats: an allocation of this size would throw something else than io_error
  std::string const header =
      R"({"w":{"dtype":"F32","shape":[1099511627776],"data_offsets":[0,4398046511104]}})";
  CHECK_THROWS_AS(io::safetensors_file::parse(file_of(header, {1, 2, 3}), "x"), fsis::io_error);
}
