// SPDX-License-Identifier: MIT
#include <fsis/model/pretrained.hpp>

#include <fsis/model/load.hpp>

#include <io/scratch.hpp>
#include <model/naive_squeezenet.hpp>
#include <model/tiny.hpp>
#include <support/catch.hpp>
#include <support/layer.hpp>

using namespace fsis;
using fsis_test::bytes_of_parameters;
using fsis_test::relative_error;
using fsis_test::stack_of;

namespace {

using tiny_trunk = model::vgg16_trunk<tensor<float>, 32, nn::normalization::none>;

template <class Trunk>
io::safetensors_file file_of(cpu_context const& ctx, Trunk const& trunk, std::string const& input) {
  io::safetensors_writer writer;
  if (!input.empty()) writer.metadata("input", input);
  model::add_parameters(ctx, trunk, writer, io::dtype::f32);
  return io::safetensors_file::parse(writer.encode(), "weights.safetensors");
}

}  // namespace

TEST_CASE("load_trunk: torchvision's names, pictures as for torchvision") {
  cpu_context ctx;
  tiny_trunk source, trunk;
  fsis_test::randomise(ctx, source, 1);
  auto const pixels = model::load_trunk(ctx, trunk, file_of(ctx, source, ""));
  CHECK(bytes_of_parameters(ctx, trunk) == bytes_of_parameters(ctx, source));
  CHECK(pixels.mean == normalization_constants{}.mean);
  CHECK(pixels.deviation == normalization_constants{}.deviation);
}

TEST_CASE("load_trunk: a trunk as stored, with its own pixels; a network gives its prior trunk") {
  cpu_context ctx;
  fsis_test::scratch_folder folder;
  tiny_trunk source, trunk;
  fsis_test::randomise(ctx, source, 2);
  normalization_constants own;
  own.mean = {0.25, 0.5, 0.75};
  own.deviation = {0.125, 0.5, 1};
  SECTION("trunk") {
    model::save_trunk(ctx, source, "tiny", own, folder / "trunk.safetensors");
    auto const pixels = model::load_trunk(ctx, trunk, io::safetensors_file::open(folder / "trunk.safetensors"));
    CHECK(pixels.mean == own.mean);
    CHECK(pixels.deviation == own.deviation);
  }
  SECTION("network") {
    network<fsis_test::tiny> net;
    net.initialise(ctx, 3);
    nn::copy_parameters(ctx, source, net.prior_trunk());
    network_settings s;
    s.pixels = own;
    save_network(ctx, net, s, folder / "net.safetensors");
    auto const pixels = model::load_trunk(ctx, trunk, io::safetensors_file::open(folder / "net.safetensors"));
    CHECK(pixels.mean == own.mean);
  }
  CHECK(bytes_of_parameters(ctx, trunk) == bytes_of_parameters(ctx, source));
}

// The trunk on prepared pixels against loops that feed the stored numbers with bytes minus mean, as the file says.
TEST_CASE("load_trunk: weights for bytes minus a mean see the same picture") {
  cpu_context ctx;
  model::squeezenet_trunk<tensor<float>> source, trunk;
  fsis_test::randomise(ctx, source, 4);
  nn::visit_parameters(source, [&](std::string const&, auto& p) {  // biases that count beside values up to 255
    if (p.extents.rank() == 1) p.value = ops::affine(ctx, p.value, 100, 0);
  });
  auto const pixels = model::load_trunk(
      ctx, trunk, file_of(ctx, source, "pixel values 0..255 minus mean (123.68, 116.779, 103.939), no division"));
  CHECK(pixels.mean[0] == Approx(123.68 / 255));
  CHECK(pixels.mean[2] == Approx(103.939 / 255));

  image picture = image::blank(32, 16);
  random_stream draw(9, 0);
  for (index_t i = 0; i < 32 * 16 * 3; ++i) picture.data()[i] = static_cast<std::uint8_t>(draw.below(256));
  double const mean[] = {123.68, 116.779, 103.939};
  auto bytes = fsis_test::empty_stack(3, 32, 16);
  for (int y = 0; y < 32; ++y)
    for (int x = 0; x < 16; ++x)
      for (int c = 0; c < 3; ++c) bytes(c, y, x) = static_cast<double>(picture(y, x, c)) - mean[c];
  auto wanted = fsis_test::naive_squeezenet(fsis_test::weights_of(ctx, source), true)(bytes).fire9;
  double const unit = 255 * (0.229 + 0.224 + 0.225) / 3;
  for (double& v : wanted.at) v /= unit;
  no_tape<tensor<float>> t(ctx);
  auto const x = model::image_tensor<float>(ctx, picture, pixels);
  CHECK(relative_error(stack_of(ctx, trunk(t, variable<tensor<float>>(x)).value), wanted) < 1e-5);
}

TEST_CASE("load_trunk: pixels it does not understand are an error, and nothing has changed") {
  cpu_context ctx;
  tiny_trunk source, trunk;
  fsis_test::randomise(ctx, source, 5);
  fsis_test::randomise(ctx, trunk, 6);
  auto const before = bytes_of_parameters(ctx, trunk);
  for (std::string const input : {"pixel values -1..1", "pixel values 0..255 minus mean (1, 2, 3)",
                                  "pixel values 0..255 minus mean (1, 2, 300), no division",
                                  "pixel values 0..255 minus mean (1, 2, 3), no division but BGR"}) {
    auto const file = file_of(ctx, source, input);
    auto const run = [&] { model::load_trunk(ctx, trunk, file); };
    CHECK_THROWS_AS(run(), io_error);
    CHECK(mentions(error_text(run), "weights.safetensors", "input"));
    CHECK(bytes_of_parameters(ctx, trunk) == before);
  }
}
