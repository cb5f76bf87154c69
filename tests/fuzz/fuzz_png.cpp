// SPDX-License-Identifier: MIT
#include <fsis/io/png.hpp>

#include <fuzz/driver.hpp>
#include <io/png_maker.hpp>

namespace {

namespace io = fsis::io;
using namespace fsis_fuzz;
using fsis_test::png_kind;
using fsis_test::png_maker;

outcome run(std::uint8_t const* data, std::size_t size) {
  io::image_limits limits;
  limits.max_pixels = 1 << 14;
  outcome const picture = attempt([&] {
    fsis::image const i = io::decode_png(data, size, "input", limits);
    promise(i.height() * i.width() <= limits.max_pixels, "the limit of pixels holds");
  });
  outcome const labels = attempt([&] {
    fsis::mask const m = io::decode_png_mask(data, size, "input", limits);
    promise(m.size() <= limits.max_pixels, "the limit of pixels holds for masks");
  });
  return picture == outcome::parsed || labels == outcome::parsed ? outcome::parsed : outcome::refused;
}

// Without right checksums nearly every damage would end at them.
void repair(bytes& b) {
  for (std::size_t at = 8; at + 12 <= b.size();) {
    std::size_t const length = io::load<std::uint32_t>(&b[at], io::byte_order::big);
    if (length > b.size() - at - 12) return;
    io::store(png_maker::crc(&b[at + 4], length + 4), &b[at + 8 + length], io::byte_order::big);
    at += length + 12;
  }
}

}  // namespace

target fsis_fuzz::make_target() {
  fsis::image picture = fsis::image::blank(7, 9);
  for (fsis::index_t i = 0; i < 7 * 9 * 3; ++i) picture.data()[i] = static_cast<std::uint8_t>(i * i);
  fsis::mask labels = fsis::mask::blank(6, 5);
  for (fsis::index_t i = 0; i < labels.size(); ++i) labels.data()[i] = static_cast<std::uint8_t>(i);
  bytes const colours = {10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120};
  return {
      "png",
      {io::encode_png(picture), io::encode_png_grey(labels), io::encode_png_palette(labels, bytes(768, 7)),
       png_maker(2, 3, png_kind::grey, 1).rows({{0xA0}, {0x40}}).end(),
       png_maker(1, 4, png_kind::palette, 2)
           .chunk("PLTE", colours)
           .chunk("tRNS", {0, 9})
           .rows({{0x1B}})
           .end(),
       png_maker(2, 2, png_kind::grey, 8, 1).rows({{1}, {2}, {3, 4}}).end(),
       png_maker(1, 1, png_kind::rgb, 16).chunk("gAMA", {0, 0, 1, 0}).rows({{1, 2, 3, 4, 5, 6}}).end(),
       png_maker(1, 1, png_kind::rgba, 16).rows({{1, 2, 3, 4, 5, 6, 7, 8}}).end(),
       png_maker(1, 2, png_kind::grey_alpha, 8).chunk("tEXt", bytes(20, 'x')).rows({{1, 2, 3, 4}}).end()},
      &run,
      &repair,
      20000};
}
