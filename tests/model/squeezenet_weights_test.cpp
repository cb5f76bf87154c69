// SPDX-License-Identifier: MIT
#include <fsis/io/jpeg.hpp>
#include <fsis/model/preprocess.hpp>
#include <fsis/model/pretrained.hpp>
#include <fsis/ops/channels.hpp>
#include <fsis/ops/pool.hpp>
#include <fsis/vision/resize_image.hpp>

#include <io/stored_zip.hpp>
#include <support/catch.hpp>
#include <support/layer.hpp>

#include <cstdlib>
#include <filesystem>
#include <map>

using namespace fsis;

namespace {

/// Where data may lie that does not belong to the project.
std::string data_folder() {
  char const* const named = std::getenv("FSIS_TEST_DATA");
  return named != nullptr ? named : FSIS_SOURCE_DIR "/../shared/data";
}

using trunk_type = model::squeezenet_trunk<tensor<float>>;

/// Share of pictures whose nearest class mean by cosine is their own: of every tenth class, half of the pictures make
/// the mean, the others are asked. Pictures of 64x64 are doubled.
double nearest_centroid_accuracy(cpu_context const& ctx, trunk_type const& trunk,
                                 normalization_constants const& pixels, fsis_test::stored_zip const& zip) {
  std::map<std::string, std::vector<std::string>> by_class;
  for (auto const& name : zip.names()) by_class[name.substr(0, name.find('/'))].push_back(name);
  no_tape<tensor<float>> t(ctx);
  auto const feature = [&](std::string const& name) {
    auto const bytes = zip.read(name);
    auto const picture = vision::resize_image(io::decode_jpeg(bytes.data(), bytes.size(), name), 128, 128);
    auto const high = trunk(t, variable<tensor<float>>(model::image_tensor<float>(ctx, picture, pixels)));
    return to_host(ctx, ops::unit_rows(ctx, ops::global_average_pool(ctx, high.value)).y);
  };
  std::vector<std::vector<float>> means;
  std::vector<std::pair<std::size_t, std::vector<float>>> asked;
  std::size_t number = 0;
  for (auto const& c : by_class) {
    if (number++ % 10 != 0) continue;
    means.emplace_back(512, 0.0f);
    for (std::size_t i = 0; i < c.second.size(); ++i) {
      auto const f = feature(c.second[i]);
      if (i % 2 != 0)
        asked.emplace_back(means.size() - 1, f);
      else
        for (std::size_t k = 0; k < f.size(); ++k) means.back()[k] += f[k];
    }
  }
  double right = 0;
  for (auto const& q : asked) {
    auto const cosine = [&](std::vector<float> const& m) {
      double dot = 0, squares = 0;
      for (std::size_t k = 0; k < m.size(); ++k) {
        dot += static_cast<double>(m[k]) * static_cast<double>(q.second[k]);
        squares += static_cast<double>(m[k]) * static_cast<double>(m[k]);
      }
      return dot / std::sqrt(squares);
    };
    std::size_t best = 0;
    for (std::size_t m = 1; m < means.size(); ++m)
      if (cosine(means[m]) > cosine(means[best])) best = m;
    right += best == q.first;
  }
  return right / static_cast<double>(asked.size());
}

}  // namespace

// Tiny-ImageNet's classes are among those the weights were trained on, and its pictures of 64x64 are not the ones of its
// training; wrong channels, a wrong scale of pixels or a layer in the wrong place fall back towards made-up weights.
TEST_CASE("squeezenet: pretrained weights tell classes of Tiny-ImageNet apart") {
  std::string const weights = data_folder() + "/weights/squeezenet1_1_imagenet.safetensors";
  std::string const pictures = data_folder() + "/tiny_imagenet/val.zip";
  if (!std::filesystem::exists(weights) || !std::filesystem::exists(pictures)) {
    WARN("skipped: no " << weights << " or no " << pictures << " (FSIS_TEST_DATA names another folder)");
    return;
  }
  cpu_context ctx;
  fsis_test::stored_zip const zip(pictures);
  trunk_type trunk;
  fsis_test::randomise(ctx, trunk, 1);
  double const made_up = nearest_centroid_accuracy(ctx, trunk, {}, zip);
  auto const file = io::safetensors_file::open(weights);
  double const trained = nearest_centroid_accuracy(ctx, trunk, model::load_trunk(ctx, trunk, file), zip);
  INFO("20 classes, 100 pictures: made-up weights " << made_up << ", trained " << trained);
  CHECK(trained > 0.42);  // 0.52 when written, chance is 0.05; two standard errors of a hundred pictures
  CHECK(trained > made_up + 0.3);
}
