// SPDX-License-Identifier: MIT
#include <fsis/model/vgg16.hpp>

#include <fsis/model/weights.hpp>
#include <fsis/nn/gradcheck_layer.hpp>

#include <model/naive_vgg.hpp>
#include <support/catch.hpp>
#include <support/layer.hpp>
#include <support/random_tensor.hpp>

#include <map>
#include <string>
#include <vector>

using namespace fsis;
using fsis_test::naive_vgg16;
using fsis_test::relative_error;
using fsis_test::stack_of;
using fsis_test::weights_of;

namespace {

constexpr auto plain = nn::normalization::none;
constexpr auto with_norm = nn::normalization::batch;

template <class Trunk>
void check_against_loops(Trunk& trunk, int divisor, bool has_norm, index_t H, index_t W) {
  cpu_context ctx;
  auto const x = fsis_test::random_tensor<float>(ctx, {1, H, W, 3}, 71, -2, 2);
  auto const wanted = naive_vgg16(weights_of(ctx, trunk), divisor, has_norm)(stack_of(ctx, x));
  no_tape<tensor<float>> t(ctx);
  auto const in = variable<tensor<float>>(x);
  auto const levels = trunk.lower.features(t, in);
  CHECK(relative_error(stack_of(ctx, levels.shallow.value), wanted.conv3_pooled) < 1e-5);
  CHECK(relative_error(stack_of(ctx, levels.deep.value), wanted.conv4) < 1e-5);
  CHECK(relative_error(stack_of(ctx, trunk(t, in).value), wanted.conv5) < 1e-5);
}

std::vector<std::string> torchvision_names(std::vector<int> const& layers, std::vector<std::string> const& parts,
                                           std::string const& prefix = "") {
  std::vector<std::string> names;
  for (int layer : layers)
    for (auto const& part : parts) names.push_back(prefix + "features." + std::to_string(layer) + "." + part);
  return names;
}

}  // namespace

TEST_CASE("vgg16: the names are torchvision's vgg16") {
  model::vgg16_trunk<tensor<float>, 1, plain> const trunk;
  auto const names = fsis_test::names_of(trunk);
  CHECK(names.size() == 26);
  CHECK(names == torchvision_names({0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28}, {"weight", "bias"}));
  CHECK(fsis_test::names_of(trunk.lower) ==
        torchvision_names({0, 2, 5, 7, 10, 12, 14, 17, 19, 21}, {"weight", "bias"}));
}

TEST_CASE("vgg16: with batch norm the names are torchvision's vgg16_bn") {
  model::vgg16_trunk<tensor<float>, 4, with_norm> const trunk;
  std::vector<std::string> wanted;
  for (int layer : {0, 3, 7, 10, 14, 17, 20, 24, 27, 30, 34, 37, 40}) {
    for (auto const& name : torchvision_names({layer}, {"weight", "bias"})) wanted.push_back(name);
    for (auto const& name : torchvision_names({layer + 1}, {"weight", "bias", "running_mean", "running_var"}))
      wanted.push_back(name);
  }
  CHECK(fsis_test::names_of(trunk) == wanted);
}

TEST_CASE("vgg16: shapes and count of the full VGG16") {
  model::vgg16_trunk<tensor<float>, 1, plain> const trunk;
  CHECK(nn::parameter_count(trunk) == 14714688);
  std::map<std::string, shape> stored;
  nn::visit_parameters(
      trunk, [&](std::string const& name, auto const& p) { stored.emplace(name, model::stored_extents(p.extents)); });
  CHECK(stored.at("features.0.weight") == shape{64, 3, 3, 3});
  CHECK(stored.at("features.5.weight") == shape{128, 64, 3, 3});
  CHECK(stored.at("features.10.weight") == shape{256, 128, 3, 3});
  CHECK(stored.at("features.17.weight") == shape{512, 256, 3, 3});
  CHECK(stored.at("features.28.weight") == shape{512, 512, 3, 3});
  CHECK(stored.at("features.28.bias") == shape{512});
  model::vgg16_trunk<tensor<float>, 4, plain> const quarter;
  CHECK(nn::parameter_count(quarter) == 27 * 16 + (14710464 - 27 * 64) / 16 + 4224 / 4);
}

