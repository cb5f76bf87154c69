// SPDX-License-Identifier: MIT
#include <fsis/io/jpeg.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <cstdlib>

namespace io = fsis::io;

namespace {

using bytes_t = std::vector<std::uint8_t>;

// How the passes over a picture are cut: all in one, coarse to fine, one for each channel.
enum class scans { one, progressive, separate };

// A file of any colour space, straight from libjpeg.
bytes_t made_by_libjpeg(int height, int width, J_COLOR_SPACE space, int channels, scans order) {
  bytes_t samples(static_cast<std::size_t>(height * width * channels));
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<std::uint8_t>(100 + i % 50);
  jpeg_compress_struct info = {};
  jpeg_error_mgr errors = {};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* out = nullptr;
  unsigned long count = 0;
  jpeg_mem_dest(&info, &out, &count);
  info.image_height = static_cast<JDIMENSION>(height);
  info.image_width = static_cast<JDIMENSION>(width);
  info.input_components = channels;
  info.in_color_space = space;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, 100, TRUE);
  if (order == scans::progressive) jpeg_simple_progression(&info);
  jpeg_scan_info const separate[] = {{1, {0}, 0, 63, 0, 0}, {1, {1}, 0, 63, 0, 0}, {1, {2}, 0, 63, 0, 0}};
  if (order == scans::separate) {
    info.scan_info = separate;
    info.num_scans = 3;
  }
  jpeg_start_compress(&info, TRUE);
  for (int y = 0; y < height; ++y) {
    JSAMPROW row = &samples[static_cast<std::size_t>(y * width * channels)];
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  bytes_t const bytes(out, out + count);
  jpeg_destroy_compress(&info);
  std::free(out);
  return bytes;
}

fsis::image decoded_jpeg(bytes_t const& bytes, io::image_limits const& limits = {}) {
  return io::decode_jpeg(bytes.data(), bytes.size(), "a.jpg", limits);
}

std::string jpeg_refusal(bytes_t const& bytes, io::image_limits const& limits = {}) {
  try {
    decoded_jpeg(bytes, limits);
  } catch (fsis::io_error const& e) {
    return e.what();
  }
  return "";
}

fsis::image ramp(fsis::index_t height, fsis::index_t width) {
  fsis::image out = fsis::image::blank(height, width);
  for (fsis::index_t y = 0; y < height; ++y)
    for (fsis::index_t x = 0; x < width; ++x) {
      out(y, x, 0) = static_cast<std::uint8_t>(255 * y / height);
      out(y, x, 1) = static_cast<std::uint8_t>(255 * x / width);
      out(y, x, 2) = 128;
    }
  return out;
}

// Position of the two bytes of the height in the frame header.
std::size_t size_place(bytes_t const& bytes) {
  std::size_t at = 2;
  while (bytes[at + 1] != 0xC0 && bytes[at + 1] != 0xC2) at += 2u + bytes[at + 2] * 256u + bytes[at + 3];
  return at + 5;
}

}  // namespace

TEST_CASE("a smooth picture survives within the loss of its quality", "[io][jpeg]") {
  for (fsis::index_t height : {1, 16, 37})
    for (fsis::index_t width : {1, 8, 50}) {
      INFO(height << "x" << width);
      fsis::image const before = ramp(height, width);
      fsis::image const after = decoded_jpeg(io::encode_jpeg(before, 100));
      REQUIRE(after.height() == height);
      REQUIRE(after.width() == width);
      int worst = 0;
      for (fsis::index_t i = 0; i < height * width * 3; ++i)
        worst = std::max(worst,
                         std::abs(static_cast<int>(before.data()[i]) - static_cast<int>(after.data()[i])));
      // chroma is stored at half the resolution: neighbours on a ramp of 255 over the side are averaged
      CHECK(worst <= 255 / static_cast<int>(std::min(height, width)) + 8);
    }
  CHECK(io::encode_jpeg(ramp(64, 64), 20).size() < io::encode_jpeg(ramp(64, 64), 95).size());
}

TEST_CASE("grey and progressive files are read, grey as equal channels", "[io][jpeg]") {
  fsis::image const grey = decoded_jpeg(made_by_libjpeg(9, 13, JCS_GRAYSCALE, 1, scans::one));
  for (fsis::index_t i = 0; i < 9 * 13; ++i) {
    int const wanted = 100 + static_cast<int>(i % 50);
    CHECK(std::abs(grey.data()[3 * i] - wanted) <= 2);
    CHECK((grey.data()[3 * i] == grey.data()[3 * i + 1] && grey.data()[3 * i] == grey.data()[3 * i + 2]));
  }
  auto const pixels = [](fsis::image const& i) {
    return bytes_t(i.data(), i.data() + i.height() * i.width() * 3);
  };
  CHECK(pixels(decoded_jpeg(made_by_libjpeg(20, 30, JCS_RGB, 3, scans::progressive))) ==
        pixels(decoded_jpeg(made_by_libjpeg(20, 30, JCS_RGB, 3, scans::one))));
}

