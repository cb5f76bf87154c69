// SPDX-License-Identifier: MIT
#include <fsis/io/png.hpp>

#include <io/png_maker.hpp>
#include <support/catch.hpp>

namespace io = fsis::io;
using namespace fsis_test;

namespace {

using bytes_t = std::vector<std::uint8_t>;

fsis::image decoded_png(bytes_t const& bytes, io::image_limits const& limits = {}) {
  return io::decode_png(bytes.data(), bytes.size(), "a.png", limits);
}

fsis::mask labels(bytes_t const& bytes, io::image_limits const& limits = {}) {
  return io::decode_png_mask(bytes.data(), bytes.size(), "a.png", limits);
}

std::string png_refusal(bytes_t const& bytes, io::image_limits const& limits = {}) {
  try {
    decoded_png(bytes, limits);
  } catch (fsis::io_error const& e) {
    return e.what();
  }
  return "";
}

std::string mask_refusal(bytes_t const& bytes, io::image_limits const& limits = {}) {
  try {
    labels(bytes, limits);
  } catch (fsis::io_error const& e) {
    return e.what();
  }
  return "";
}

bytes_t pixels_of(fsis::image const& i) { return bytes_t(i.data(), i.data() + i.height() * i.width() * 3); }
bytes_t pixels_of(fsis::mask const& m) { return bytes_t(m.data(), m.data() + m.size()); }

fsis::image coloured(fsis::index_t height, fsis::index_t width) {
  fsis::image out = fsis::image::blank(height, width);
  for (fsis::index_t i = 0; i < height * width * 3; ++i)
    out.data()[i] = static_cast<std::uint8_t>(i * 37 + i / 7);
  return out;
}

fsis::mask counted(fsis::index_t height, fsis::index_t width) {
  fsis::mask out = fsis::mask::blank(height, width);
  for (fsis::index_t i = 0; i < out.size(); ++i) out.data()[i] = static_cast<std::uint8_t>(i);
  return out;
}

}  // namespace

TEST_CASE("pictures, grey maps and label maps come back as they were", "[io][png]") {
  bytes_t palette(768);
  for (std::size_t i = 0; i < palette.size(); ++i) palette[i] = static_cast<std::uint8_t>(i * 11 + 3);
  for (fsis::index_t height : {1, 3, 17})
    for (fsis::index_t width : {1, 5, 64}) {
      INFO(height << "x" << width);
      fsis::image const i = coloured(height, width);
      CHECK(pixels_of(decoded_png(io::encode_png(i))) == pixels_of(i));
      CHECK(decoded_png(io::encode_png(i)).width() == width);

      fsis::mask const m = counted(height, width);
      CHECK(labels(io::encode_png_grey(m)) == m);
      CHECK(labels(io::encode_png_palette(m, palette)) == m);
      fsis::image const grey = decoded_png(io::encode_png_grey(m)),
                        looked_up = decoded_png(io::encode_png_palette(m, palette));
      int wrong = 0;
      for (fsis::index_t y = 0; y < height; ++y)
        for (fsis::index_t x = 0; x < width; ++x)
          for (fsis::index_t c = 0; c < 3; ++c) {
            wrong += grey(y, x, c) != m(y, x);
            wrong += looked_up(y, x, c) != palette[static_cast<std::size_t>(m(y, x) * 3 + c)];
          }
      CHECK(wrong == 0);
    }
}

TEST_CASE("small grey and palette depths: labels raw, pictures scaled or looked up", "[io][png]") {
  bytes_t const colours = {10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120};
  auto const grey1 = png_maker(2, 3, png_kind::grey, 1).rows({{0xA0}, {0x40}}).end();
  CHECK(pixels_of(labels(grey1)) == bytes_t{1, 0, 1, 0, 1, 0});
  CHECK(pixels_of(decoded_png(grey1)) ==
        bytes_t{255, 255, 255, 0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 255, 255, 0, 0, 0});
  auto const grey2 = png_maker(1, 4, png_kind::grey, 2).rows({{0x1B}}).end();
  CHECK(pixels_of(labels(grey2)) == bytes_t{0, 1, 2, 3});
  CHECK(pixels_of(decoded_png(grey2)) == bytes_t{0, 0, 0, 85, 85, 85, 170, 170, 170, 255, 255, 255});
  auto const grey4 = png_maker(1, 2, png_kind::grey, 4).rows({{0x9F}}).end();
  CHECK(pixels_of(labels(grey4)) == bytes_t{9, 15});
  CHECK(pixels_of(decoded_png(grey4)) == bytes_t{153, 153, 153, 255, 255, 255});

  auto const palette2 = png_maker(1, 4, png_kind::palette, 2).chunk("PLTE", colours).rows({{0x1B}}).end();
  CHECK(pixels_of(labels(palette2)) == bytes_t{0, 1, 2, 3});
  CHECK(pixels_of(decoded_png(palette2)) == colours);
  auto const palette1 = png_maker(1, 2, png_kind::palette, 1).chunk("PLTE", colours).rows({{0x40}}).end();
  CHECK(pixels_of(labels(palette1)) == bytes_t{0, 1});
}

