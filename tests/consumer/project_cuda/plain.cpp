// SPDX-License-Identifier: MIT
// Plain C++ that segments on a device, and says so where there is none. Usage: plain_cpp compact.safetensors
#include "segmenter.hpp"

#include <fsis/core/error.hpp>

#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  fsis::shot example{fsis::image::blank(96, 96), fsis::mask::blank(96, 96)};
  for (fsis::index_t y = 30; y < 60; ++y)
    for (fsis::index_t x = 30; x < 60; ++x) {
      example.object(y, x) = 1;
      for (fsis::index_t c = 0; c < 3; ++c) example.picture(y, x, c) = 200;
    }
  try {
    segmenter s(argv[1]);
    s.set_support({example});
    s.set_query(example.picture);
    fsis::mask const m = s.click(fsis::positive(45, 45));
    std::printf("%lld object pixels\n", static_cast<long long>(m.count()));
  } catch (fsis::device_error const& e) {
    std::printf("skipped: %s\n", e.what());
  }
}
