// SPDX-License-Identifier: MIT
#include <fsis/model/click_fusion.hpp>

#include <fsis/nn/gradcheck_layer.hpp>

#include <support/catch.hpp>
#include <support/layer.hpp>
#include <support/near.hpp>
#include <support/random_tensor.hpp>

#include <algorithm>
#include <cmath>

using namespace fsis;

namespace {

template <index_t Kernel, class T = float>
using picture_fusion = model::click_fusion<5, 3, Kernel, tensor<T>>;

/// A normalised picture with click maps in [0,1]: normal numbers in the first three channels.
tensor<float> picture_with_maps(cpu_context const& ctx, index_t H, index_t W, std::uint64_t seed) {
  random_stream draw(seed);
  std::vector<float> values;
  for (index_t i = 0; i < H * W; ++i)
    for (int c = 0; c < 5; ++c) values.push_back(static_cast<float>(c < 3 ? draw.normal() : draw.uniform()));
  return from_host<float>(ctx, {1, H, W, 5}, values);
}

/// Correlation of channel `c` of the input with channel `c` of the result.
double correlation(tensor<float> const& x, tensor<float> const& y, index_t c) {
  double n = 0, sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
  for (index_t i = 0; i < x.size() / x.extent(3); ++i) {
    double const a = static_cast<double>(x.data()[i * x.extent(3) + c]);
    double const b = static_cast<double>(y.data()[i * y.extent(3) + c]);
    n += 1, sx += a, sy += b, sxx += a * a, syy += b * b, sxy += a * b;
  }
  return (n * sxy - sx * sy) / std::sqrt((n * sxx - sx * sx) * (n * syy - sy * sy));
}

template <index_t Kernel>
void check_identity(std::uint64_t seed) {
  cpu_context ctx;
  picture_fusion<Kernel> fusion;
  nn::initialise(ctx, fusion, seed);
  model::start_as_identity<3>(ctx, fusion);
  auto const x = picture_with_maps(ctx, 40, 40, seed + 100);
  tape<tensor<float>> trains(ctx);  // normalised by the batch
  no_tape<tensor<float>> computes(ctx);
  auto const measured = fusion(trains, variable<tensor<float>>(x)).value;
  auto const averaged = fusion(computes, variable<tensor<float>>(x)).value;
  for (index_t c = 0; c < 3; ++c) {
    // the other six hidden channels bring a tenth of their random weights: about one per cent of the variance
    CHECK(correlation(x, measured, c) > 0.98);
    CHECK(correlation(x, averaged, c) > 0.95);
  }
}

}  // namespace

TEST_CASE("click fusion: gradients") {
  cpu_context ctx;
  SECTION("pointwise") {
    picture_fusion<1, double> fusion;
    fsis_test::randomise(ctx, fusion, 81);
    auto const x = fsis_test::random_tensor<double>(ctx, {2, 3, 4, 5}, 82);
    for (phase how : {phase::training, phase::inference}) {
      auto const r = nn::gradcheck_layer(ctx, fusion, x, how);
      INFO(r.text());
      CHECK(r.ok);
    }
  }
  SECTION("3x3") {
    picture_fusion<3, double> fusion;
    fsis_test::randomise(ctx, fusion, 83);
    auto const r = nn::gradcheck_layer(ctx, fusion, fsis_test::random_tensor<double>(ctx, {1, 4, 4, 5}, 84));
    INFO(r.text());
    CHECK(r.ok);
  }
}

TEST_CASE("click fusion: it begins as the picture, nearly") {
  for (std::uint64_t seed : {1u, 2u, 3u, 4u, 5u}) {
    INFO("seed " << seed);
    check_identity<1>(seed);
  }
  check_identity<3>(1);
}

TEST_CASE("click fusion: at the beginning the scale of the picture stays, too") {
  cpu_context ctx;
  picture_fusion<1> fusion;
  nn::initialise(ctx, fusion, 1);
  model::start_as_identity<3>(ctx, fusion);
  tape<tensor<float>> t(ctx);
  auto const y = fusion(t, variable<tensor<float>>(picture_with_maps(ctx, 40, 40, 7))).value;
  double squares = 0;
  for (float v : to_host(ctx, y)) squares += static_cast<double>(v) * static_cast<double>(v);
  double const deviation = std::sqrt(squares / static_cast<double>(y.size()));
  CHECK(deviation > 0.7);
  CHECK(deviation < 1.4);
}

TEST_CASE("click fusion: clicks matter from the beginning, a little") {
  cpu_context ctx;
  picture_fusion<1> fusion;
  nn::initialise(ctx, fusion, 1);
  model::start_as_identity<3>(ctx, fusion);
  no_tape<tensor<float>> t(ctx);
  auto const x = picture_with_maps(ctx, 8, 8, 7);
  auto const before = to_host(ctx, fusion(t, variable<tensor<float>>(x)).value);
  x.data()[3] += 0.5f;
  auto const after = to_host(ctx, fusion(t, variable<tensor<float>>(x)).value);
  double moved = 0;
  for (std::size_t c = 0; c < 3; ++c)
    moved = std::max(moved, std::abs(static_cast<double>(after[c]) - static_cast<double>(before[c])));
  CHECK(moved > 1e-4);
  CHECK(moved < 0.5);
}

TEST_CASE("click fusion: names and shapes") {
  picture_fusion<3> const fusion;
  CHECK(fsis_test::names_of(fusion) ==
        std::vector<std::string>{"0.weight", "0.bias", "2.weight", "2.bias", "2.running_mean", "2.running_var",
                                 "3.weight", "3.bias"});
  CHECK(fusion.layer<0>().weight.extents == shape{8, 3, 3, 5});
  CHECK(fusion.layer<3>().weight.extents == shape{3, 3, 3, 8});
  static_assert(picture_fusion<1>::window.radius == 0 && picture_fusion<3>::window.radius == 2, "");
  static_assert(!picture_fusion<3>::window.is_global && picture_fusion<3>::window.stride == 1, "");
}
