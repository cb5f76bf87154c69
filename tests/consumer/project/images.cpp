// SPDX-License-Identifier: MIT
// Links fsis::image_files: libpng and libjpeg come with the target.

#include <fsis/io/image_file.hpp>

#include <cstdio>

int main() {
  try {
    fsis::io::read_image("no such picture.png");
  } catch (fsis::io_error const& e) {
    std::printf("%s\n", e.what());
    return 0;
  }
  return 1;
}
