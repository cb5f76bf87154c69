// SPDX-License-Identifier: MIT
#include <fsis/nn/window.hpp>

#include <fsis/nn/activation.hpp>
#include <fsis/nn/batch_norm.hpp>
#include <fsis/nn/conv.hpp>
#include <fsis/nn/conv_block.hpp>
#include <fsis/nn/linear.hpp>
#include <fsis/nn/sequential.hpp>

#include <support/catch.hpp>
#include <support/layer.hpp>
#include <support/random_tensor.hpp>

#include <algorithm>

using namespace fsis;

namespace {

using values = tensor<double>;

/// The largest distance, in input pixels, from `stride` times the position of an output pixel to an input pixel that
/// changes it; found by changing one input pixel after the other.
template <class Layer>
index_t reach(index_t height = 17, index_t width = 15) {
  cpu_context ctx;
  Layer layer;
  fsis_test::randomise(ctx, layer, 4);
  no_tape<values> t(ctx);
  constexpr index_t channels = Layer::in_channels == nn::any_channels ? 1 : Layer::in_channels;
  auto const x = fsis_test::random_tensor<double>(ctx, {1, height, width, channels}, 5, 0.5, 1);
  auto const y = layer(t, variable<values>(x)).value;
  auto const before = to_host(ctx, y);
  index_t const Q = y.extent(2), K = y.extent(3);
  index_t farthest = 0;
  for (index_t row = 0; row < height; ++row)
    for (index_t column = 0; column < width; ++column)
      for (double change : {2.0, -2.0}) {  // one of them shows through a relu or a maximum
        auto const moved = ops::clone(ctx, x);
        for (index_t c = 0; c < channels; ++c) moved.template view<4>()(0, row, column, c) += change;
        auto const after = to_host(ctx, layer(t, variable<values>(moved)).value);
        for (std::size_t i = 0; i < after.size(); ++i) {
          if (after[i] == before[i]) continue;
          index_t const pixel = static_cast<index_t>(i) / K;
          index_t const dy = row - Layer::window.stride * (pixel / Q);
          index_t const dx = column - Layer::window.stride * (pixel % Q);
          farthest = std::max({farthest, std::abs(dy), std::abs(dx)});
        }
      }
  return farthest;
}

template <class Layer>
void check_reach() {
  INFO("radius " << Layer::window.radius << ", stride " << Layer::window.stride);
  CHECK(reach<Layer>() == Layer::window.radius);
}

struct block : nn::sequential<nn::conv<1, 2, 3, values>, nn::max_pool<>, nn::conv<2, 1, 3, values>> {};
struct mixed : nn::sequential<nn::conv<1, 2, 3, values, nn::same<2>>, nn::relu, nn::conv<2, 2, 1, values>,
                              nn::max_pool<3, 2>, nn::conv<2, 1, 3, values, nn::same<1, 2>>> {};

constexpr bool same_window(nn::window const& a, nn::window const& b) {
  return a.radius == b.radius && a.stride == b.stride && a.is_global == b.is_global;
}

}  // namespace

TEST_CASE("window: the radius of a layer is what it looks at, no more and no less") {
  SECTION("3x3") { check_reach<nn::conv<1, 1, 3, values>>(); }
  SECTION("1x1") { check_reach<nn::conv<2, 1, 1, values>>(); }
  SECTION("5x5 with stride") { check_reach<nn::conv<1, 1, 5, values, nn::same<2>>>(); }
  SECTION("dilated") { check_reach<nn::conv<1, 2, 3, values, nn::same<1, 3>>>(); }
  SECTION("even: one pixel farther to one side") { check_reach<nn::conv<1, 1, 4, values>>(); }
  SECTION("even, dilated") { check_reach<nn::conv<1, 1, 2, values, nn::same<1, 3>>>(); }
  SECTION("without padding it begins at the position") { check_reach<nn::conv<1, 1, 3, values, nn::valid<>>>(); }
  SECTION("without padding, stride and dilation") { check_reach<nn::conv<1, 1, 3, values, nn::valid<2, 2>>>(); }
  SECTION("block") { check_reach<nn::conv_block<1, 2, 3, values, nn::normalization::batch>>(); }
  SECTION("norm") { check_reach<nn::batch_norm<1, values>>(); }
  SECTION("pool") { check_reach<nn::max_pool<>>(); }
  SECTION("overlapping pool") { check_reach<nn::max_pool<3, 2>>(); }
  SECTION("activation") { check_reach<nn::sigmoid>(); }
}

TEST_CASE("window: of layers in a row") {
  static_assert(same_window(block::window, {1 + 1 * 1 + 2 * 1, 2, false}), "conv, pool, conv");
  static_assert(same_window(mixed::window, {1 + 2 * 2 + 4 * 2, 4, false}), "strides multiply the radii behind them");
  static_assert(same_window(nn::sequential<block, block>::window, {4 + 2 * 4, 4, false}), "nested");
  static_assert(same_window(nn::sequential<>::window, {0, 1, false}), "nothing looks at its own pixel");
  static_assert(nn::sequential<block, nn::global_average_pool, nn::linear<1, 4>>::window.is_global,
                "one global layer makes everything global");
  check_reach<block>();
  // every second column and row of the stride is a corner of the window only where the maximum lies there
  INFO("radius " << mixed::window.radius);
  CHECK(reach<mixed>(25, 21) <= mixed::window.radius);
  CHECK(reach<mixed>(25, 21) >= mixed::window.radius - 1);
}

TEST_CASE("window: composition is associative") {
  constexpr nn::window a{1, 2, false}, b{3, 1, false}, c{2, 3, false};
  static_assert(same_window(a.then(b).then(c), a.then(b.then(c))), "in any order");
  static_assert(same_window(a.then(b).then(c), {1 + 2 * 3 + 2 * 2, 6, false}), "by hand");
}
