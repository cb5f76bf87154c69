// SPDX-License-Identifier: MIT
// One step of an optimiser, the second: its state exists, and is brought back before each run.
#include "cases/cases.hpp"
#include "cases/op_case.hpp"

#include <fsis/optim/adam.hpp>
#include <fsis/optim/sgd.hpp>

#include <cmath>
#include <memory>

namespace fsis_bench {
namespace {

constexpr double rate = 0.01;

struct step_problem {
  std::vector<float> w, g;
};

template <class Optimiser>
runnable prepared(environment const& env, step_problem const& p) {
  struct scene {
    Optimiser optimiser;
    fsis::optim::parameter_slots<float> slots;
    values start;
    fsis::optim::optimiser_state<float> after_one;
  };
  auto const ctx = env.ctx;
  shape const extents{static_cast<index_t>(p.w.size())};
  auto const s = std::make_shared<scene>();
  s->start = fsis::from_host<float>(*ctx, extents, p.w);
  s->slots.push_back({fsis::ops::clone(*ctx, s->start), fsis::from_host<float>(*ctx, extents, p.g), true});
  s->optimiser.step(*ctx, s->slots, rate);
  auto const state = s->optimiser.state();
  s->after_one = state;
  for (auto& t : s->after_one.tensors) t.value = fsis::ops::clone(*ctx, t.value);
  runnable r;
  r.before = [s, ctx] {
    fsis::ops::copy(*ctx, s->start, s->slots[0].value);
    s->optimiser.restore(*ctx, s->after_one);
  };
  r.run = [s, ctx] { s->optimiser.step(*ctx, s->slots, rate); };
  r.result = [s, ctx] { return fsis::to_host(*ctx, s->slots[0].value); };
  r.memory = &ctx->memory();
  return r;
}

/// `by_hand(w, g)`: a parameter after two steps from w with the same gradient, the first one's move taken back.
template <class Optimiser, class ByHand>
void add(fsis::bench::registry& to, std::string const& name, std::string const& summary, double flops, double arrays,
         ByHand const& by_hand) {
  fsis::bench::contest<step_problem> c;
  c.name = name;
  c.summary = summary;
  c.axes = {{"parameters", 1 << 20, "numbers that are moved", 1, 1 << 28}};
  c.count = [=](setting const& s) {
    double const n = number(s["parameters"]);
    return work{flops * n, 4 * arrays * n};
  };
  c.problem = [](environment const& env) {
    shape const extents{env.at["parameters"]};
    return step_problem{normal_values(extents, 1, 1), normal_values(extents, 1, 2)};
  };
  c.expected = [=](environment const&, step_problem const& p) {
    return fsis::bench::expect_some(static_cast<index_t>(p.w.size()),
                                    [&](index_t i) { return by_hand(at(p.w, i), at(p.g, i)); });
  };
  c.contenders.push_back({"fsis", [](environment const& env, std::shared_ptr<step_problem const> const& p) {
                            return prepared<Optimiser>(env, *p);
                          }});
  to.add(fsis::bench::benchmark_of(c));
}

}  // namespace

void add_optimisers(fsis::bench::registry& to) {
  // read w, v, g, write w, v
  add<fsis::optim::sgd<float>>(to, "sgd.step", "momentum and weight decay", 6, 5, [](double w, double g) {
    fsis::optim::sgd_options const o;
    double const direction = g + o.weight_decay * w;
    return w - rate * (o.momentum * direction + direction);
  });
  // with one gradient both means are that of it, however many steps; read w, m, u, g, write w, m, u
  add<fsis::optim::adam<float>>(to, "adam.step", "both moments with their corrections", 14, 7, [](double w, double g) {
    fsis::optim::adam_options const o;
    return w - rate * g / (std::abs(g) + o.epsilon);
  });
}

}  // namespace fsis_bench
