// SPDX-License-Identifier: MIT
#include "trunk.hpp"

#include "normal_values.hpp"
#include "timing.hpp"

#include <fsis/model/trunk.hpp>
#include <fsis/ops/conv2d.hpp>
#include <fsis/tensor/transfer.hpp>

#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#if FSIS_BENCH_HAS_ONEDNN
#include "peers/onednn.hpp"
#endif

namespace fsis_bench {
namespace {

using fsis::index_t;
using values = fsis::tensor<float>;
using trunk = fsis::model::vgg16_trunk<values, 1, fsis::nn::normalization::none>;

constexpr index_t side = 384;

#if FSIS_BENCH_HAS_ONEDNN
/// The thirteen convolutions, each with its own input.
std::vector<std::unique_ptr<onednn_convolution>> onednn_trunk() {
  constexpr index_t channels[] = {3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512};
  constexpr index_t halvings[] = {0, 0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4};
  std::vector<std::unique_ptr<onednn_convolution>> layers;
  for (int i = 0; i < 13; ++i) {
    index_t const C = channels[i], K = channels[i + 1], s = side >> halvings[i];
    fsis::conv_options o;
    o.padding = {1, 1};
    fsis::shape const x{1, s, s, C}, f{K, 3, 3, C};
    layers.push_back(std::make_unique<onednn_convolution>(
        fsis::ops::conv_geometry_of(x, f, o), normal_values(x, 1, 1, true),
        normal_values(f, std::sqrt(2.0 / static_cast<double>(9 * C)), 2), normal_values({K}, 1, 3)));
  }
  return layers;
}
#endif

}  // namespace

void time_trunk(options const& o) {
  auto const ctx = context_of(o, fsis::convolution_algorithm::any);
  auto const direct = context_of(o, fsis::convolution_algorithm::direct);
  trunk net;
  fsis::nn::initialise(ctx, net, 1);
  fsis::shape const extents{1, side, side, 3};
  auto const x = fsis::from_host<float>(ctx, extents, normal_values(extents, 1, 1));
  auto const forward = [&](fsis::cpu_context const& on) {
    fsis::no_tape<values> t(on);
    net(t, fsis::variable<values>(x));
  };
  forward(ctx), forward(ctx);  // forms of filters are kept from the second time on
  ctx.memory().reset_peak();
  forward(ctx);
  double const inference_bytes = static_cast<double>(ctx.memory().statistics().peak);

  std::vector<std::string> names{"forward", "forward, plain sums", "forward and backward"};
  std::vector<std::function<void()>> contenders{[&] { forward(ctx); }, [&] { forward(direct); },
                                                [&] {
                                                  fsis::tape<values> t(ctx);
                                                  auto const y = net(t, fsis::variable<values>(x));
                                                  t.backward(y, y.value);
                                                }};
#if FSIS_BENCH_HAS_ONEDNN
  auto const layers = onednn_trunk();
  names.push_back("oneDNN's convolutions forward, " + layers[1]->kernel());
  contenders.push_back([&] {
    for (auto const& layer : layers) layer->run();
  });
#endif
  auto const times = compare(o.rounds, contenders);
  for (std::size_t i = 0; i < times.size(); ++i)
    std::printf("{\"trunk\": \"vgg16\", \"threads\": %d, \"what\": \"%s\", \"ms\": %.1f, \"least\": %.1f, "
                "\"most\": %.1f}\n",
                ctx.threads(), names[i].c_str(), times[i].median, times[i].least, times[i].most);
  std::printf("{\"trunk\": \"vgg16\", \"threads\": %d, \"what\": \"forward, most bytes\", \"mib\": %.0f}\n", ctx.threads(),
              inference_bytes / (1 << 20));
}

}  // namespace fsis_bench
