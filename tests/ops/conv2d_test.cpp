// SPDX-License-Identifier: MIT
#include <fsis/ops/conv2d.hpp>

#include <fsis/ops/pool.hpp>
#include <fsis/ops/reduce.hpp>

#include <support/catch.hpp>
#include <support/compare.hpp>
#include <support/conv_cases.hpp>
#include <support/random_tensor.hpp>
#include <support/threads.hpp>

#include <cmath>
#include <limits>

using namespace fsis_test;
using fsis::activation;
using fsis::cpu_context;
using fsis::index_t;
using fsis::shape;
using fsis::tensor;
namespace ops = fsis::ops;

namespace {

/// Filters whose results are of the order of one, whatever the depth.
template <class T>
tensor<T> random_filter(cpu_context const& ctx, shape const& extents, std::uint64_t seed) {
  double const size = 1.7 / std::sqrt(static_cast<double>(extents.size() / extents[0]));
  return random_tensor<T>(ctx, extents, seed, -size, size);
}

/// The definition, one element after the other, in double.
template <class T>
std::vector<T> by_definition(fsis::kernels::conv_geometry const& g, tensor<T> const& x, tensor<T> const& filter,
                             tensor<T> const& bias, activation act) {
  std::vector<T> y(static_cast<std::size_t>(g.N * g.P * g.Q * g.K));
  fsis::kernels::conv_direct<T> const direct{y.data(), x.data(), filter.data(), g};
  for (index_t pixel = 0; pixel < g.N * g.P * g.Q; ++pixel)
    for (index_t k = 0; k < g.K; ++k) {
      direct(pixel, k);
      T& value = y[static_cast<std::size_t>(pixel * g.K + k)];
      if (bias.defined()) value += bias.data()[k];
      if (act == activation::relu && value < T(0)) value = T(0);
    }
  return y;
}

}  // namespace

TEST_CASE("conv2d of a picture small enough for paper") {
  cpu_context const ctx;
  // two channels; the filter takes the first channel's right neighbour and twice the second channel's lower one
  auto const x = fsis::from_host<double>(ctx, {1, 2, 2, 2}, {1, 10, 2, 20, 3, 30, 4, 40});
  auto const f = fsis::from_host<double>(ctx, {1, 2, 2, 2}, {0, 0, 1, 0, 0, 2, 0, 0});
  auto const bias = fsis::from_host<double>(ctx, {1}, {-100});
  CHECK(to_host(ctx, ops::conv2d(ctx, x, f)) == std::vector<double>{62});
  CHECK(to_host(ctx, ops::conv2d(ctx, x, f, bias)) == std::vector<double>{-38});
  CHECK(to_host(ctx, ops::conv2d(ctx, x, f, bias, {}, activation::relu)) == std::vector<double>{0});
  // one zero around: rows and columns -1 to 1 start a window
  auto const padded = ops::conv2d(ctx, x, f, {}, conv_with({1, 1}, {1, 1}));
  CHECK(padded.extents() == shape{1, 3, 3, 1});
  CHECK(to_host(ctx, padded) == std::vector<double>{0, 20, 40, 1, 62, 80, 3, 4, 0});
}

TEMPLATE_TEST_CASE("conv2d equals its definition", "", float, double) {
  cpu_context const ctx;
  for (auto const& c : conv_cases()) {
    INFO(c);
    auto const x = random_tensor<TestType>(ctx, c.x, 1);
    auto const f = random_filter<TestType>(ctx, c.filter, 2);
    auto const bias = random_tensor<TestType>(ctx, {c.filter[0]}, 3);
    auto const g = ops::conv_geometry_of(c.x, c.filter, c.options);
    tensor<TestType> const none;

    auto const plain = ops::conv2d(ctx, x, f, none, c.options);
    CHECK(plain.extents() == shape{g.N, g.P, g.Q, g.K});
    CHECK(conv_difference(ctx, plain, by_definition(g, x, f, none, activation::none)) == "");
    auto const biased = ops::conv2d(ctx, x, f, bias, c.options);
    CHECK(conv_difference(ctx, biased, by_definition(g, x, f, bias, activation::none)) == "");
    auto const rectified = ops::conv2d(ctx, x, f, bias, c.options, activation::relu);
    CHECK(conv_difference(ctx, rectified, by_definition(g, x, f, bias, activation::relu)) == "");
    if (g.P > 1 && g.Q > 1) {
      auto const pooled = ops::conv2d_max_pool(ctx, x, f, bias, c.options, activation::relu);
      CHECK(pooled.extents() == shape{g.N, g.P / 2, g.Q / 2, g.K});
      CHECK(to_host(ctx, pooled) == to_host(ctx, ops::max_pool(ctx, rectified)));
    }
    auto const unbiased = ops::conv2d(ctx, x, f, none, c.options, activation::relu);
    CHECK(conv_difference(ctx, unbiased, by_definition(g, x, f, none, activation::relu)) == "");
  }
}

