// SPDX-License-Identifier: MIT
// One click: an example of a class, a photo, a click on it, a mask. one_click [MODEL]
#include "scenes.hpp"

#include <fsis/model.hpp>

#include <cstdio>

int main(int argc, char** argv) try {
  scenes::scene const example = scenes::render(scenes::example_of(scenes::kind::mug));
  scenes::scene const other = scenes::render(scenes::photo_of(scenes::kind::mug));
  std::vector<fsis::shot> const shots{{example.photo, example.mask_of(example.largest(scenes::kind::mug))}};
  fsis::image const& photo = other.photo;

  fsis::cpu_context ctx;
  auto net = fsis::load_network<fsis::compact>(ctx, argc > 1 ? argv[1] : FSIS_SOURCE_DIR "/models/compact.safetensors");
  fsis::session session{ctx, net};
  session.set_support(shots);
  session.set_query(photo);
  fsis::mask m = session.click(fsis::positive(120, 155));

  for (fsis::index_t y = 0; y < m.height(); y += 10) {
    for (fsis::index_t x = 0; x < m.width(); x += 5) std::putchar(m(y, x) ? '#' : '.');
    std::putchar('\n');
  }
  std::printf("%lld of %lld pixels\n", static_cast<long long>(m.count()), static_cast<long long>(m.size()));
} catch (fsis::error const& e) {
  std::fprintf(stderr, "one_click: %s\n", e.what());
  return 2;
}