TEST_CASE("four channels are refused", "[io][jpeg]") {
  CHECK(mentions(jpeg_refusal(made_by_libjpeg(8, 8, JCS_CMYK, 4, scans::one)), "a.jpg", "4 channels", "CMYK"));
}

TEST_CASE("jpeg: the size is refused before anything is decoded", "[io][jpeg]") {
  auto bytes = io::encode_jpeg(ramp(2, 3));
  io::image_limits limits;
  limits.max_pixels = 6;
  CHECK(decoded_jpeg(bytes, limits).width() == 3);
  limits.max_pixels = 5;
  CHECK(mentions(jpeg_refusal(bytes, limits), "a.jpg", "2x3", "limit of 5 pixels"));
  std::size_t const at = size_place(bytes);
  bytes[at] = bytes[at + 2] = 10000 >> 8;
  bytes[at + 1] = bytes[at + 3] = 10000 & 255;
  CHECK(mentions(jpeg_refusal(bytes), "10000x10000", "64000000 pixels"));
}

TEST_CASE("a file cut off anywhere is refused with its size", "[io][jpeg]") {
  for (scans order : {scans::one, scans::progressive, scans::separate}) {
    auto const whole = made_by_libjpeg(16, 16, JCS_RGB, 3, order);
    REQUIRE(decoded_jpeg(whole).height() == 16);
    std::size_t refused = 0;
    for (std::size_t n = 0; n < whole.size(); ++n) {
      std::string const text = jpeg_refusal({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)});
      refused += mentions(text, "a.jpg", std::to_string(n) + " bytes");
    }
    CHECK(refused == whole.size());
  }
}

TEST_CASE("damage is refused, also where libjpeg would go on in grey", "[io][jpeg]") {
  CHECK(mentions(jpeg_refusal(bytes_t(100, 'x')), "mark of a JPEG", "100 bytes"));
  CHECK(mentions(jpeg_refusal({0xFF, 0xD8, 0xFF}), "truncated or damaged", "3 bytes"));
  auto bytes = made_by_libjpeg(64, 64, JCS_RGB, 3, scans::one);
  std::fill(bytes.end() - 200, bytes.end() - 100, std::uint8_t{0xFF});
  CHECK(mentions(jpeg_refusal(bytes), "a.jpg", "truncated or damaged", "64x64"));
}

TEST_CASE("a header that only looks unusual is read", "[io][jpeg]") {
  auto bytes = io::encode_jpeg(ramp(4, 4));
  REQUIRE(bytes[3] == 0xE0);
  bytes[11] = 9;  // JFIF version 9
  CHECK(jpeg_refusal(bytes) == "");
}

TEST_CASE("a file that orders pass after pass is refused", "[io][jpeg]") {
  auto const three = made_by_libjpeg(8, 8, JCS_RGB, 3, scans::separate);
  std::size_t last = three.size() - 2;
  while (!(three[last] == 0xFF && three[last + 1] == 0xDA)) --last;
  auto const repeated = [&](int times) {
    bytes_t many(three.begin(), three.end() - 2);
    for (int i = 0; i < times; ++i)
      many.insert(many.end(), three.begin() + static_cast<std::ptrdiff_t>(last), three.end() - 2);
    many.insert(many.end(), {0xFF, 0xD9});
    return many;
  };
  CHECK(jpeg_refusal(repeated(50)) == "");
  CHECK(mentions(jpeg_refusal(repeated(300)), "a.jpg", "more than 200 scans"));
}

TEST_CASE("jpeg: what cannot be written is refused", "[io][jpeg]") {
  CHECK(mentions(error_text([] { io::encode_jpeg(ramp(2, 2), 0); }), "quality 0", "1 to 100"));
  CHECK(mentions(error_text([] { io::encode_jpeg(ramp(2, 2), 101); }), "quality 101"));
  CHECK(mentions(error_text([] { io::encode_jpeg(fsis::image()); }), "empty"));
  CHECK(mentions(error_text([] { io::encode_jpeg(fsis::image::blank(1, 65501)); }), "1x65501", "65500"));
}
