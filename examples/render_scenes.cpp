// SPDX-License-Identifier: MIT
// Pictures for the demo and for trying things out: render_scenes FOLDER
// Per class an example and a photo, each with a label map (mug 1, leaf 2, coin 3) and a map of its things.
#include "scenes.hpp"

#include <fsis/io/image_file.hpp>
#include <fsis/vision/palette.hpp>

#include <cstdio>
#include <filesystem>

namespace {

void write_map(std::string const& path, fsis::mask const& labels) {
  std::vector<std::uint8_t> palette;
  for (auto const& c : fsis::vision::voc_palette()) palette.insert(palette.end(), c.begin(), c.end());
  fsis::io::write_file(path, fsis::io::encode_png_palette(labels, palette));
}

void write(std::string const& stem, scenes::scene const& s) {
  fsis::io::write_image(stem + ".png", s.photo);
  write_map(stem + "_labels.png", s.labels);
  write_map(stem + "_things.png", s.things);
  std::printf("%s.png: %zu things\n", stem.c_str(), s.kinds.size());
}

}  // namespace

int main(int argc, char** argv) try {
  std::string const folder = argc > 1 ? argv[1] : "scenes";
  std::filesystem::create_directories(folder);
  for (int i = 0; i < scenes::classes; ++i) {
    auto const k = static_cast<scenes::kind>(i);
    std::string const stem = folder + "/" + scenes::name_of(k);
    write(stem + "_example", scenes::render(scenes::example_of(k)));
    write(stem, scenes::render(scenes::photo_of(k)));
  }
} catch (std::exception const& e) {
  std::fprintf(stderr, "render_scenes: %s\n", e.what());
  return 2;
}
