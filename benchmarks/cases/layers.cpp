// SPDX-License-Identifier: MIT
// Layers with their parameters; what is expected comes from the same layer in double, which has no quick algorithms.
#include "cases/cases.hpp"
#include "cases/op_case.hpp"

#include <fsis/nn/conv_block.hpp>
#include <fsis/nn/linear.hpp>

#include <memory>

namespace fsis_bench {
namespace {

template <class T>
using conv_block = fsis::nn::conv_block<256, 256, 3, fsis::tensor<T>, fsis::nn::normalization::batch>;
template <class T>
using linear = fsis::nn::linear<512, 256, fsis::tensor<T>>;

enum class use { inference, training };

template <class T, class Layer>
struct scene {
  std::shared_ptr<fsis::cpu_context> ctx;
  Layer layer;
  fsis::tensor<T> x, y;

  scene(std::shared_ptr<fsis::cpu_context> const& on, shape const& extents, std::vector<float> const& numbers)
      : ctx(on), x(fsis::from_host<T>(*on, extents, std::vector<T>(numbers.begin(), numbers.end()))) {
    fsis::nn::initialise(*ctx, layer, 1);
  }

  /// Inference gives the result, training the gradient of the input for half the sum of the result's squares.
  void run(use what) {
    y = fsis::tensor<T>();
    if (what == use::inference) {
      fsis::no_tape<fsis::tensor<T>> t(*ctx);
      y = layer(t, fsis::variable<fsis::tensor<T>>(x)).value;
    } else {
      fsis::tape<fsis::tensor<T>> t(*ctx);
      auto const in = t.input(x);
      auto const out = layer(t, in);
      t.backward(out, out.value);
      y = t.gradient(in);
    }
  }

  std::vector<T> result() const { return fsis::to_host(*ctx, y); }
};

template <template <class> class Layer>
void add(fsis::bench::registry& to, std::string const& name, std::string const& summary, index_t side, use what) {
  constexpr index_t C = Layer<float>::in_channels, K = Layer<float>::out_channels;
  fsis::bench::contest<std::vector<float>> c;
  c.name = name + (what == use::inference ? ".inference" : ".training");
  c.summary = summary + (what == use::inference ? "" : ", forward and back to input and parameters");
  c.axes = map_axes(side, C);
  c.axes.pop_back();  // channels are those of the type
  auto const input = [](setting const& s) { return shape{s["batch"], s["height"], s["width"], C}; };
  c.count = [=](setting const& s) {
    double const pixels = size_of(input(s)) / number(C);
    double parameters = 0, products = 0;  // a filter's numbers meet each pixel once
    Layer<float> const layer;
    fsis::nn::visit_parameters(layer, [&](std::string const&, auto const& p) {
      parameters += number(p.extents.size());
      if (p.extents.rank() > 1) products += number(p.extents.size());
    });
    double const flops = 2 * pixels * products, maps = pixels * number(C + K);
    return what == use::inference ? work{flops, 4 * (maps + parameters)} : work{3 * flops, 8 * (maps + parameters)};
  };
  c.problem = [=](environment const& env) { return normal_values(input(env.at), 1, 1); };
  c.expected = [=](environment const& env, std::vector<float> const& x) {
    scene<double, Layer<double>> s(env.ctx, input(env.at), x);
    s.run(what);
    return fsis::bench::expect_all(s.result(), 1e-4);
  };
  c.contenders.push_back({"fsis", [=](environment const& env, std::shared_ptr<std::vector<float> const> const& x) {
                            auto const s = std::make_shared<scene<float, Layer<float>>>(env.ctx, input(env.at), *x);
                            runnable r;
                            r.run = [=] { s->run(what); };
                            r.result = [=] { return s->result(); };
                            r.memory = &env.ctx->memory();
                            return r;
                          }});
  to.add(fsis::bench::benchmark_of(c));
}

}  // namespace

void add_layers(fsis::bench::registry& to) {
  for (use const what : {use::inference, use::training}) {
    add<conv_block>(to, "layer.conv_block", "3x3 convolution of 256 channels, batch norm, ReLU", 48, what);
    add<linear>(to, "layer.linear", "512 channels to 256", 24, what);
  }
}

}  // namespace fsis_bench
