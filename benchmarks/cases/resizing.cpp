// SPDX-License-Identifier: MIT
#include "cases/cases.hpp"
#include "cases/op_case.hpp"

#include <fsis/ops/resize.hpp>

#include <algorithm>
#include <cmath>

namespace fsis_bench {
namespace {

using resizing = std::shared_ptr<resize_problem const>;

std::vector<axis> axes() {
  auto all = map_axes(96, 16);
  all.push_back({"factor", 4, "pixels of the result for one of the source", 1, 64});
  return all;
}

shape resized(setting const& s) {
  return {s["batch"], s["height"] * s["factor"], s["width"] * s["factor"], s["channels"]};
}

work count_at(setting const& s) {
  // two interpolations, each a difference, a product and a sum
  return {6 * size_of(resized(s)), 4 * (size_of(map_of(s)) + size_of(resized(s)))};
}

/// Weight of sample `from` of an axis of `in` in sample `to` of `out`: pixels are areas, and the border repeats.
double weight(index_t in, index_t out, index_t from, index_t to) {
  double const place = (number(to) + 0.5) * number(in) / number(out) - 0.5;
  double const inside = std::min(std::max(place, 0.0), number(in - 1));
  return std::max(0.0, 1 - std::abs(inside - number(from)));
}

/// Samples of a long axis that one sample of the short one takes part in, or the other way round.
std::vector<std::pair<index_t, double>> weights(index_t count, double centre, double reach,
                                                std::function<double(index_t)> const& weight_of) {
  std::vector<std::pair<index_t, double>> all;
  index_t const first = std::max(index_t{0}, static_cast<index_t>(centre - reach));
  for (index_t i = first; i < std::min(count, static_cast<index_t>(centre + reach) + 1); ++i)
    if (weight_of(i) > 0) all.emplace_back(i, weight_of(i));
  return all;
}

double forward_at(resize_problem const& p, index_t i) {
  index_t const c = i % p.C, w = i / p.C % p.width, h = i / p.C / p.width % p.height, n = i / p.C / p.width / p.height;
  auto const rows = weights(p.H, number(h * p.H / p.height), 3,
                            [&](index_t from) { return weight(p.H, p.height, from, h); });
  auto const columns = weights(p.W, number(w * p.W / p.width), 3,
                               [&](index_t from) { return weight(p.W, p.width, from, w); });
  double sum = 0;
  for (auto const& y : rows)
    for (auto const& x : columns)
      sum += y.second * x.second * at(p.x, ((n * p.H + y.first) * p.W + x.first) * p.C + c);
  return sum;
}

/// `p.x` is the gradient (N,height,width,C) here.
double gradient_at(resize_problem const& p, std::vector<float> const& dy, index_t i) {
  index_t const c = i % p.C, w = i / p.C % p.W, h = i / p.C / p.W % p.H, n = i / p.C / p.W / p.H;
  double const up = number(p.height) / number(p.H), across = number(p.width) / number(p.W);
  auto const rows = weights(p.height, number(h) * up, 3 * up + 3,
                            [&](index_t to) { return weight(p.H, p.height, h, to); });
  auto const columns = weights(p.width, number(w) * across, 3 * across + 3,
                               [&](index_t to) { return weight(p.W, p.width, w, to); });
  double sum = 0;
  for (auto const& y : rows)
    for (auto const& x : columns)
      sum += y.second * x.second * at(dy, ((n * p.height + y.first) * p.width + x.first) * p.C + c);
  return sum;
}

resize_problem sizes_at(setting const& s) {
  shape const to = resized(s);
  return {s["batch"], s["height"], s["width"], s["channels"], to[1], to[2], {}};
}

}  // namespace

void add_resizing(fsis::bench::registry& to, peers const& others) {
  fsis::bench::contest<resize_problem> c;
  c.name = "resize.forward";
  c.summary = "bilinear, to so many times the size";
  c.axes = axes();
  c.count = count_at;
  c.problem = [](environment const& env) {
    auto p = sizes_at(env.at);
    p.x = normal_values(map_of(env.at), 1, 1);
    return p;
  };
  c.expected = [](environment const& env, resize_problem const& p) {
    return fsis::bench::expect_some(resized(env.at).size(), [&](index_t i) { return forward_at(p, i); });
  };
  c.contenders.push_back({"fsis", [](environment const& env, resizing const& p) {
                            auto const x = fsis::from_host<float>(*env.ctx, {p->N, p->H, p->W, p->C}, p->x);
                            index_t const height = p->height, width = p->width;
                            return running(env.ctx, [=](fsis::cpu_context const& ctx) {
                              return fsis::ops::resize(ctx, x, height, width, fsis::resize_mode::half_pixel);
                            });
                          }});
  c.contenders.insert(c.contenders.end(), others.resize.begin(), others.resize.end());
  to.add(fsis::bench::benchmark_of(c));

  to.add(benchmark_of(op_case{
      "resize.gradient", "gradient of the bilinear one", axes(), count_at,
      [](setting const& s) { return std::vector<shape>{resized(s), map_of(s)}; },
      [](fsis::cpu_context const& ctx, std::vector<values> const& in) {
        return fsis::ops::resize_backward(ctx, in[0], in[1].extent(1), in[1].extent(2), fsis::resize_mode::half_pixel);
      },
      [](setting const& s, host_values const& in) {
        auto const p = sizes_at(s);
        return fsis::bench::expect_some(map_of(s).size(), [&](index_t i) { return gradient_at(p, in[0], i); });
      }}));
}

}  // namespace fsis_bench
