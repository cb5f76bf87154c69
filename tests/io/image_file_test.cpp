// SPDX-License-Identifier: MIT
#include <fsis/io/image_file.hpp>

#include <io/scratch.hpp>
#include <support/catch.hpp>

namespace io = fsis::io;
using namespace fsis_test;

namespace {

fsis::image chequered() {
  fsis::image out = fsis::image::blank(8, 8);
  for (fsis::index_t y = 0; y < 8; ++y)
    for (fsis::index_t x = 0; x < 8; ++x) out(y, x, 1) = (y / 4 + x / 4) % 2 != 0 ? 200 : 50;
  return out;
}

bool same(fsis::image const& a, fsis::image const& b) {
  return a.height() == b.height() && a.width() == b.width() &&
         std::equal(a.data(), a.data() + a.height() * a.width() * 3, b.data());
}

}  // namespace

TEST_CASE("the ending chooses the format when writing, the content when reading", "[io][image_file]") {
  scratch_folder folder;
  for (char const* name : {"a.png", "b.PNG", "c.jpg", "d.jpeg", "e.x.JPG"})
    io::write_image(folder / name, chequered());
  CHECK(same(io::read_image(folder / "a.png"), chequered()));
  CHECK(same(io::read_image(folder / "b.PNG"), chequered()));
  for (char const* name : {"c.jpg", "d.jpeg", "e.x.JPG"}) {
    INFO(name);
    std::string const text = text_of_file(folder / name);
    CHECK(io::is_jpeg(reinterpret_cast<std::uint8_t const*>(text.data()), text.size()));
    CHECK(io::read_image(folder / name).height() == 8);
  }
  put_file(folder / "really_a_png.jpg", text_of_file(folder / "a.png"));
  CHECK(same(io::read_image(folder / "really_a_png.jpg"), chequered()));
}

TEST_CASE("a mask is written as 0 and 255 and read as it is stored", "[io][image_file]") {
  scratch_folder folder;
  std::uint8_t const bytes[] = {0, 1, 7, 255, 0, 128};
  io::write_mask(folder / "m.png", fsis::mask(bytes, 2, 3));
  std::uint8_t const wanted[] = {0, 255, 255, 255, 0, 255};
  CHECK(io::read_mask(folder / "m.png") == fsis::mask(wanted, 2, 3));
  io::write_file(folder / "labels.png", io::encode_png_grey(fsis::mask(bytes, 2, 3)));
  CHECK(io::read_mask(folder / "labels.png") == fsis::mask(bytes, 2, 3));
}

TEST_CASE("files of another kind are refused with what they begin with", "[io][image_file]") {
  scratch_folder folder;
  put_file(folder / "a.png", "BM\x01\x02rest");
  CHECK(mentions(error_text([&] { io::read_image(folder / "a.png"); }), folder / "a.png",
                 "neither PNG nor JPEG", "66 77 1 2"));
  CHECK_THROWS_AS(io::read_mask(folder / "a.png"), fsis::io_error);
  put_file(folder / "empty.png", "");
  CHECK(mentions(error_text([&] { io::read_image(folder / "empty.png"); }), "0 bytes"));
  io::write_image(folder / "a.jpg", chequered());
  CHECK(mentions(error_text([&] { io::read_mask(folder / "a.jpg"); }), "JPEG", "grey or palette PNG"));
  CHECK(mentions(error_text([&] { io::read_image(folder / "none"); }), "No such file"));
}

TEST_CASE("limits hold for the file and for the pixels", "[io][image_file]") {
  scratch_folder folder;
  io::write_image(folder / "a.png", chequered());
  io::image_limits limits;
  limits.max_file_bytes = 20;
  CHECK(mentions(error_text([&] { io::read_image(folder / "a.png", limits); }), "at most 20"));
  limits = {};
  limits.max_pixels = 63;
  CHECK(mentions(error_text([&] { io::read_image(folder / "a.png", limits); }), "8x8", "63 pixels"));
  limits.max_pixels = 64;
  CHECK(io::read_image(folder / "a.png", limits).width() == 8);
}

TEST_CASE("a name or a picture that cannot be written changes nothing", "[io][image_file]") {
  scratch_folder folder;
  put_file(folder / "a.png", "old");
  CHECK(mentions(error_text([&] { io::write_image(folder / "a.bmp", chequered()); }), "'bmp'",
                 "png, jpg or jpeg"));
  CHECK(mentions(error_text([&] { io::write_image(folder / "png", chequered()); }), "''"));
  CHECK(mentions(error_text([&] { io::write_mask(folder / "a.jpg", fsis::mask::blank(1, 1)); }), "'jpg'",
                 "png"));
  CHECK_THROWS_AS(io::write_image(folder / "a.png", fsis::image()), fsis::value_error);
  CHECK_THROWS_AS(io::write_mask(folder / "a.png", fsis::mask()), fsis::value_error);
  CHECK(text_of_file(folder / "a.png") == "old");
  CHECK(folder.files() == 1);
}