TEST_CASE("vgg16: the same numbers as loops over the definition of VGG16") {
  cpu_context ctx;
  SECTION("an eighth of the width") {
    model::vgg16_trunk<tensor<float>, 8, plain> trunk;
    fsis_test::randomise(ctx, trunk, 1);
    check_against_loops(trunk, 8, false, 32, 32);
  }
  SECTION("not square, an odd multiple of 16") {
    model::vgg16_trunk<tensor<float>, 16, plain> trunk;
    fsis_test::randomise(ctx, trunk, 2);
    check_against_loops(trunk, 16, false, 48, 16);
  }
  SECTION("with batch norm") {
    model::vgg16_trunk<tensor<float>, 16, with_norm> trunk;
    fsis_test::randomise(ctx, trunk, 3);
    check_against_loops(trunk, 16, true, 32, 32);
  }
  SECTION("the full width") {
    model::vgg16_trunk<tensor<float>, 1, plain> trunk;
    fsis_test::randomise(ctx, trunk, 4);
    check_against_loops(trunk, 1, false, 16, 16);
  }
}

TEST_CASE("vgg16: the full width in float is within 1e-4 of double, whichever algorithm convolves") {
  cpu_context reference;
  model::vgg16_trunk<tensor<float>, 1, plain> trunk;
  fsis_test::randomise(reference, trunk, 4);
  std::vector<tensor<double>> values;
  nn::visit_parameters(
      trunk, [&](std::string const&, auto const& p) { values.push_back(ops::cast<double>(reference, p.value)); });
  model::vgg16_trunk<tensor<double>, 1, plain> in_double;
  std::size_t next = 0;
  nn::visit_parameters(in_double, [&](std::string const&, auto& p) { p.value = values[next++]; });

  auto const x = fsis_test::random_tensor<float>(reference, {1, 96, 96, 3}, 71, -2, 2);
  no_tape<tensor<double>> t64(reference);
  auto const wanted =
      stack_of(reference, in_double(t64, variable<tensor<double>>(ops::cast<double>(reference, x))).value);
  for (auto const algorithm : {convolution_algorithm::any, convolution_algorithm::direct}) {
    cpu_options o;
    o.convolutions = algorithm;
    cpu_context const ctx(o);
    no_tape<tensor<float>> t(ctx);
    CHECK(relative_error(stack_of(ctx, trunk(t, variable<tensor<float>>(x)).value), wanted) < 1e-4);
  }
}

TEST_CASE("vgg16: sizes of the levels") {
  cpu_context ctx;
  model::vgg16_trunk<tensor<float>, 32, plain> trunk;
  fsis_test::randomise(ctx, trunk, 1);
  no_tape<tensor<float>> t(ctx);
  auto const run = [&](index_t H, index_t W) {
    return variable<tensor<float>>(fsis_test::random_tensor<float>(ctx, {2, H, W, 3}, 2));
  };
  CHECK(trunk.lower(t, run(48, 80)).value.extents() == shape{2, 6, 10, 24});
  CHECK(trunk(t, run(48, 80)).value.extents() == shape{2, 3, 5, 16});
  CHECK(trunk(t, run(16, 31)).value.extents() == shape{2, 1, 1, 16});
  CHECK_THROWS_AS(trunk(t, run(15, 32)), shape_error);
  CHECK_THROWS_AS(trunk.lower(t, run(7, 32)), shape_error);
  using trunk_type = decltype(trunk);
  static_assert(trunk_type::stride == 16 && trunk_type::lower_type::stride == 8, "");
  static_assert(trunk_type::out_channels == 16 && trunk_type::lower_type::out_channels == 24, "");
}