TEST_CASE("sixteen bits are scaled for a picture and refused for a mask", "[io][png]") {
  auto const grey = png_maker(1, 3, png_kind::grey, 16).rows({{0x00, 0x00, 0x80, 0x00, 0xFF, 0xFF}}).end();
  CHECK(pixels_of(decoded_png(grey)) == bytes_t{0, 0, 0, 128, 128, 128, 255, 255, 255});
  CHECK(mentions(mask_refusal(grey), "a.png", "16 bits", "at most 8"));
  auto const rgb = png_maker(1, 1, png_kind::rgb, 16).rows({{0x01, 0x01, 0x7F, 0x7F, 0xFE, 0xFE}}).end();
  CHECK(pixels_of(decoded_png(rgb)) == bytes_t{1, 127, 254});
}

TEST_CASE("alpha is dropped, the colour below stays", "[io][png]") {
  auto const rgba = png_maker(1, 2, png_kind::rgba, 8).rows({{1, 2, 3, 0, 4, 5, 6, 128}}).end();
  CHECK(pixels_of(decoded_png(rgba)) == bytes_t{1, 2, 3, 4, 5, 6});
  auto const grey = png_maker(1, 2, png_kind::grey_alpha, 8).rows({{7, 0, 8, 255}}).end();
  CHECK(pixels_of(decoded_png(grey)) == bytes_t{7, 7, 7, 8, 8, 8});
  CHECK(pixels_of(labels(grey)) == bytes_t{7, 8});
  auto const rgba16 = png_maker(1, 1, png_kind::rgba, 16).rows({{1, 1, 2, 2, 3, 3, 0, 0}}).end();
  CHECK(pixels_of(decoded_png(rgba16)) == bytes_t{1, 2, 3});

  bytes_t const colours = {10, 20, 30, 40, 50, 60};
  auto const palette =
      png_maker(1, 2, png_kind::palette, 8).chunk("PLTE", colours).chunk("tRNS", {0}).rows({{1, 0}}).end();
  CHECK(pixels_of(decoded_png(palette)) == bytes_t{40, 50, 60, 10, 20, 30});
  CHECK(pixels_of(labels(palette)) == bytes_t{1, 0});
  auto const keyed = png_maker(1, 2, png_kind::grey, 8).chunk("tRNS", {0, 9}).rows({{9, 3}}).end();
  CHECK(pixels_of(decoded_png(keyed)) == bytes_t{9, 9, 9, 3, 3, 3});
  CHECK(pixels_of(labels(keyed)) == bytes_t{9, 3});
}

TEST_CASE("interlaced files are put together", "[io][png]") {
  // 2x2 in Adam7: pass 1 holds (0,0), pass 6 (0,1), pass 7 row 1
  auto const file = png_maker(2, 2, png_kind::grey, 8, 1).rows({{1}, {2}, {3, 4}}).end();
  CHECK(pixels_of(labels(file)) == bytes_t{1, 2, 3, 4});
  CHECK(pixels_of(decoded_png(file)) == bytes_t{1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4});
}

TEST_CASE("a colour picture is no mask, and the message says what is", "[io][png]") {
  CHECK(mentions(mask_refusal(io::encode_png(coloured(2, 2))), "a.png", "colour", "grey or palette"));
  CHECK(mentions(mask_refusal(png_maker(1, 1, png_kind::rgba, 8).rows({{1, 2, 3, 4}}).end()), "colour"));
}

