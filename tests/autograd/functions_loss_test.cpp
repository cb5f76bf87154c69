// SPDX-License-Identifier: MIT
#include <fsis/autograd/functions/loss.hpp>

#include <fsis/autograd/functions/elementwise.hpp>

#include <support/catch.hpp>
#include <support/gradient.hpp>

#include <cstdint>

using namespace fsis_test;
using fsis::cpu_context;
using fsis::index_t;
using fsis::loss_scope;
using fsis::shape;
using fsis::tensor;
namespace kernels = fsis::kernels;
namespace ops = fsis::ops;

namespace {

std::vector<shape> const loss_shapes = {{1}, {7}, {1, 6}, {2, 3, 2, 1}};

/// Targets 0 and 1, and -1 where a pixel is ignored; the first of each picture counts.
template <class T>
tensor<T> truth(cpu_context const& ctx, shape const& extents, bool with_ignored) {
  auto t = random_tensor<T>(ctx, extents, 50, 0, 1);
  index_t const picture = extents[0] == 0 ? 1 : extents.size() / extents[0];
  for (index_t i = 0; i < t.size(); ++i) {
    T const u = t.data()[i];
    t.data()[i] = with_ignored && i % picture != 0 && u < T(0.3) ? T(-1) : u < T(0.6) ? T(0) : T(1);
  }
  return t;
}

/// What each pixel is asked for by clicks: 0 to 3.
template <class T>
tensor<T> wishes(cpu_context const& ctx, shape const& extents) {
  tensor<T> w(ctx, extents);
  for (index_t i = 0; i < w.size(); ++i) w.data()[i] = static_cast<T>((i * 7 + 1) % 4);
  return w;
}

/// The normalised focal loss whose normalisation is a given number: what its gradient differentiates.
struct focal_with_fixed_sum {
  kernels::normalized_focal focal;
  double sum;
  kernels::loss_sums load(double x, double t) const { return focal.load(x, t); }
  double value(kernels::loss_sums const& s) const { return s.v[0] / (sum + focal.epsilon); }
  double derivative(double x, double t, kernels::loss_sums s) const {
    s.v[2] = sum;
    return focal.derivative(x, t, s);
  }
};

}  // namespace

TEST_CASE("gradients of the losses of logits and numbers") {
  cpu_context const ctx;
  for (auto const& s : loss_shapes)
    for (bool ignored : {false, true}) {
      INFO(to_string(s) << (ignored ? ", with ignored pixels" : ""));
      auto const x = random_tensor<double>(ctx, s, 1, -3, 3);
      check_gradient(
          [=](auto& t, auto const& v) {
            return bce_with_logits(t, v[0], truth<scalar_of<decltype(t)>>(t.context(), s, ignored));
          },
          {x});
      check_gradient(
          [=](auto& t, auto const& v) {
            return bce_with_logits(t, v[0], random_tensor<scalar_of<decltype(t)>>(t.context(), s, 51, 0, 1));
          },
          {x});
      check_gradient(
          [=](auto& t, auto const& v) {
            return mse_loss(t, v[0], random_tensor<scalar_of<decltype(t)>>(t.context(), s, 52));
          },
          {x});
    }
}

TEST_CASE("gradients of the losses of probabilities") {
  cpu_context const ctx;
  for (auto const& s : loss_shapes)
    for (bool ignored : {false, true}) {
      INFO(to_string(s) << (ignored ? ", with ignored pixels" : ""));
      auto const p = random_tensor<double>(ctx, s, 1, 0.05, 0.95);
      check_gradient(
          [=](auto& t, auto const& v) {
            return soft_iou_loss(t, v[0], truth<scalar_of<decltype(t)>>(t.context(), s, ignored));
          },
          {p});
      for (double smooth : {1e-3, 1.0})
        check_gradient(
            [=](auto& t, auto const& v) {
              return dice_loss(t, v[0], truth<scalar_of<decltype(t)>>(t.context(), s, ignored), smooth);
            },
            {p});
      for (double epsilon : {1e-5, 0.5})
        check_gradient(
            [=](auto& t, auto const& v) {
              return click_loss(t, v[0], wishes<scalar_of<decltype(t)>>(t.context(), s), epsilon);
            },
            {p});
      for (double margin : {0.0, 0.5})
        check_gradient(
            [=](auto& t, auto const& v) {
              return click_margin_loss(t, v[0], wishes<scalar_of<decltype(t)>>(t.context(), s), 0.2, margin);
            },
            {random_tensor<double>(ctx, s, 1, -3, 3)});
    }
  // a soft target, on both sides of which predictions lie
  check_gradient(
      [](auto& t, auto const& v) {
        return soft_iou_loss(t, v[0], ops::full(t.context(), {2, 2}, scalar_of<decltype(t)>(0.5)));
      },
      {fsis::from_host<double>(ctx, {2, 2}, {0.1, 0.4, 0.6, 0.9})});
}