TEST_CASE("conv2d's backward passes are its adjoints") {
  cpu_context const ctx;
  for (auto const& c : conv_cases()) {
    INFO(c);
    auto const x = random_tensor<double>(ctx, c.x, 4);
    auto const f = random_filter<double>(ctx, c.filter, 5);
    auto const y = ops::conv2d(ctx, x, f, {}, c.options);
    // y plus noise: no direction is special, and the inner product does not cancel to nearly nothing
    auto noisy = random_tensor<double>(ctx, y.extents(), 6);
    ops::accumulate(ctx, y, noisy);

    double const inner = ops::dot(ctx, y, noisy);
    double const by_data = ops::dot(ctx, x, ops::conv2d_backward_data(ctx, noisy, f, c.x, c.options));
    double const by_filter = ops::dot(ctx, f, ops::conv2d_backward_filter(ctx, x, noisy, c.filter, c.options));
    CHECK(relative_difference(inner, by_data) <= 1e-12);
    CHECK(relative_difference(inner, by_filter) <= 1e-12);
  }
}

TEST_CASE("conv2d's backward passes in float are those in double") {
  cpu_context const ctx;
  for (auto const& c : conv_cases()) {
    INFO(c);
    auto const x = random_tensor<float>(ctx, c.x, 7);
    auto const f = random_filter<float>(ctx, c.filter, 8);
    auto const g = ops::conv_geometry_of(c.x, c.filter, c.options);
    double const size = 1.7 / std::sqrt(static_cast<double>(g.N * g.P * g.Q));  // sums of the order of one
    auto const dy = random_tensor<float>(ctx, {g.N, g.P, g.Q, g.K}, 9, -size, size);

    auto const x64 = ops::cast<double>(ctx, x), f64 = ops::cast<double>(ctx, f), dy64 = ops::cast<double>(ctx, dy);
    auto const dx = ops::conv2d_backward_data(ctx, dy, f, c.x, c.options);
    auto const dx64 = ops::conv2d_backward_data(ctx, dy64, f64, c.x, c.options);
    CHECK(conv_difference(ctx, dx, to_host(ctx, dx64)) == "");
    auto const df = ops::conv2d_backward_filter(ctx, x, dy, c.filter, c.options);
    auto const df64 = ops::conv2d_backward_filter(ctx, x64, dy64, c.filter, c.options);
    CHECK(conv_difference(ctx, df, to_host(ctx, df64)) == "");
  }
}

TEST_CASE("a convolution without pictures or channels has empty or zero results") {
  cpu_context const ctx;
  auto const same = conv_with({1, 1}, {1, 1});
  tensor<float> const x(ctx, {0, 4, 5, 2}), f = random_tensor<float>(ctx, {3, 3, 3, 2}, 1);
  auto const y = ops::conv2d(ctx, x, f, {}, same);
  CHECK(y.extents() == shape{0, 4, 5, 3});
  CHECK(ops::conv2d_backward_data(ctx, y, f, x.extents(), same).extents() == x.extents());
  CHECK(to_host(ctx, ops::conv2d_backward_filter(ctx, x, y, f.extents(), same)) == std::vector<float>(54, 0.0f));
  auto const empty = ops::conv2d(ctx, tensor<float>(ctx, {1, 2, 2, 0}), tensor<float>(ctx, {1, 1, 1, 0}));
  CHECK(to_host(ctx, empty) == std::vector<float>(4, 0.0f));
}

TEST_CASE("NaN survives relu, fused or not") {
  cpu_context const ctx;
  auto const x = fsis::from_host<float>(ctx, {1, 1, 2, 1}, {std::numeric_limits<float>::quiet_NaN(), -1});
  auto const y = to_host(ctx, ops::conv2d(ctx, x, ops::full(ctx, {1, 1, 1, 1}, 1.0f), {}, {}, activation::relu));
  CHECK(std::isnan(y[0]));
  CHECK(y[1] == 0.0f);
  auto const separate = to_host(ctx, ops::map(ctx, x, fsis::kernels::relu{}));
  CHECK(std::isnan(separate[0]));
  CHECK(separate[1] == 0.0f);
}

