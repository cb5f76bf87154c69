// SPDX-License-Identifier: MIT
#include <fsis/io/npy.hpp>

#include <io/scratch.hpp>
#include <support/catch.hpp>

namespace io = fsis::io;
using namespace fsis_test;

namespace {

// A file put together here and not by the writer: version, header text and elements as they stand.
std::vector<std::uint8_t> file_of(int version, std::string const& header,
                                  std::vector<std::uint8_t> const& elements) {
  std::string text = "\x93NUMPY";
  text += static_cast<char>(version);
  text += '\0';
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i)
    text += static_cast<char>(header.size() >> (8 * i) & 0xFF);
  auto bytes = bytes_of(text + header);
  bytes.insert(bytes.end(), elements.begin(), elements.end());
  return bytes;
}

template <class Stored>
std::vector<std::uint8_t> counting(int count, io::byte_order order) {
  std::vector<std::uint8_t> out(static_cast<std::size_t>(count) * sizeof(Stored));
  for (int i = 0; i < count; ++i)
    io::store(static_cast<Stored>(i) + Stored(0.25), &out[static_cast<std::size_t>(i) * sizeof(Stored)],
              order);
  return out;
}

std::string header_of(std::string const& descr, std::string const& fortran, std::string const& shape) {
  return "{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n";
}

std::string npy_refusal(std::vector<std::uint8_t> const& bytes) {
  try {
    io::decode_npy<float>(bytes.data(), bytes.size(), "a.npy");
  } catch (fsis::io_error const& e) {
    return e.what();
  }
  return "";
}

std::string header_refusal(std::string const& header) {
  return npy_refusal(file_of(1, header, counting<float>(6, {})));
}

template <class T>
io::npy_array<T> decode(std::vector<std::uint8_t> const& bytes) {
  return io::decode_npy<T>(bytes.data(), bytes.size(), "a.npy");
}

}  // namespace

TEST_CASE("floats of both sizes and byte orders are read from every version", "[io][npy]") {
  std::vector<float> const wanted = {0.25f, 1.25f, 2.25f, 3.25f, 4.25f, 5.25f};
  for (int version : {1, 2, 3})
    for (bool big : {false, true}) {
      auto const order = big ? io::byte_order::big : io::byte_order::little;
      INFO("version " << version << " big endian " << big);
      auto const f =
          file_of(version, header_of(big ? ">f4" : "<f4", "False", "(2, 3)"), counting<float>(6, order));
      auto const d =
          file_of(version, header_of(big ? ">f8" : "<f8", "False", "(2, 3)"), counting<double>(6, order));
      CHECK(decode<float>(f).extents == fsis::shape{2, 3});
      CHECK(decode<float>(f).values == wanted);
      CHECK(decode<double>(f).values == std::vector<double>(wanted.begin(), wanted.end()));
      CHECK(decode<float>(d).values == wanted);
    }
}

TEST_CASE("Fortran order is turned into C order", "[io][npy]") {
  // element (i,j,k) of shape (2,3,4) is number i + 2 j + 6 k in the file
  auto const a =
      decode<double>(file_of(1, header_of("<f8", "True", "(2, 3, 4)"), counting<double>(24, {})));
  REQUIRE(a.values.size() == 24);
  std::size_t at = 0;
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 4; ++k) CHECK(a.values[at++] == i + 2 * j + 6 * k + 0.25);
  CHECK(decode<float>(file_of(1, header_of("<f4", "True", "()"), counting<float>(1, {}))).values.size() ==
        1);
  CHECK(decode<float>(file_of(1, header_of("<f4", "True", "(3, 0)"), {})).values.empty());
}

TEST_CASE("shapes are read as Python writes them", "[io][npy]") {
  auto const shape_of = [](std::string const& text, int count) {
    return decode<float>(file_of(1, header_of("<f4", "False", text), counting<float>(count, {}))).extents;
  };
  CHECK(shape_of("()", 1) == fsis::shape{});
  CHECK(shape_of("(4,)", 4) == fsis::shape{4});
  CHECK(shape_of("(2L, 3L)", 6) == fsis::shape{2, 3});
  CHECK(shape_of("( 1 ,2, 3 , 1)", 6) == fsis::shape{1, 2, 3, 1});
  // any order of keys, either quote, no final comma
  auto const other =
      file_of(1, "{\"shape\":(2,),\"descr\":\"<f4\",\"fortran_order\":False}", counting<float>(2, {}));
  CHECK(decode<float>(other).extents == fsis::shape{2});
}