TEST_CASE("the normalised focal loss differentiates all but its normalisation") {
  cpu_context const ctx;
  auto const x = random_tensor<double>(ctx, {1, 9}, 1, -3, 3);
  auto const target = truth<double>(ctx, {1, 9}, true);
  for (double gamma : {0.5, 2.0, 3.0}) {
    INFO("gamma " << gamma);
    kernels::normalized_focal const focal{0.3, gamma, 1e-12};
    double sum = 0;
    for (index_t i = 0; i < 9; ++i) sum += focal.load(x.data()[i], target.data()[i]).v[2];
    focal_with_fixed_sum const fixed{focal, sum};
    auto const with_fixed_sum = [=](auto& t, auto const& v) {
      auto const y = ops::cast<scalar_of<decltype(t)>>(t.context(), target);
      return pixel_loss(t, "test", v[0], y, fixed, loss_scope::picture);
    };
    auto const free = [=](auto& t, auto const& v) {
      auto const y = ops::cast<scalar_of<decltype(t)>>(t.context(), target);
      fsis::focal_options o;
      o.alpha = 0.3;
      o.gamma = gamma;
      return normalized_focal_loss(t, v[0], y, o);
    };
    check_gradient(with_fixed_sum, {x});
    auto const a = differentiate<double>(ctx, free, {x}), b = differentiate<double>(ctx, with_fixed_sum, {x});
    CHECK(to_host(ctx, a.y) == to_host(ctx, b.y));
    CHECK(to_host(ctx, a.gradients[0]) == to_host(ctx, b.gradients[0]));
    CHECK(!fsis::gradcheck(ctx, free, {x}).ok);
  }
}

TEST_CASE("gradients of cross-entropy") {
  cpu_context const ctx;
  for (shape const& s : {shape{1, 2}, shape{5, 3}, shape{2, 2, 3, 4}, shape{4, 1}}) {
    INFO(to_string(s));
    auto const f = [=](auto& t, auto const& v) {
      std::vector<std::int32_t> labels;
      for (index_t row = 0; row < s.size() / s[-1]; ++row)
        labels.push_back(row % 3 == 2 ? 255 : static_cast<std::int32_t>(row % s[-1]));
      index_t const count = static_cast<index_t>(labels.size());
      return cross_entropy(t, v[0], fsis::from_host<std::int32_t>(t.context(), {count}, labels));
    };
    check_gradient(f, {random_tensor<double>(ctx, s, 1, -3, 3)});
  }
}

TEST_CASE("the defaults of the losses are those of the published ones") {
  cpu_context const ctx;
  fsis::no_tape<tensor<double>> t(ctx);
  std::vector<double> const p = {.9, .6, .2, .4};
  std::vector<double> x;
  for (double v : p) x.push_back(std::log(v / (1 - v)));
  auto const logits = t.input(fsis::from_host<double>(ctx, {1, 4}, x));
  auto const probability = t.input(fsis::from_host<double>(ctx, {1, 4}, p));
  auto const target = fsis::from_host<double>(ctx, {1, 4}, {1, 1, 0, 0});
  // golden G18
  CHECK_NEAR(item(ctx, normalized_focal_loss(t, logits, target).value), .23438317, golden);
  CHECK_NEAR(item(ctx, bce_with_logits(t, logits, target).value), .33753883, golden);
  CHECK_NEAR(item(ctx, soft_iou_loss(t, probability, target).value), .42307693, golden);
  // golden G5
  auto const map = t.input(fsis::from_host<double>(ctx, {1, 3, 3, 1}, {.9, .2, .6, .4, .7, .1, .05, .3, .95}));
  auto const clicks = fsis::from_host<double>(ctx, {1, 3, 3, 1}, {1, 1, 0, 0, 2, 0, 0, 0, 2});
  CHECK_NEAR(item(ctx, click_loss(t, map, clicks).value), 1.02124488, golden);
  // 255 is the label of no class
  auto const scores = t.input(fsis::from_host<double>(ctx, {2, 2}, {1, 1, 3, 9}));
  auto const labels = fsis::from_host<std::int32_t>(ctx, {2}, {0, 255});
  CHECK_NEAR(item(ctx, cross_entropy(t, scores, labels).value), std::log(2.0), 1e-15);
}

TEST_CASE("a loss without valid pixels has a zero gradient") {
  cpu_context const ctx;
  fsis::tape<tensor<double>> t(ctx);
  auto const x = t.input(random_tensor<double>(ctx, {2, 3}, 1));
  auto const nothing = ops::full(ctx, {2, 3}, -1.0);
  auto const labels = ops::full<std::int32_t>(ctx, {2}, 255);
  auto loss = add(t, bce_with_logits(t, x, nothing), normalized_focal_loss(t, x, nothing));
  loss = add(t, loss, add(t, soft_iou_loss(t, x, nothing), dice_loss(t, x, nothing)));
  loss = add(t, loss, cross_entropy(t, x, labels));
  CHECK(item(ctx, loss.value) == 0);
  t.backward(loss);
  CHECK(to_host(ctx, t.gradient(x)) == std::vector<double>(6, 0.0));
}
