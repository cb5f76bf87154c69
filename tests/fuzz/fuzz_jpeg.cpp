// SPDX-License-Identifier: MIT
#include <fsis/io/jpeg.hpp>

#include <fuzz/driver.hpp>

namespace {

namespace io = fsis::io;
using namespace fsis_fuzz;

outcome run(std::uint8_t const* data, std::size_t size) {
  io::image_limits limits;
  limits.max_pixels = 1 << 14;
  return attempt([&] {
    fsis::image const i = io::decode_jpeg(data, size, "input", limits);
    promise(i.height() * i.width() <= limits.max_pixels, "the limit of pixels holds");
  });
}

// A file as cameras do not make them: grey, or several passes from coarse to fine.
bytes unusual(J_COLOR_SPACE space, int channels, bool progressive) {
  bytes row(static_cast<std::size_t>(20 * channels));
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = static_cast<std::uint8_t>(i * 13);
  jpeg_compress_struct info = {};
  jpeg_error_mgr errors = {};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* out = nullptr;
  unsigned long count = 0;
  jpeg_mem_dest(&info, &out, &count);
  info.image_height = 12;
  info.image_width = 20;
  info.input_components = channels;
  info.in_color_space = space;
  jpeg_set_defaults(&info);
  if (progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    JSAMPROW line = row.data();
    jpeg_write_scanlines(&info, &line, 1);
  }
  jpeg_finish_compress(&info);
  bytes const b(out, out + count);
  jpeg_destroy_compress(&info);
  std::free(out);
  return b;
}

}  // namespace

target fsis_fuzz::make_target() {
  fsis::image picture = fsis::image::blank(21, 33);
  for (fsis::index_t i = 0; i < 21 * 33 * 3; ++i) picture.data()[i] = static_cast<std::uint8_t>(i / 3 * 5);
  return {"jpeg",
          {io::encode_jpeg(picture), io::encode_jpeg(picture, 20), unusual(JCS_GRAYSCALE, 1, false),
           unusual(JCS_GRAYSCALE, 1, true), unusual(JCS_RGB, 3, true)},
          &run,
          nullptr,
          20000};
}
