// SPDX-License-Identifier: MIT
// The trunk of VGG16 at 384x384 and a step of its training in every precision, and a session's click with f-BRS.
#include "cases.hpp"

#include <fsis/interactive/session.hpp>
#include <fsis/model/vgg16.hpp>

#include <cmath>

namespace fsis_bench {
namespace {

constexpr index_t side = 384;

template <class Context>
struct trunk_on {
  using tensor = fsis::tensor<float, Context>;
  fsis::model::vgg16_trunk<tensor, 1, fsis::nn::normalization::none> net;
  tensor x;

  explicit trunk_on(Context const& ctx) : x(normal_tensor(ctx, {1, side, side, 3}, 1, 1)) {
    std::uint64_t seed = 2;
    fsis::nn::visit_parameters(net, [&](std::string const&, auto& p) {
      bool const is_filter = p.extents.rank() == 4;
      double const size = is_filter ? std::sqrt(2.0 / (9 * static_cast<double>(p.extents[3]))) : 0.01;
      p.value = normal_tensor(ctx, p.extents, size, seed++);
    });
  }
};

double trunk_flops() {
  index_t const channels[] = {3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512};
  index_t const halvings[] = {0, 0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4};
  double flops = 0;
  for (std::size_t i = 0; i < 13; ++i) {
    double const pixels = std::pow(static_cast<double>(side >> halvings[i]), 2);
    flops += 18 * pixels * static_cast<double>(channels[i] * channels[i + 1]);
  }
  return flops;
}

/// A session of full width whose last click is made again and again.
template <class Context>
struct session_on {
  fsis::loaded_network<fsis::vgg16, Context> net;
  std::unique_ptr<fsis::session_for<fsis::vgg16, Context>> session;
  bool clicked = false;

  explicit session_on(Context const& ctx) {
    net.initialise(ctx, 1);
    net.settings.longest_side = side;
    fsis::session_options o;
    o.stop = fsis::stop_rule::never;
    session = std::make_unique<fsis::session_for<fsis::vgg16, Context>>(ctx, net, o);
    fsis::shot s{fsis::image::blank(side, side), fsis::mask::blank(side, side)};
    for (index_t y = 100; y < 250; ++y)
      for (index_t i = 100; i < 250; ++i) {
        s.object(y, i) = 1;
        for (index_t c = 0; c < 3; ++c) s.picture(y, i, c) = static_cast<std::uint8_t>(90 + 40 * c);
      }
    session->set_support({s});
    session->set_query(s.picture);
  }
};

}  // namespace

void add_device_networks(fsis::bench::registry& to, bench_device const& device) {
  std::vector<named_precision> const all(std::begin(precisions), std::end(precisions));
  double const weights = 4 * 14.7e6;
  add_case(
      to, device, "device.trunk.forward", "thirteen convolutions and four pools at 384x384", {trunk_flops(), weights},
      [](auto const& ctx) {
        using context = std::decay_t<decltype(ctx)>;
        auto const t = std::make_shared<trunk_on<context>>(ctx);
        return [&ctx, t] {
          fsis::no_tape<fsis::tensor<float, context>> tape(ctx);
          return t->net(tape, t->x).value;
        };
      },
      all);
  add_case(
      to, device, "device.trunk.gradient", "the same forward and back to all filters",
      {3 * trunk_flops(), 2 * weights},
      [](auto const& ctx) {
        using context = std::decay_t<decltype(ctx)>;
        auto const t = std::make_shared<trunk_on<context>>(ctx);
        return [&ctx, t] {
          fsis::tape<fsis::tensor<float, context>> tape(ctx);
          auto const y = t->net(tape, t->x);
          tape.backward(y, y.value);
          return tape.parameter_gradient(&t->net.lower.stage1.first.conv.weight);
        };
      },
      all);
  add_case(to, device, "device.session.click",
           "a click with 20 evaluations of f-BRS, full VGG16; counted is one pass", {trunk_flops(), weights},
           [](auto const& ctx) {
             using context = std::decay_t<decltype(ctx)>;
             auto const s = std::make_shared<session_on<context>>(ctx);
             return [&ctx, s] {
               if (s->clicked) s->session->undo();
               s->session->click(fsis::positive(170, 170));
               s->clicked = true;
               auto const& p = s->session->probability();
               return fsis::from_host<float>(ctx, {p.height(), p.width()},
                                             std::vector<float>(p.data(), p.data() + p.size()));
             };
           },
           {{"float32", fsis::cuda_precision::float32, 5e-2}});  // a search carries roundings on
}

}  // namespace fsis_bench
