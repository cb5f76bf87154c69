// SPDX-License-Identifier: MIT
#include "cases/cases.hpp"
#include "cases/op_case.hpp"

#include <fsis/vision/click_maps.hpp>
#include <fsis/vision/distance_transform.hpp>

#include <algorithm>
#include <cmath>

namespace fsis_bench {
namespace {

std::vector<axis> picture_axes() { return {{"height", 512, "rows of the picture"}, {"width", 512, "columns of it"}}; }

/// An object with holes: discs of random places and sizes, some of them taken away again.
fsis::mask discs(index_t height, index_t width) {
  auto m = fsis::mask::blank(height, width);
  fsis::random_stream draw(3);
  double const side = number(std::min(height, width));
  for (int i = 0; i < 24; ++i) {
    double const cy = draw.uniform(0, number(height)), cx = draw.uniform(0, number(width));
    double const r = draw.uniform(0.02, 0.2) * side;
    for (index_t y = 0; y < height; ++y)
      for (index_t x = 0; x < width; ++x)
        if (std::hypot(number(y) - cy, number(x) - cx) < r) m(y, x) = i % 3 != 2;
  }
  m(height / 2, width / 2) = 0;  // never all object
  return m;
}

double distance_at(fsis::mask const& m, index_t i) {
  index_t const W = m.width();
  double best = 1e300;
  if (m.data()[i] == 0) return 0;
  for (index_t k = 0; k < m.size(); ++k)
    if (m.data()[k] == 0) best = std::min(best, std::hypot(number(k / W - i / W), number(k % W - i % W)));
  return best;
}

void add_distances(fsis::bench::registry& to, peers const& others) {
  fsis::bench::contest<distance_problem> c;
  c.name = "distance_transform";
  c.summary = "of each pixel of an object to the nearest one that is not, exactly";
  c.axes = picture_axes();
  c.count = [](setting const& s) {
    double const pixels = number(s["height"] * s["width"]);
    return work{10 * pixels, 5 * pixels};
  };
  c.problem = [](environment const& env) { return distance_problem{discs(env.at["height"], env.at["width"])}; };
  c.expected = [](environment const&, distance_problem const& p) {
    return fsis::bench::expect_some(p.object.size(), [&](index_t i) { return distance_at(p.object, i); });
  };
  c.contenders.push_back({"fsis", [](environment const&, std::shared_ptr<distance_problem const> const& p) {
                            auto const d = std::make_shared<fsis::vision::plane<float>>();
                            runnable r;
                            r.run = [=] {
                              auto const squared = fsis::vision::squared_distance_to_background(p->object);
                              *d = fsis::vision::root(squared);
                            };
                            r.result = [=] { return std::vector<float>(d->data(), d->data() + d->size()); };
                            return r;
                          }});
  c.contenders.insert(c.contenders.end(), others.distance.begin(), others.distance.end());
  to.add(fsis::bench::benchmark_of(c));
}

using clicks = std::vector<fsis::click>;

void add_click_maps(fsis::bench::registry& to) {
  fsis::bench::contest<clicks> c;
  c.name = "click_maps";
  c.summary = "tanh of the distance to the nearest click of each sign";
  c.axes = picture_axes();
  c.axes.push_back({"clicks", 20, "every second one is positive", 1, 10000});
  c.count = [](setting const& s) {
    double const pixels = number(s["height"] * s["width"]);
    return work{4 * pixels * number(s["clicks"]) + 2 * 3 * pixels, 8 * pixels};
  };
  c.problem = [](environment const& env) {
    clicks all;
    fsis::random_stream draw(5);
    for (index_t i = 0; i < env.at["clicks"]; ++i)
      all.push_back({number(draw.below(env.at["height"])), number(draw.below(env.at["width"])), i % 2 == 0});
    return all;
  };
  c.expected = [](environment const& env, clicks const& all) {
    index_t const W = env.at["width"];
    return fsis::bench::expect_some(2 * env.at["height"] * W, [&](index_t i) {
      double nearest = 1e300;
      for (auto const& k : all)
        if (k.is_positive == (i % 2 == 0))
          nearest = std::min(nearest, std::hypot(number(i / 2 / W) - k.y, number(i / 2 % W) - k.x));
      return std::tanh(2 * nearest / fsis::vision::click_encoding().radius);
    });
  };
  c.contenders.push_back({"fsis", [](environment const& env, std::shared_ptr<clicks const> const& all) {
                            index_t const height = env.at["height"], width = env.at["width"];
                            auto const maps = std::make_shared<std::vector<float>>(
                                static_cast<std::size_t>(2 * height * width));
                            runnable r;
                            r.run = [=] { fsis::vision::write_click_maps(maps->data(), height, width, *all); };
                            r.result = [=] { return *maps; };
                            return r;
                          }});
  to.add(fsis::bench::benchmark_of(c));
}

}  // namespace

void add_vision(fsis::bench::registry& to, peers const& others) {
  add_distances(to, others);
  add_click_maps(to);
}

}  // namespace fsis_bench
