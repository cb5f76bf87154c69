// SPDX-License-Identifier: MIT
#include <fsis/nn/patches.hpp>

#include <fsis/nn/activation.hpp>
#include <fsis/nn/conv_block.hpp>
#include <fsis/nn/sequential.hpp>

#include <support/layer.hpp>
#include <support/near.hpp>
#include <support/random_tensor.hpp>

using namespace fsis;
using fsis_test::random_tensor;
using matrix = tensor<double>;
using map_patches = ops::patches<cpu_context>;

namespace {

// Corners and beyond, overlapping, in both pictures; the layer's margin included.
template <class Layer>
void check_patches(double tolerance) {
  cpu_context ctx;
  Layer layer;
  fsis_test::randomise(ctx, layer, 3);
  constexpr index_t r = Layer::window.radius, size = 2 + 2 * r;
  auto const x = random_tensor<double>(ctx, {2, 9, 8, 3}, 4);
  map_patches at(ctx, {{0, -r, -r}, {0, 7 - r, 6 - r}, {1, -r, 6 - r}, {1, 7 - r, -r}, {0, 4 - r, 3 - r}, {0, 5 - r, 4 - r}},
             size, size, 9, 8);
  no_tape<matrix> t(ctx);
  auto const whole = layer(t, variable<matrix>(x)).value;
  auto const y = nn::on_patches(t, layer, variable<matrix>(ops::gather_patches(ctx, x, at)), at).value;
  CHECK(at.height() == 2);
  CHECK(at.width() == 2);
  auto const expected = to_host(ctx, ops::gather_patches(ctx, whole, at)), got = to_host(ctx, y);
  REQUIRE(got.size() == expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) CHECK_NEAR(got[i], expected[i], tolerance);
}

}  // namespace

TEST_CASE("on_patches: layers compute on patches what they compute on the map") {
  SECTION("convolution") { check_patches<nn::conv<3, 4, 3, matrix>>(1e-12); }
  SECTION("dilated convolution in groups") { check_patches<nn::conv<3, 6, 3, matrix, nn::same<1, 2, 3>>>(1e-12); }
  SECTION("block with batch norm") { check_patches<nn::conv_block<3, 4, 3, matrix, nn::normalization::batch>>(1e-12); }
  SECTION("zero padding of a second layer does not see the bias of the first") {
    check_patches<nn::sequential<nn::conv_block<3, 4, 3, matrix>, nn::sigmoid, nn::conv<4, 2, 5, matrix>,
                                 nn::conv<2, 1, 1, matrix>>>(1e-12);
  }
}

TEST_CASE("is_local: strides and global layers need the map") {
  CHECK(nn::is_local<nn::conv<3, 4, 3>>);
  CHECK_FALSE(nn::is_local<nn::conv<3, 4, 3, tensor<float>, nn::same<2>>>);
  CHECK_FALSE(nn::is_local<nn::global_average_pool>);
}
