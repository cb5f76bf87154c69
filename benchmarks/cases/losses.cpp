// SPDX-License-Identifier: MIT
#include "cases/cases.hpp"
#include "cases/op_case.hpp"

#include <fsis/ops/loss.hpp>

#include <cmath>
#include <string>

namespace fsis_bench {
namespace {

// Predictions are normal numbers, or those in (0, 1) where a loss takes probabilities; a pixel is object where a
// second normal number is above 0.

struct loss_problem {
  std::vector<float> x, t;
};
using problem = std::shared_ptr<loss_problem const>;

/// The definition, in double: the loss, and the derivative with respect to element `i`.
struct loss_by_hand {
  std::function<double(loss_problem const&)> value;
  std::function<double(loss_problem const&, index_t)> derivative;
};

template <class F>
double sum_over(loss_problem const& p, F const& f) {
  double sum = 0;
  for (std::size_t i = 0; i < p.x.size(); ++i) sum += f(static_cast<double>(p.x[i]), static_cast<double>(p.t[i]));
  return sum;
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

loss_by_hand cross_entropy() {
  return {[](loss_problem const& p) {
            return sum_over(p, [](double x, double t) { return std::log1p(std::exp(x)) - t * x; }) /
                   number(static_cast<index_t>(p.x.size()));
          },
          [](loss_problem const& p, index_t i) {
            return (sigmoid(at(p.x, i)) - at(p.t, i)) / number(static_cast<index_t>(p.x.size()));
          }};
}

loss_by_hand soft_iou() {
  auto const common = [](double p, double t) { return p * t; };
  auto const united = [](double p, double t) { return std::max(p, t); };
  return {[=](loss_problem const& p) { return 1 - sum_over(p, common) / sum_over(p, united); },
          // the sums are the same for all elements, but they are cheap beside drawing the numbers
          [=](loss_problem const& p, index_t i) {
            double const a = sum_over(p, common), b = sum_over(p, united);
            return -(at(p.t, i) * b - (at(p.x, i) > at(p.t, i) ? a : 0.0)) / (b * b);
          }};
}

template <class Loss>
void add(fsis::bench::registry& to, std::string const& name, bool of_probabilities, Loss loss, double flops,
         loss_by_hand const& by_hand) {
  for (bool const is_gradient : {false, true}) {
    fsis::bench::contest<loss_problem> c;
    c.name = name + (is_gradient ? ".gradient" : ".value");
    c.summary = is_gradient ? "its derivative with respect to the prediction" : "loss of a prediction, one number";
    c.axes = map_axes(384, 1);
    c.count = [=](setting const& s) {
      return work{flops * size_of(map_of(s)), (is_gradient ? 12 : 8) * size_of(map_of(s))};
    };
    c.problem = [=](environment const& env) {
      loss_problem p{normal_values(map_of(env.at), 1, 1), normal_values(map_of(env.at), 1, 2)};
      for (float& t : p.t) t = t > 0 ? 1.0f : 0.0f;
      for (float& x : p.x)
        if (of_probabilities) x = static_cast<float>(sigmoid(static_cast<double>(x)));
      return p;
    };
    c.expected = [=](environment const&, loss_problem const& p) {
      if (!is_gradient) return fsis::bench::expect_all({by_hand.value(p)});
      index_t const size = static_cast<index_t>(p.x.size());
      return fsis::bench::expect_some(size, [&](index_t i) { return by_hand.derivative(p, i); }, 1e-5, 32);
    };
    c.contenders.push_back({"fsis", [=](environment const& env, problem const& p) {
                              auto const x = fsis::from_host<float>(*env.ctx, map_of(env.at), p->x);
                              auto const t = fsis::from_host<float>(*env.ctx, map_of(env.at), p->t);
                              auto const batch = fsis::loss_scope::batch;
                              auto const r = fsis::ops::pixel_loss(*env.ctx, "loss", x, t, loss, batch);
                              auto const one = fsis::from_host<float>(*env.ctx, {}, {1.0f});
                              return running(env.ctx, [=](fsis::cpu_context const& ctx) {
                                return is_gradient ? fsis::ops::pixel_loss_backward(ctx, one, x, t, r, loss)
                                                   : fsis::ops::pixel_loss(ctx, "loss", x, t, loss, batch).value;
                              });
                            }});
    to.add(fsis::bench::benchmark_of(c));
  }
}

}  // namespace

void add_losses(fsis::bench::registry& to) {
  add(to, "loss.cross_entropy", false, fsis::kernels::bce_with_logits{}, 6, cross_entropy());
  add(to, "loss.soft_iou", true, fsis::kernels::soft_iou{}, 4, soft_iou());
}

}  // namespace fsis_bench
