// SPDX-License-Identifier: MIT
// One evaluation of f-BRS behind the junction, value and gradient, around the clicks alone and on the whole map. The
// head has the thesis' 256 channels and made-up weights. The gradient is checked against the whole map with plain sums.
#include "cases/cases.hpp"
#include "cases/normal_values.hpp"
#include "cases/op_case.hpp"

#include <fsis/interactive/click_objective.hpp>
#include <fsis/interactive/click_patches.hpp>
#include <fsis/interactive/feature_brs.hpp>
#include <fsis/interactive/refine.hpp>
#include <fsis/model/network.hpp>

#include <memory>

namespace fsis_bench {
namespace {

namespace interactive = fsis::interactive;
using network = fsis::network<fsis::vgg16>;
using variable_type = network::variable_type;

constexpr index_t click_radius = 1;

struct refinement_problem {
  std::vector<float> features;
  std::vector<fsis::click> clicks;
};
using problem = std::shared_ptr<refinement_problem const>;

refinement_problem problem_at(setting const& s) {
  index_t const side = s["side"], frame = network::stride * side;
  refinement_problem p;
  p.features = normal_values({1, side, side, network::width}, 1, 1);
  for (float& f : p.features) f = f > 0 ? f : 0;
  fsis::random_stream draw(2);
  for (index_t i = 0; i < s["clicks"]; ++i)
    p.clicks.push_back({number(draw.below(frame)), number(draw.below(frame)), i % 2 == 0});
  return p;
}

/// Head and features on a context, and the ways to an evaluation of the click loss.
class evaluation {
 private:  // first: what it returns is deduced
  template <class Replay>
  auto objective(Replay const& replay, values const& squares) const {
    interactive::stop_limits limits;
    limits.rule = fsis::stop_rule::never;
    return interactive::click_objective<values, Replay>({squares, {}, 0}, penalty_, replay, limits);
  }

 public:
  evaluation(std::shared_ptr<fsis::cpu_context> const& ctx, index_t side, problem const& given)
      : ctx_(ctx), side_(side), frame_(network::stride * side), given_(given) {
    net_.initialise(*ctx, 1);
    features_ = fsis::from_host<float>(*ctx, {1, side, side, network::width}, given->features);
    x_ = fsis::ops::full(*ctx, {2 * network::width}, 0.01f);
    penalty_ = interactive::feature_penalty<float>(*ctx, network::width, 1e-3, 10);
  }

  auto on_whole_map() const {
    auto const tail = [this](auto& t, variable_type const& f) { return net_.logits(t, f, frame_, frame_); };
    return objective(interactive::replay_features(features_, tail),
                     fsis::from_host<float>(*ctx_, {1, frame_, frame_, 1}, targets()));
  }

  auto on_patches() const {
    auto const around = interactive::patches_around<float>(*ctx_, given_->clicks, click_radius, targets(),
                                                           {frame_, frame_, side_, side_, 1},
                                                           network::window_behind_joint);
    if (!around) throw fsis::bench::unsupported("the patches would be larger than the map");
    auto const tail = [this, a = *around](auto& t, variable_type const& f) {
      return net_.logits_on(t, clear_outside(t, f, a.positions), a.positions, a.pixels);
    };
    return objective(
        interactive::replay_features(fsis::ops::gather_patches(*ctx_, features_, around->positions), tail),
        around->squares);
  }

  template <class Objective>
  values gradient(Objective& f) const {
    values g;
    f(*ctx_, x_, g);
    return g;
  }

  fsis::cpu_context const& context() const { return *ctx_; }

 private:
  std::vector<float> targets() const {
    return interactive::click_targets<float>(frame_, frame_, given_->clicks, click_radius);
  }

  std::shared_ptr<fsis::cpu_context> ctx_;
  index_t side_, frame_;
  problem given_;
  network net_;
  values features_, x_, penalty_;
};

/// Repeats evaluations of one objective, as a refinement does.
template <class Make>
runnable repeating(environment const& env, problem const& p, Make const& make) {
  auto const e = std::make_shared<evaluation>(env.ctx, env.at["side"], p);
  auto const f = std::make_shared<decltype(make(*e))>(make(*e));
  auto const g = std::make_shared<values>();
  runnable r;
  r.run = [=] { *g = e->gradient(*f); };
  r.result = [=] { return fsis::to_host(e->context(), *g); };
  r.memory = &env.ctx->memory();
  return r;
}

/// Work on the whole map by plain sums: the head's convolutions, there and back.
work count_at(setting const& s) {
  double const positions = number(s["side"] * s["side"]), width = number(network::width);
  double const products = positions * (2 * 9 * width * width + width);
  return {2 * 2 * products, 4 * 2 * (2 * 9 * width * width + 2 * positions * width)};
}

}  // namespace

void add_refinements(fsis::bench::registry& to) {
  fsis::bench::contest<refinement_problem> c;
  c.name = "fbrs.evaluation";
  c.summary = "one evaluation of f-BRS behind the junction with its gradient; counted is the whole map";
  c.axes = {{"side", 48, "rows and columns of the feature map", 8, 1 << 10}, {"clicks", 1, "clicks", 1, 1000}};
  c.count = count_at;
  c.problem = [](environment const& env) { return problem_at(env.at); };
  c.expected = [](environment const& env, refinement_problem const& p) {
    fsis::cpu_options plain = env.options;
    plain.convolutions = fsis::convolution_algorithm::direct;
    evaluation const e(std::make_shared<fsis::cpu_context>(plain), env.at["side"],
                       std::make_shared<refinement_problem>(p));
    auto f = e.on_whole_map();
    auto const wanted = fsis::to_host(e.context(), e.gradient(f));
    return fsis::bench::expect_all(std::vector<double>(wanted.begin(), wanted.end()), 1e-4);
  };
  c.contenders.push_back({"fsis", [](environment const& env, problem const& p) {
                            return repeating(env, p, [](evaluation const& e) { return e.on_patches(); });
                          }});
  c.contenders.push_back({"whole_map", [](environment const& env, problem const& p) {
                            return repeating(env, p, [](evaluation const& e) { return e.on_whole_map(); });
                          }});
  to.add(fsis::bench::benchmark_of(c));
}

}  // namespace fsis_bench