TEST_CASE("vgg16: middle features are conv3_3 behind its pool and conv4_3 side by side") {
  cpu_context ctx;
  model::vgg16_to_stride8<tensor<float>, 32, plain> trunk;
  fsis_test::randomise(ctx, trunk, 1);
  no_tape<tensor<float>> t(ctx);
  auto const x = variable<tensor<float>>(fsis_test::random_tensor<float>(ctx, {1, 24, 16, 3}, 2));
  auto const both = trunk(t, x).value;
  auto const levels = trunk.features(t, x);
  CHECK(to_host(ctx, ops::slice(ctx, both, 3, 0, 8)) == to_host(ctx, levels.shallow.value));
  CHECK(to_host(ctx, ops::slice(ctx, both, 3, 8, 16)) == to_host(ctx, levels.deep.value));
}

TEST_CASE("vgg16: gradients") {
  cpu_context ctx;
  gradcheck_options o;
  o.elements = 3;
  o.steps = {1e-6, 1e-7};
  o.relative = 1e-5;  // two hundred thousand products, and differences over a small step
  SECTION("without norm") {
    model::vgg16_trunk<tensor<double>, 32, plain> trunk;
    fsis_test::randomise(ctx, trunk, 5);
    auto const x = fsis_test::random_tensor<double>(ctx, {1, 32, 16, 3}, 6, -2, 2);
    auto const r = nn::gradcheck_layer(ctx, trunk, x, phase::training, o);
    INFO(r.text());
    CHECK(r.ok);
  }
  SECTION("with batch norm") {
    model::vgg16_to_stride8<tensor<double>, 32, with_norm> trunk;
    fsis_test::randomise(ctx, trunk, 5);
    auto const x = fsis_test::random_tensor<double>(ctx, {2, 16, 16, 3}, 6, -2, 2);
    auto const r = nn::gradcheck_layer(ctx, trunk, x, phase::training, o);
    INFO(r.text());
    CHECK(r.ok);
  }
}

TEST_CASE("vgg16: weights of torchvision load as they are, what else the file holds is left alone") {
  cpu_context ctx;
  model::vgg16_trunk<tensor<float>, 32, with_norm> source, trunk;
  fsis_test::randomise(ctx, source, 7);
  io::safetensors_writer writer;
  model::add_parameters(ctx, source, writer, io::dtype::f32);
  std::vector<float> const some{1, 2, 3, 4};
  writer.add("classifier.6.weight", {2, 2}, some.data(), io::dtype::f32);
  writer.add("features.1.num_batches_tracked", {1}, some.data(), io::dtype::f32);
  auto const file = io::safetensors_file::parse(writer.encode(), "vgg16_bn.safetensors");

  auto const used = model::load_parameters(ctx, trunk, file);
  CHECK(used.size() == 13 * 6);
  CHECK(fsis_test::bytes_of_parameters(ctx, trunk) == fsis_test::bytes_of_parameters(ctx, source));

  // read back by loops that index the file as (K,C,R,S)
  auto const x = fsis_test::random_tensor<float>(ctx, {1, 32, 32, 3}, 8, -2, 2);
  auto const by_name = [&](std::string const& name) { return file.read<double>(name); };
  auto const wanted = naive_vgg16(by_name, 32, true)(stack_of(ctx, x));
  no_tape<tensor<float>> t(ctx);
  CHECK(relative_error(stack_of(ctx, trunk(t, variable<tensor<float>>(x)).value), wanted.conv5) < 1e-5);
}

TEST_CASE("vgg16: weights with batch norm do not fit one without, and the message names the tensor") {
  cpu_context ctx;
  model::vgg16_trunk<tensor<float>, 32, with_norm> source;
  model::vgg16_trunk<tensor<float>, 32, plain> trunk;
  fsis_test::randomise(ctx, source, 7);
  io::safetensors_writer writer;
  model::add_parameters(ctx, source, writer, io::dtype::f32);
  auto const file = io::safetensors_file::parse(writer.encode(), "vgg16_bn.safetensors");
  auto const run = [&] { model::load_parameters(ctx, trunk, file); };
  CHECK_THROWS_AS(run(), io_error);
  CHECK(mentions(error_text(run), "vgg16_bn.safetensors", "features.2.weight", "(2,2,3,3)"));
}