TEST_CASE("png: the size is refused before anything is decoded", "[io][png]") {
  auto const huge = png_maker(10000, 10000, png_kind::rgb, 8).bytes();
  CHECK(mentions(png_refusal(huge), "a.png", "10000x10000", "64000000 pixels"));
  CHECK(mentions(mask_refusal(huge), "10000x10000", "64000000 pixels"));
  CHECK(mentions(png_refusal(png_maker(0xFFFFFFFFu, 0xFFFFFFFFu, png_kind::rgb, 8).bytes()),
                 "4294967295x4294967295"));
  CHECK(mentions(png_refusal(png_maker(0, 5, png_kind::rgb, 8).bytes()), "0x5", "positive"));
  CHECK(mentions(png_refusal(png_maker(5, 0, png_kind::rgb, 8).bytes()), "5x0", "positive"));
  CHECK(mentions(png_refusal(png_maker(1, 2000000, png_kind::grey, 8).rows({{0}}).end()), "IHDR"));

  auto const six = io::encode_png(coloured(2, 3));
  io::image_limits limits;
  limits.max_pixels = 6;
  CHECK(decoded_png(six, limits).height() == 2);
  limits.max_pixels = 5;
  CHECK(mentions(png_refusal(six, limits), "2x3", "limit of 5 pixels"));
}

TEST_CASE("a file cut off anywhere is refused with numbers", "[io][png]") {
  auto const whole = io::encode_png(coloured(9, 11));
  std::size_t refused = 0, counted_bytes = 0;
  for (std::size_t n = 0; n < whole.size(); ++n) {
    std::string const text = png_refusal({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)});
    refused += mentions(text, "a.png");
    counted_bytes += mentions(text, std::to_string(n));
  }
  CHECK(refused == whole.size());
  CHECK(counted_bytes == whole.size());
  CHECK(mentions(png_refusal({whole.begin(), whole.end() - 1}), "truncated",
                 "the file has " + std::to_string(whole.size() - 1)));
}

TEST_CASE("damage is refused and leaves nothing behind", "[io][png]") {
  CHECK(mentions(png_refusal(bytes_t(100, 'x')), "mark of a PNG", "100 bytes"));
  auto damaged = io::encode_png(coloured(9, 11));
  damaged[60] ^= 1;
  CHECK(mentions(png_refusal(damaged), "a.png"));
  // the last byte of the checksum that stands before the 12 bytes of the end chunk
  damaged = png_maker(1, 1, png_kind::grey, 8).rows({{42}}).end();
  damaged[damaged.size() - 13] ^= 1;
  CHECK(mentions(png_refusal(damaged), "a.png", "CRC"));
  damaged = io::encode_png(coloured(9, 11));
  damaged[13] = 'X';
  CHECK(mentions(png_refusal(damaged), "does not begin with its header"));
  // whole chunks with too little in them
  CHECK(mentions(png_refusal(png_maker(2, 2, png_kind::grey, 8).rows({{1, 2}}).end()), "a.png"));
  CHECK(mentions(png_refusal(png_maker(2, 2, png_kind::grey, 8).end()), "a.png"));
  CHECK(mentions(png_refusal(png_maker(1, 1, png_kind::palette, 8).rows({{0}}).end()), "a.png"));
  CHECK(mentions(png_refusal(png_maker(1, 1, png_kind::grey, 3).rows({{0}}).end()), "IHDR"));
}

TEST_CASE("chunks that do not change samples are passed over", "[io][png]") {
  bytes_t const junk(5000, 'j');
  auto const file = png_maker(1, 1, png_kind::grey, 8)
                        .chunk("iCCP", junk)
                        .chunk("zTXt", junk)
                        .chunk("prVt", junk)
                        .chunk("eXIf", junk)
                        .rows({{42}})
                        .chunk("tEXt", junk)
                        .end();
  CHECK(pixels_of(labels(file)) == bytes_t{42});
}

TEST_CASE("png: what cannot be written is refused", "[io][png]") {
  CHECK(mentions(error_text([] { io::encode_png(fsis::image()); }), "empty"));
  CHECK_THROWS_AS(io::encode_png_grey(fsis::mask()), fsis::value_error);
  CHECK(mentions(error_text([] { io::encode_png_palette(counted(1, 1), bytes_t(767)); }), "767", "768"));
}
