// SPDX-License-Identifier: MIT
// Makes the files that the programs of the documentation read, in the current folder: networks with random weights,
// pictures of disks and their masks, and a trunk as it comes from elsewhere.
#include <fsis/io/image_file.hpp>
#include <fsis/model/load.hpp>

#include <cstdio>
#include <filesystem>

namespace {

void write_disk(std::string const& name, fsis::index_t y0, fsis::index_t x0, fsis::index_t radius) {
  fsis::image picture = fsis::image::blank(96, 128);
  fsis::mask object = fsis::mask::blank(96, 128);
  for (fsis::index_t y = 0; y < picture.height(); ++y)
    for (fsis::index_t x = 0; x < picture.width(); ++x) {
      bool const inside = (y - y0) * (y - y0) + (x - x0) * (x - x0) < radius * radius;
      object(y, x) = inside;
      for (fsis::index_t c = 0; c < 3; ++c)
        picture(y, x, c) = static_cast<std::uint8_t>((inside ? 200 : 60) + 20 * c - (y * x) % 17);
    }
  fsis::io::write_image(name + ".jpg", picture);
  fsis::io::write_mask(name + "_mask.png", object);
}

void write_networks(fsis::cpu_context const& ctx) {
  fsis::network<fsis::compact> net;
  net.initialise(ctx, 1);
  fsis::save_network(ctx, net, {}, "models/compact.safetensors", fsis::io::dtype::f16);
}

/// The convolutions of VGG16 under torchvision's names, as the export in docs/files.md leaves them.
void write_vgg16_features(fsis::cpu_context const& ctx) {
  fsis::model::vgg16_trunk<fsis::tensor<float>, 1, fsis::nn::normalization::none> trunk;
  fsis::nn::visit_parameters(trunk,
                             [&](std::string const&, auto& p) { p.value = fsis::ops::full(ctx, p.extents, 0.01f); });
  fsis::io::safetensors_writer file;
  fsis::model::add_parameters(ctx, trunk, file, fsis::io::dtype::f16);
  file.write("vgg16_features.safetensors");
}

}  // namespace

int main() {
  try {
    std::filesystem::create_directories("models");
    fsis::cpu_context const ctx;
    write_networks(ctx);
    write_vgg16_features(ctx);
    write_disk("example", 40, 50, 25);
    write_disk("photo", 52, 70, 28);
  } catch (std::exception const& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
