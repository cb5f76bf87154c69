// SPDX-License-Identifier: MIT
// The library's whole use in one file: plain C++17, headers, and threads. Usage: front_door compact.safetensors

#include <fsis/model.hpp>

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

// A bright disk on dark ground, and its mask.
static fsis::shot scene(fsis::index_t height, fsis::index_t width, fsis::index_t y0, fsis::index_t x0,
                        fsis::index_t r) {
  std::vector<std::uint8_t> pixels, labels;
  for (fsis::index_t y = 0; y < height; ++y)
    for (fsis::index_t x = 0; x < width; ++x) {
      bool const inside = (y - y0) * (y - y0) + (x - x0) * (x - x0) < r * r;
      pixels.insert(pixels.end(),
                    {std::uint8_t(inside ? 220 : 40), std::uint8_t(inside ? 180 : 60), std::uint8_t(50)});
      labels.push_back(inside);
    }
  return {fsis::image(pixels.data(), height, width, 3), fsis::mask(labels.data(), height, width)};
}

static int segment(std::string const& weights) {
  std::vector<fsis::shot> const shots = {scene(160, 160, 70, 80, 40)};
  fsis::image const photo = scene(192, 160, 120, 88, 35).picture;

  fsis::cpu_context ctx;
  auto net = fsis::load_network<fsis::compact>(ctx, weights);
  fsis::session session{ctx, net};
  session.set_support(shots);
  session.set_query(photo);
  fsis::mask m = session.click(fsis::positive(120, 88));
  session.undo();
  session.redo();

  for (fsis::index_t y = 0; y < m.height(); y += 12) {
    for (fsis::index_t x = 0; x < m.width(); x += 6) std::putchar(m(y, x) ? '#' : '.');
    std::putchar('\n');
  }
  return m.height() == photo.height() && m.width() == photo.width() ? 0 : 1;
}

int main(int argc, char** argv) {
  try {
    return argc == 2 ? segment(argv[1]) : 2;
  } catch (fsis::error const& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 2;
  }
}