TEST_CASE("what is written is read back and aligned as the format wants", "[io][npy]") {
  scratch_folder folder;
  std::vector<float> const f = {1.0f, -0.0f, 3.5e-40f, 7.0f, 8.0f, 9.0f};
  std::vector<double> const d = {1.0 / 3.0};
  io::write_npy(folder / "f.npy", {1, 2, 3}, f.data());
  io::write_npy(folder / "d.npy", {1}, d.data());
  auto const back = io::read_npy<float>(folder / "f.npy");
  CHECK(back.extents == fsis::shape{1, 2, 3});
  CHECK(back.values == f);
  CHECK(io::read_npy<double>(folder / "d.npy").extents == fsis::shape{1});
  CHECK(io::read_npy<double>(folder / "d.npy").values == d);
  CHECK(decode<float>(io::encode_npy<float>({}, f.data())).extents == fsis::shape{});
  CHECK(decode<float>(io::encode_npy<float>({0, 3}, nullptr)).extents == fsis::shape{0, 3});
  std::string const text = text_of_file(folder / "d.npy");
  CHECK(text.size() == 128 + 8);
  CHECK(text[127] == '\n');
  CHECK(text.substr(10, 58) == "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), } ");
  CHECK(mentions(error_text([] { io::encode_npy<float>({2}, nullptr); }), "null", "(2)"));
  CHECK(mentions(error_text([&] { io::read_npy<float>(folder / "f.npy", 10); }), "at most 10"));
}

TEST_CASE("a file cut off anywhere, or with more at its end, is refused", "[io][npy]") {
  for (int version : {1, 2}) {
    auto const whole = file_of(version, header_of("<f4", "False", "(2, 3)"), counting<float>(6, {}));
    std::size_t refused = 0;
    for (std::size_t n = 0; n < whole.size(); ++n)
      refused +=
          mentions(npy_refusal({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)}), "a.npy");
    CHECK(refused == whole.size());
    auto longer = whole;
    longer.push_back(0);
    CHECK(mentions(npy_refusal(longer), "25 bytes of elements", "(2,3)", "needs 24"));
  }
}

TEST_CASE("the fixed part of a file is checked", "[io][npy]") {
  CHECK(mentions(npy_refusal(bytes_of("\x93NUMP")), "5 bytes", "at least 10"));
  CHECK(mentions(npy_refusal(bytes_of("not a npy file at all")), "mark of an npy file"));
  CHECK(mentions(npy_refusal(file_of(4, header_of("<f4", "False", "(1,)"), {})), "version 4.0"));
  auto minor = file_of(1, header_of("<f4", "False", "(1,)"), counting<float>(1, {}));
  minor[7] = 1;
  CHECK(mentions(npy_refusal(minor), "version 1.1"));
  // twelve bytes that ask for four gigabytes of header
  CHECK(mentions(npy_refusal(bytes_of(std::string("\x93NUMPY\x02\0\xFF\xFF\xFF\xFF", 12))),
                 "header of 4294967295 bytes", "only 0 follow"));
}

TEST_CASE("headers that are not the format's dictionary are refused", "[io][npy]") {
  CHECK(header_refusal(header_of("<f4", "False", "(2, 3)")) == "");
  CHECK(mentions(header_refusal(""), "wanted '{'"));
  CHECK(mentions(header_refusal(header_of("|O", "False", "(2, 3)")), "'|O'", "'<f4'"));
  CHECK(mentions(header_refusal(header_of("<i4", "False", "(2, 3)")), "'<i4'"));
  CHECK(mentions(header_refusal(header_of("f4", "False", "(2, 3)")), "'f4'"));
  CHECK(mentions(header_refusal("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (6,), }"),
                 "records"));
  CHECK(mentions(header_refusal(header_of("<f4", "0", "(2, 3)")), "neither True nor False"));
  CHECK(mentions(header_refusal(header_of("<f4", "False", "[2, 3]")), "wanted '('"));
  CHECK(mentions(header_refusal(header_of("<f4", "False", "(2 3)")), "wanted ','"));
  CHECK(mentions(header_refusal(header_of("<f4", "False", "(-2, 3)")), "extent >= 0"));
  CHECK(mentions(header_refusal(header_of("<f4", "False", "(2.0, 3)")), "wanted ','"));
  CHECK(mentions(header_refusal(header_of("<f4", "False", "(2, 3")), "wanted"));
  CHECK(mentions(header_refusal(header_of("<f4", "False", "(1, 1, 1, 1, 1, 2, 3)")), "rank exceeds 6"));
  CHECK(mentions(header_refusal(header_of("<f4", "False", "(99999999999999999999,)")), "63 bits"));
  CHECK(mentions(header_refusal(header_of("<f4", "False", "(4294967296, 4294967296)")), "63 bits"));
  CHECK(mentions(header_refusal(header_of("<f4", "False", "(0, 4294967296, 4294967296)")), "63 bits"));
  CHECK(mentions(header_refusal("{'descr': '<f4', 'shape': (6,)}"), "fortran_order is missing"));
  CHECK(mentions(header_refusal("{'descr': '<f4', 'fortran_order': False}"), "shape is missing"));
  CHECK(mentions(header_refusal("{'shape': (6,), 'fortran_order': False}"), "descr is missing"));
  CHECK(mentions(header_refusal("{'shape': (6,), 'shape': (6,)}"), "shape occurs twice"));
  CHECK(mentions(header_refusal("{'more': (6,)}"), "unknown key 'more'"));
  CHECK(mentions(header_refusal("{'shape"), "string does not end"));
  CHECK(mentions(header_refusal("{'sh\\x61pe': (6,)}"), "string does not end"));
  CHECK(mentions(header_refusal(header_of("<f4", "False", "(2, 3)") + "x"), "after the dictionary"));
}
