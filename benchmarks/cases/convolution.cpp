// SPDX-License-Identifier: MIT
// Convolutions with bias and ReLU, and their gradients: of any size, of VGG16 at 384x384, and of narrow layers.
#include "cases/cases.hpp"
#include "cases/convolution_reference.hpp"
#include "cases/op_case.hpp"

#include <cmath>

namespace fsis_bench {
namespace {

using convolution = std::shared_ptr<convolution_problem const>;

enum class direction { forward, data_gradient, filter_gradient };

struct layer {
  char const* name;
  index_t C, K, side, dilation;
};

// 3_x, 4_x and 5_x stand for the layers of their stage that are alike
constexpr layer layers[] = {
    {"vgg16.conv1_1", 3, 64, 384, 1},    {"vgg16.conv1_2", 64, 64, 384, 1},    {"vgg16.conv2_1", 64, 128, 192, 1},
    {"vgg16.conv2_2", 128, 128, 192, 1}, {"vgg16.conv3_1", 128, 256, 96, 1},   {"vgg16.conv3_x", 256, 256, 96, 1},
    {"vgg16.conv4_1", 256, 512, 48, 1},  {"vgg16.conv4_x", 512, 512, 48, 1},   {"vgg16.conv5_x", 512, 512, 24, 1},
    {"vgg16.conv5_d2", 512, 512, 48, 2}, {"compact.conv1_2", 16, 16, 384, 1},  {"compact.conv2_2", 32, 32, 192, 1},
    {"narrow.conv", 12, 12, 192, 1}};

/// Sizes at a setting; throws `shape_error` where they do not fit.
convolution_problem sizes_at(setting const& s) {
  convolution_problem p;
  index_t const R = s["kernel"], d = s["dilation"];
  p.options.dilation = {d, d};
  p.options.padding = {d * (R / 2), d * (R / 2)};
  p.g = fsis::ops::conv_geometry_of(map_of(s), {s["filters"], R, R, s["channels"]}, p.options);
  return p;
}

work count_at(setting const& s, direction what) {
  auto const p = sizes_at(s);
  double const x = size_of(p.x_extents()), f = size_of(p.filter_extents()), y = size_of(p.y_extents());
  double const bias = what == direction::forward ? number(p.g.K) : 0;
  return {2 * y * number(p.g.R * p.g.S * p.g.C), 4 * (x + f + y + bias)};
}

convolution_problem problem_at(setting const& s, direction what) {
  auto p = sizes_at(s);
  double const deviation = std::sqrt(2.0 / number(p.g.R * p.g.S * p.g.C));
  if (what != direction::data_gradient) p.x = normal_values(p.x_extents(), 1, 1, true);
  if (what != direction::filter_gradient) p.filter = normal_values(p.filter_extents(), deviation, 2);
  if (what == direction::forward) p.bias = normal_values({p.g.K}, 1, 3);
  if (what != direction::forward) p.dy = normal_values(p.y_extents(), 1, 4);
  return p;
}

// Winograd's sums round ten times as much as plain ones.
constexpr double tolerance = 5e-5;

expectation expected_of(convolution_problem const& p, direction what) {
  auto const some = [&](shape const& result, auto const& element) {
    return fsis::bench::expect_some(result.size(), element, tolerance);
  };
  if (what == direction::forward) return some(p.y_extents(), [&](index_t i) { return forward_at(p, i); });
  if (what == direction::data_gradient)
    return some(p.x_extents(), [&](index_t i) { return data_gradient_at(p, i); });
  return some(p.filter_extents(), [&](index_t i) { return filter_gradient_at(p, i); });
}

runnable prepared(environment const& env, convolution const& p, direction what,
                  fsis::convolution_algorithm algorithm) {
  auto const ctx = algorithm == fsis::convolution_algorithm::any ? env.ctx : env.context_with(algorithm);
  auto const tensor = [&](shape const& extents, std::vector<float> const& v) {
    return v.empty() ? values() : fsis::from_host<float>(*ctx, extents, v);
  };
  auto const x = tensor(p->x_extents(), p->x), f = tensor(p->filter_extents(), p->filter);
  auto const b = tensor({p->g.K}, p->bias), dy = tensor(p->y_extents(), p->dy);
  shape const x_extents = p->x_extents(), f_extents = p->filter_extents();
  auto const o = p->options;
  if (what == direction::forward)
    return running(ctx, [=](auto& c) { return fsis::ops::conv2d(c, x, f, b, o, fsis::activation::relu); });
  if (what == direction::data_gradient)
    return running(ctx, [=](auto& c) { return fsis::ops::conv2d_backward_data(c, dy, f, x_extents, o); });
  return running(ctx, [=](auto& c) { return fsis::ops::conv2d_backward_filter(c, x, dy, f_extents, o); });
}

void add(fsis::bench::registry& to, std::string const& name, std::string const& summary, layer const& l, index_t kernel,
         direction what, std::vector<fsis::bench::contender_for<convolution_problem>> const& others) {
  fsis::bench::contest<convolution_problem> c;
  c.name = name;
  c.summary = summary;
  c.axes = map_axes(l.side, l.C);
  c.axes.push_back({"filters", l.K, "channels of the result"});
  c.axes.push_back({"kernel", kernel, "rows and columns of a filter", 1, 31});
  c.axes.push_back({"dilation", l.dilation, "pixels from tap to tap", 1, 64});
  c.count = [=](setting const& s) { return count_at(s, what); };
  c.problem = [=](environment const& env) { return problem_at(env.at, what); };
  c.expected = [=](environment const&, convolution_problem const& p) { return expected_of(p, what); };
  for (auto const& own : {std::make_pair("fsis", fsis::convolution_algorithm::any),
                          std::make_pair("direct", fsis::convolution_algorithm::direct)})
    c.contenders.push_back({own.first, [=](environment const& env, convolution const& p) {
                              return prepared(env, p, what, own.second);
                            }});
  c.contenders.insert(c.contenders.end(), others.begin(), others.end());
  to.add(fsis::bench::benchmark_of(c));
}

void add_all_directions(fsis::bench::registry& to, peers const& others, layer const& l, index_t kernel,
                        std::string const& what) {
  std::string const name = l.name;
  add(to, name + ".forward", what + " with bias and ReLU", l, kernel, direction::forward, others.convolution);
  add(to, name + ".data_gradient", what + ", gradient of its input", l, kernel, direction::data_gradient,
      others.data_gradient);
  add(to, name + ".filter_gradient", what + ", gradient of its filter", l, kernel, direction::filter_gradient,
      others.filter_gradient);
}

}  // namespace

void add_convolutions(fsis::bench::registry& to, peers const& others) {
  add_all_directions(to, others, {"conv3x3", 256, 256, 48, 1}, 3, "3x3 convolution");
  add_all_directions(to, others, {"conv1x1", 256, 256, 48, 1}, 1, "1x1 convolution");
  for (layer const& l : layers) add_all_directions(to, others, l, 3, "3x3 convolution");
}

}  // namespace fsis_bench