TEST_CASE("conv2d's bytes do not depend on the number of threads") {
  for (auto const& c : conv_cases()) {
    if (c.x.size() < 1000) continue;
    INFO(c);
    CHECK(same_bytes_for_any_threads([&](cpu_context const& ctx) {
      auto const x = random_tensor<float>(ctx, c.x, 1), f = random_filter<float>(ctx, c.filter, 2);
      return ops::conv2d(ctx, x, f, random_tensor<float>(ctx, {c.filter[0]}, 3), c.options, activation::relu);
    }));
    auto const g = ops::conv_geometry_of(c.x, c.filter, c.options);
    CHECK(same_bytes_for_any_threads([&](cpu_context const& ctx) {
      auto const dy = random_tensor<float>(ctx, {g.N, g.P, g.Q, g.K}, 4), f = random_filter<float>(ctx, c.filter, 2);
      return ops::conv2d_backward_data(ctx, dy, f, c.x, c.options);
    }));
    CHECK(same_bytes_for_any_threads([&](cpu_context const& ctx) {
      auto const x = random_tensor<float>(ctx, c.x, 1), dy = random_tensor<float>(ctx, {g.N, g.P, g.Q, g.K}, 4);
      return ops::conv2d_backward_filter(ctx, x, dy, c.filter, c.options);
    }));
  }
}

TEST_CASE("conv2d says what does not fit") {
  cpu_context const ctx;
  tensor<float> const none;
  auto const zeros = [&](shape const& s) { return ops::zeros<float>(ctx, s); };
  auto const text = [&](shape const& x, shape const& f, fsis::conv_options const& o = {}) {
    return error_text([&] { ops::conv2d(ctx, zeros(x), zeros(f), none, o); });
  };
  CHECK(
      mentions(text({1, 4, 4, 3}, {8, 3, 3, 4}), "conv2d", "input channels 3", "wants 4", "(1,4,4,3)", "(8,3,3,4)"));
  CHECK(mentions(text({4, 4, 3}, {8, 3, 3, 3}), "(4,4,3)", "(N,H,W,C)"));
  CHECK(mentions(text({1, 4, 4, 6}, {3, 3, 3, 3}, conv_with({1, 1}, {0, 0}, {1, 1}, 2)), "6 input", "3 output",
                 "2 groups"));
  CHECK(mentions(text({1, 4, 5, 1}, {1, 3, 3, 1}, conv_with({1, 1}, {0, 0}, {2, 2})), "reaches over 5x5", "4x5"));
  CHECK(mentions(text({1, 4, 4, 1}, {1, 0, 1, 1}), "(1,0,1,1)"));
  for (auto const& o : {conv_with({0, 1}, {0, 0}), conv_with({1, -2}, {0, 0}), conv_with({1, 1}, {-1, 0}),
                        conv_with({1, 1}, {0, 0}, {0, 1}), conv_with({1, 1}, {0, 0}, {1, 1}, 0)})
    CHECK_THROWS_AS(ops::conv2d(ctx, zeros({1, 4, 4, 1}), zeros({1, 3, 3, 1}), none, o), fsis::value_error);

  auto const x = zeros({1, 4, 4, 2}), f = zeros({3, 3, 3, 2});
  CHECK(mentions(error_text([&] { ops::conv2d(ctx, x, f, zeros({4})); }), "bias (4)", "wanted (3)"));
  CHECK(mentions(error_text([&] { ops::conv2d_max_pool(ctx, x, f, zeros({4})); }), "bias (4)", "wanted (3)"));
  auto const one_row = zeros({1, x.extent(1), f.extent(2), x.extent(3)});
  CHECK(mentions(error_text([&] { ops::conv2d_max_pool(ctx, one_row, f); }), "conv2d_max_pool", "x1", "2x2"));
  CHECK(mentions(error_text([&] { ops::conv2d_backward_data(ctx, x, f, x.extents()); }), "conv2d_backward_data",
                 "(1,4,4,2)", "wanted (1,2,2,3)"));
  CHECK(mentions(error_text([&] { ops::conv2d_backward_filter(ctx, x, x, f.extents()); }), "conv2d_backward_filter",
                 "(1,4,4,2)", "wanted (1,2,2,3)"));
}
