// SPDX-License-Identifier: MIT
// The convolutions and pools of VGG16, forward and with the gradients of all filters. What is expected comes from plain
// sums, which the benchmarks of single convolutions check against the definition. Forward, filters stay as they are,
// and their forms are kept; with gradients they change a little between runs, as in training, and are made anew.
#include "cases/cases.hpp"
#include "cases/op_case.hpp"

#include <fsis/model/vgg16.hpp>

#include <cmath>

namespace fsis_bench {
namespace {

using trunk = fsis::model::vgg16_trunk<values, 1, fsis::nn::normalization::none>;
using problem = std::shared_ptr<trunk_problem const>;

constexpr index_t channels[] = {3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512};
constexpr index_t halvings[] = {0, 0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4};
constexpr std::size_t convolutions = 13;

double layer_flops(setting const& s, std::size_t i) {
  index_t const side = s["side"] >> halvings[i];
  return 18.0 * number(s["batch"] * side * side * channels[i] * channels[i + 1]);
}

work count_at(setting const& s, bool with_gradients) {
  fsis::require<fsis::shape_error>(s["side"] % 16 == 0, "vgg16.trunk: side ", s["side"], ", wanted a multiple of 16");
  double flops = 0, numbers = 0;
  for (std::size_t i = 0; i < convolutions; ++i) {
    flops += layer_flops(s, i);
    numbers += number(9 * channels[i] * channels[i + 1] + channels[i + 1]);
  }
  double const pixels = number(s["batch"] * s["side"] * s["side"]), maps = 3 * pixels + 512 * pixels / 256;
  // nobody asks for the gradient of the picture
  if (with_gradients) return {3 * flops - layer_flops(s, 0), 4 * (2 * numbers + maps)};
  return {flops, 4 * (numbers + maps)};
}

trunk_problem problem_at(setting const& s) {
  trunk_problem p{s["batch"], s["side"], normal_values({s["batch"], s["side"], s["side"], 3}, 1, 1), {}};
  for (std::size_t i = 0; i < convolutions; ++i) {
    index_t const C = channels[i], K = channels[i + 1];
    p.layers.push_back({C, K, normal_values({K, 3, 3, C}, std::sqrt(2.0 / (9 * number(C))), 2 + i),
                        normal_values({K}, 0.01, 32 + i), i == 1 || i == 3 || i == 6 || i == 9});
  }
  return p;
}

/// The trunk on a context, with the problem's filters.
struct scene {
  std::shared_ptr<fsis::cpu_context> ctx;
  trunk net;
  values x, y;

  scene(std::shared_ptr<fsis::cpu_context> const& on, trunk_problem const& p)
      : ctx(on), x(fsis::from_host<float>(*on, {p.batch, p.side, p.side, 3}, p.x)) {
    std::size_t i = 0;
    fsis::nn::visit_parameters(net, [&](std::string const&, auto& parameter) {
      auto const& l = p.layers[i / 2];
      parameter.value = fsis::from_host<float>(*ctx, parameter.extents, i % 2 == 0 ? l.filter : l.bias);
      ++i;
    });
  }

  void forward() {
    y = values();
    fsis::no_tape<values> t(*ctx);
    y = net(t, fsis::variable<values>(x)).value;
  }

  /// Gradients of half the sum of squares of what comes out; that of the first filter depends on all others.
  void with_gradients() {
    y = values();
    fsis::tape<values> t(*ctx);
    auto const out = net(t, fsis::variable<values>(x));
    t.backward(out, out.value);
    y = t.parameter_gradient(&net.lower.stage1.first.conv.weight);
  }

  /// Another number in each filter, by so little that the result is the same within its tolerance.
  void change_filters() {
    flip_ = -flip_;
    fsis::nn::visit_parameters(net, [&](std::string const&, auto& parameter) {
      float& first = parameter.value.data()[0];
      first += first * flip_ * 1e-6f;
    });
  }

  std::vector<float> result() const { return fsis::to_host(*ctx, y); }

 private:
  float flip_ = 1;
};

runnable prepared(std::shared_ptr<scene> const& s, bool with_gradients) {
  runnable r;
  r.run = [=] { with_gradients ? s->with_gradients() : s->forward(); };
  r.result = [=] { return s->result(); };
  if (with_gradients) r.before = [=] { s->change_filters(); };
  r.memory = &s->ctx->memory();
  return r;
}

void add(fsis::bench::registry& to, bool with_gradients, decltype(peers::trunk) const& others) {
  fsis::bench::contest<trunk_problem> c;
  c.name = with_gradients ? "vgg16.trunk.gradient" : "vgg16.trunk.forward";
  c.summary = with_gradients ? "thirteen convolutions and four pools, forward and back to all filters"
                             : "thirteen convolutions and four pools";
  c.axes = {{"batch", 1, "pictures"}, {"side", 384, "rows and columns of a picture, a multiple of 16", 16, 1 << 14}};
  c.count = [=](setting const& s) { return count_at(s, with_gradients); };
  c.problem = [](environment const& env) { return problem_at(env.at); };
  c.expected = [=](environment const& env, trunk_problem const& p) {
    auto const s = std::make_shared<scene>(env.context_with(fsis::convolution_algorithm::direct), p);
    prepared(s, with_gradients).run();
    auto const wanted = s->result();
    return fsis::bench::expect_some(
        static_cast<index_t>(wanted.size()), [&](index_t i) { return at(wanted, i); }, 1e-3);
  };
  c.contenders.push_back({"fsis", [=](environment const& env, problem const& p) {
                            return prepared(std::make_shared<scene>(env.ctx, *p), with_gradients);
                          }});
  c.contenders.push_back({"direct", [=](environment const& env, problem const& p) {
                            auto const ctx = env.context_with(fsis::convolution_algorithm::direct);
                            return prepared(std::make_shared<scene>(ctx, *p), with_gradients);
                          }});
  c.contenders.insert(c.contenders.end(), others.begin(), others.end());
  to.add(fsis::bench::benchmark_of(c));
}

}  // namespace

void add_trunk(fsis::bench::registry& to, peers const& others) {
  add(to, false, others.trunk);
  add(to, true, others.trunk_gradient);
}

}  // namespace fsis_bench
