// SPDX-License-Identifier: MIT
#include "convolution.hpp"

#include "normal_values.hpp"
#include "timing.hpp"

#include <fsis/ops/conv2d.hpp>
#include <fsis/tensor/transfer.hpp>

#include <cmath>
#include <cstdio>
#include <string>

#if FSIS_BENCH_HAS_ONEDNN
#include "peers/onednn.hpp"
#endif

namespace fsis_bench {
namespace {

using fsis::index_t;

struct layer {
  char const* name;
  index_t C, K, side, dilation;
};

constexpr layer layers[] = {
    {"conv1_1", 3, 64, 384, 1},    {"conv1_2", 64, 64, 384, 1},    {"conv2_1", 64, 128, 192, 1},
    {"conv2_2", 128, 128, 192, 1}, {"conv3_1", 128, 256, 96, 1},   {"conv3_x", 256, 256, 96, 1},
    {"conv4_1", 256, 512, 48, 1},  {"conv4_x", 512, 512, 48, 1},   {"conv5_x", 512, 512, 24, 1},
    {"conv5_d2", 512, 512, 48, 2}, {"compact1_2", 16, 16, 384, 1}, {"compact2_2", 32, 32, 192, 1},
    {"narrow", 12, 12, 192, 1}};

void print(layer const& l, int threads, char const* what, summary const& s) {
  double const operations = 2.0 * 9.0 * static_cast<double>(l.C * l.K * l.side * l.side);
  std::printf(
      "{\"layer\": \"%s\", \"threads\": %d, \"what\": \"%s\", \"ms\": %.2f, \"least\": %.2f, \"most\": %.2f, "
      "\"gflops\": %.0f}\n",
      l.name, threads, what, s.median, s.least, s.most, operations / s.median / 1e6);
}

}  // namespace

void time_convolutions(options const& o) {
  auto const ctx = context_of(o, fsis::convolution_algorithm::any);
  auto const direct = context_of(o, fsis::convolution_algorithm::direct);
  for (layer const& l : layers) {
    fsis::conv_options co;
    co.padding = co.dilation = {l.dilation, l.dilation};
    fsis::shape const x_shape{1, l.side, l.side, l.C}, f_shape{l.K, 3, 3, l.C}, y_shape{1, l.side, l.side, l.K};
    auto const x_values = normal_values(x_shape, 1, 1, true), b_values = normal_values({l.K}, 1, 3);
    auto const f_values = normal_values(f_shape, std::sqrt(2.0 / static_cast<double>(9 * l.C)), 2);
    auto const x = fsis::from_host<float>(ctx, x_shape, x_values), f = fsis::from_host<float>(ctx, f_shape, f_values);
    auto const b = fsis::from_host<float>(ctx, {l.K}, b_values);
    auto const dy = fsis::from_host<float>(ctx, y_shape, normal_values(y_shape, 1, 4));

    std::vector<char const*> names{"forward", "forward, plain sums", "data gradient", "filter gradient"};
    std::vector<std::function<void()>> contenders{
        [&] { fsis::ops::conv2d(ctx, x, f, b, co, fsis::activation::relu); },
        [&] { fsis::ops::conv2d(direct, x, f, b, co, fsis::activation::relu); },
        [&] { fsis::ops::conv2d_backward_data(ctx, dy, f, x_shape, co); },
        [&] { fsis::ops::conv2d_backward_filter(ctx, x, dy, f_shape, co); }};
#if FSIS_BENCH_HAS_ONEDNN
    onednn_convolution peer(fsis::ops::conv_geometry_of(x_shape, f_shape, co), x_values, f_values, b_values);
    std::string const peer_name = "oneDNN forward, " + peer.kernel();
    names.push_back(peer_name.c_str());
    contenders.push_back([&] { peer.run(); });
#endif
    auto const times = compare(o.rounds, contenders);
    for (std::size_t i = 0; i < times.size(); ++i) print(l, ctx.threads(), names[i], times[i]);
  }
}

}  // namespace fsis_bench
