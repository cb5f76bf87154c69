// SPDX-License-Identifier: MIT
#include <fsis/ops/loss.hpp>

#include <support/catch.hpp>
#include <support/compare.hpp>
#include <support/random_tensor.hpp>
#include <support/threads.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

using namespace fsis_test;
using fsis::cpu_context;
using fsis::index_t;
using fsis::loss_scope;
using fsis::shape;
using fsis::tensor;
namespace kernels = fsis::kernels;
namespace ops = fsis::ops;

namespace {

/// A pixel loss of host numbers in one picture.
template <class T, class Loss>
double loss_of(std::vector<double> const& x, std::vector<double> const& t, Loss loss) {
  cpu_context const ctx;
  shape const extents{1, static_cast<index_t>(x.size())};
  auto const prediction = fsis::from_host<T>(ctx, extents, std::vector<T>(x.begin(), x.end()));
  auto const target = fsis::from_host<T>(ctx, extents, std::vector<T>(t.begin(), t.end()));
  return static_cast<double>(
      item(ctx, ops::pixel_loss(ctx, "test", prediction, target, loss, loss_scope::batch).value));
}

/// The gradient of the same.
template <class Loss>
std::vector<double> gradient_of(std::vector<double> const& x, std::vector<double> const& t, Loss loss, double g = 1) {
  cpu_context const ctx;
  shape const extents{1, static_cast<index_t>(x.size())};
  auto const prediction = fsis::from_host<double>(ctx, extents, x), target = fsis::from_host<double>(ctx, extents, t);
  auto const r = ops::pixel_loss(ctx, "test", prediction, target, loss, loss_scope::batch);
  return to_host(ctx, ops::pixel_loss_backward(ctx, ops::full(ctx, shape{}, g), prediction, target, r, loss));
}

std::vector<double> logits(std::vector<double> p) {
  for (double& v : p) v = std::log(v / (1 - v));
  return p;
}

struct entropy {
  double value;
  std::vector<double> dx;
};

/// Cross-entropy of rows of logits and its gradient.
entropy cross_entropy(shape const& extents, std::vector<double> const& x, std::vector<std::int32_t> const& labels,
                      std::int32_t ignored = 255) {
  cpu_context const ctx;
  auto const log_p = ops::log_softmax(ctx, fsis::from_host<double>(ctx, extents, x));
  auto const l = fsis::from_host<std::int32_t>(ctx, {static_cast<index_t>(labels.size())}, labels);
  auto const r = ops::negative_log_likelihood(ctx, log_p, l, ignored);
  auto const g = ops::full(ctx, shape{}, 1.0);
  return {item(ctx, r.value), to_host(ctx, ops::cross_entropy_backward(ctx, g, log_p, l, r, ignored))};
}

double const not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr kernels::normalized_focal focal{0.5, 2, 1e-12};
std::vector<double> const P = {.9, .6, .2, .4}, Y = {1, 1, 0, 0};

}  // namespace

TEMPLATE_TEST_CASE("the click loss, golden G5", "", float, double) {
  std::vector<double> const p = {.9, .2, .6, .4, .7, .1, .05, .3, .95};
  kernels::click_loss const loss{1e-5};
  CHECK_NEAR(loss_of<TestType>(p, {1, 1, 0, 0, 2, 0, 0, 0, 2}, loss), 1.02124488, golden);
  CHECK_NEAR(loss_of<TestType>(p, {1, 1, 0, 0, 0, 0, 0, 0, 0}, loss), .32499838, golden);
  CHECK(loss_of<TestType>(p, std::vector<double>(9, 0.0), loss) == 0);
  // a pixel of two overlapping squares is asked for both
  CHECK_NEAR(loss_of<TestType>({.3}, {3}, loss), .49 / 1.00001 + .09 / 1.00001, golden);
}

TEMPLATE_TEST_CASE("the click loss of logits counts what they lack of the margin", "", float, double) {
  std::vector<double> const x = {2, .25, -1, 0, 3, -2, .5}, wanted = {1, 1, 1, 0, 2, 2, 3};
  kernels::click_margin_loss const plain{0, .5, 0};
  // by hand: 1/4 and 3/2 are lacking on the object, 7/2 on the background; the last lacks nothing and 1
  CHECK_NEAR(loss_of<TestType>(x, wanted, plain), (.0625 + 2.25 + 0) / 4 + (12.25 + 0 + 1) / 3, golden);
  // logits that are all moved with the boundary, for which a click lacks as much as before
  auto moved = x;
  for (double& v : moved) v += .75;
  CHECK_NEAR(loss_of<TestType>(moved, wanted, kernels::click_margin_loss{.75, .5, 0}),
             loss_of<TestType>(x, wanted, plain), golden);
  // who is right by the margin, or asked for nothing, has no loss and no force
  kernels::click_margin_loss const loss{0, .5, 1e-5};
  CHECK(loss_of<TestType>({.5, -.5, 7, 9}, {1, 2, 1, 0}, loss) == 0);
  CHECK(gradient_of({.5, -.5, 7, 9}, {1, 2, 1, 0}, loss) == std::vector<double>(4, 0.0));
  // the force grows with the error, where that of the probabilities fades
  auto const far = gradient_of({-20}, {1}, loss), near = gradient_of({-1}, {1}, loss);
  CHECK(far[0] < 13 * near[0]);
}

TEMPLATE_TEST_CASE("losses of four pixels, golden G18", "", float, double) {
  CHECK_NEAR(loss_of<TestType>(logits(P), Y, focal), .23438317, golden);
  CHECK_NEAR(loss_of<TestType>(logits(P), Y, kernels::bce_with_logits{}), .33753883, golden);
  CHECK_NEAR(loss_of<TestType>(P, Y, kernels::soft_iou{}), .42307693, golden);
  CHECK_NEAR(loss_of<TestType>(P, Y, kernels::mean_squared_error{}), (.01 + .16 + .04 + .16) / 4, golden);
  CHECK_NEAR(loss_of<TestType>(P, Y, kernels::dice{1e-3}), 1 - 3.001 / 4.101, golden);
  CHECK_NEAR(loss_of<TestType>(P, Y, kernels::dice{1}), 1 - 4 / 5.1, golden);
}

TEST_CASE("the normalised focal loss before and after normalisation, golden G18") {
  auto const x = logits(P);
  double plain = 0, weights = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    plain += focal.load(x[i], Y[i]).v[0] / 4;
    weights += focal.load(x[i], Y[i]).v[2];
  }
  CHECK_NEAR(plain, .02168044, golden);
  double const multiplier = 4 / weights;
  CHECK_NEAR(multiplier, 10.810811, golden);
  std::vector<double> const pixels = {.005695, .441795, .048247, .441795};
  for (std::size_t i = 0; i < 4; ++i) CHECK_NEAR(multiplier * focal.load(x[i], Y[i]).v[0], pixels[i], golden);
}

TEST_CASE("ignored pixels do not count") {
  auto with_ignored = P, truth = Y;
  with_ignored.insert(with_ignored.begin() + 2, .7);
  truth.insert(truth.begin() + 2, -1);
  auto const check = [&](std::vector<double> const& x, std::vector<double> const& few, auto loss) {
    CHECK_NEAR(loss_of<double>(x, truth, loss), loss_of<double>(few, Y, loss), 1e-15);
    auto dx = gradient_of(x, truth, loss);
    CHECK(dx[2] == 0);
    dx.erase(dx.begin() + 2);
    CHECK(first_difference(dx, gradient_of(few, Y, loss), [](double, double) { return 1e-15; }) == "");
  };
  check(logits(with_ignored), logits(P), kernels::bce_with_logits{});
  check(logits(with_ignored), logits(P), focal);
  check(with_ignored, P, kernels::soft_iou{});
  check(with_ignored, P, kernels::dice{1e-3});
}

TEST_CASE("where every pixel is ignored, losses and gradients are zero, not NaN") {
  std::vector<double> const none(4, -1.0), zero(4, 0.0);
  auto const check = [&](auto loss) {
    CHECK(loss_of<double>(P, none, loss) == 0);
    CHECK(gradient_of(P, none, loss) == zero);
  };
  check(kernels::bce_with_logits{});
  check(focal);
  check(kernels::soft_iou{});
  check(kernels::dice{1e-3});
}

TEST_CASE("losses per picture are the mean of the losses of each") {
  cpu_context const ctx;
  auto const x = random_tensor<double>(ctx, {3, 4, 5, 1}, 1, -3, 3);
  auto t = random_tensor<double>(ctx, {3, 4, 5, 1}, 2, 0, 1);
  for (index_t i = 0; i < t.size(); ++i) t.data()[i] = t.data()[i] > 0.6 ? 1 : t.data()[i] > 0.2 ? 0 : -1;
  double sum = 0;
  std::vector<double> dx;
  for (index_t n = 0; n < 3; ++n) {
    auto const one = x.slice(n, 1), truth = t.slice(n, 1);
    auto const r = ops::pixel_loss(ctx, "test", one, truth, focal, loss_scope::batch);
    sum += item(ctx, r.value) / 3;
    for (double v : to_host(ctx, ops::pixel_loss_backward(ctx, ops::full(ctx, shape{}, 2.0), one, truth, r, focal)))
      dx.push_back(v / 3);
  }
  auto const r = ops::pixel_loss(ctx, "test", x, t, focal, loss_scope::picture);
  CHECK_NEAR(item(ctx, r.value), sum, 1e-14);
  CHECK(difference(ctx, ops::pixel_loss_backward(ctx, ops::full(ctx, shape{}, 2.0), x, t, r, focal), dx) == "");
  // normalised over the batch it is another number
  auto const batch = ops::pixel_loss(ctx, "test", x, t, focal, loss_scope::batch);
  CHECK(std::abs(item(ctx, batch.value) - sum) > 1e-3);
}

TEMPLATE_TEST_CASE("losses of extreme logits stay finite", "", float, double) {
  for (double size : {50.0, 1e4, 1e30}) {
    INFO("logits of " << size);
    CHECK_NEAR(loss_of<TestType>({size, -size}, {1, 0}, kernels::bce_with_logits{}), 0, golden);
    CHECK(relative_difference(loss_of<TestType>({size, -size}, {0, 1}, kernels::bce_with_logits{}), size) <= 1e-6);
    CHECK_NEAR(loss_of<TestType>({size, -size}, {1, 0}, focal), 0, golden);
    CHECK(relative_difference(loss_of<TestType>({size, -size}, {0, 1}, focal), size / 2) <= 1e-6);
    for (auto const& truth : {std::vector<double>{1, 0}, std::vector<double>{0, 1}}) {
      for (double d : gradient_of({size, -size}, truth, kernels::bce_with_logits{})) CHECK(std::isfinite(d));
      for (double d : gradient_of({size, -size}, truth, focal)) CHECK(std::isfinite(d));
    }
  }
}

TEST_CASE("cross-entropy, golden G15") {
  std::vector<double> const x = {3.922323, 19.156526, 19.611614, 5.746958, 16.641006, 17.609422};
  CHECK_NEAR(cross_entropy({3, 2}, x, {1, 0, 1}).value, .10728521, golden);
  // an ignored fourth row changes nothing and gets no gradient
  auto more = x;
  more.insert(more.end(), {100, -100});
  auto const found = cross_entropy({2, 2, 2}, more, {1, 0, 1, 255});
  CHECK_NEAR(found.value, .10728521, golden);
  CHECK(found.dx[6] == 0);
  CHECK(found.dx[7] == 0);
}

TEST_CASE("cross-entropy by hand") {
  // two equal logits: log 2; its gradient is p - 1 at the label and p elsewhere, over the number of valid rows
  auto const found = cross_entropy({2, 2}, {5, 5, -1, -1}, {0, 1});
  CHECK_NEAR(found.value, std::log(2.0), 1e-15);
  CHECK(first_difference(found.dx, std::vector<double>{-.25, .25, .25, -.25}, [](double, double) { return 1e-15; }) ==
        "");
  auto const half = cross_entropy({2, 2}, {5, 5, -1, -1}, {0, 7}, 7);
  CHECK_NEAR(half.value, std::log(2.0), 1e-15);
  CHECK(first_difference(half.dx, std::vector<double>{-.5, .5, 0, 0}, [](double, double) { return 1e-15; }) == "");
  // a class may be the ignored one
  CHECK_NEAR(cross_entropy({2, 2}, {5, 5, -1, -3}, {1, 0}, 0).value, std::log(2.0), 1e-15);
}

TEST_CASE("cross-entropy without a valid label is zero, and with an impossible one NaN") {
  auto const none = cross_entropy({2, 3}, {1, 2, 3, 4, 5, 6}, {255, 255});
  CHECK(none.value == 0);
  CHECK(none.dx == std::vector<double>(6, 0.0));
  for (std::int32_t label : {3, -1, 254, 256}) {
    INFO("label " << label);
    CHECK(std::isnan(cross_entropy({2, 3}, {1, 2, 3, 4, 5, 6}, {0, label}).value));
  }
}

TEST_CASE("NaN in a prediction reaches the loss") {
  CHECK(std::isnan(loss_of<double>({not_a_number, 1}, {1, 0}, kernels::bce_with_logits{})));
  CHECK(std::isnan(loss_of<double>({not_a_number, 1}, {1, 0}, focal)));
  CHECK(std::isnan(loss_of<double>({not_a_number, 1}, {1, 0}, kernels::soft_iou{})));
  CHECK(std::isnan(loss_of<double>({not_a_number, 1}, {1, 0}, kernels::click_loss{1e-5})));
  CHECK(std::isnan(loss_of<double>({not_a_number, 1}, {1, 0}, kernels::click_margin_loss{0, .5, 1e-5})));
  CHECK(std::isnan(cross_entropy({1, 2}, {not_a_number, 1}, {1}).value));
}

TEST_CASE("losses' bytes do not depend on the number of threads") {
  shape const extents{2, 90, 80, 3};
  auto const check = [&](auto loss, loss_scope scope) {
    auto const value = [=](cpu_context const& ctx) {
      auto const x = random_tensor<float>(ctx, extents, 1, 0.05, 0.95),
                 t = random_tensor<float>(ctx, extents, 2, 0, 1);
      return ops::pixel_loss(ctx, "test", x, t, loss, scope).value;
    };
    auto const gradient = [=](cpu_context const& ctx) {
      auto const x = random_tensor<float>(ctx, extents, 1, 0.05, 0.95),
                 t = random_tensor<float>(ctx, extents, 2, 0, 1);
      auto const r = ops::pixel_loss(ctx, "test", x, t, loss, scope);
      return ops::pixel_loss_backward(ctx, ops::full(ctx, shape{}, 1.0f), x, t, r, loss);
    };
    CHECK(same_bytes_for_any_threads(value));
    CHECK(same_bytes_for_any_threads(gradient));
  };
  check(kernels::bce_with_logits{}, loss_scope::batch);
  check(focal, loss_scope::picture);
  check(kernels::soft_iou{}, loss_scope::picture);
  check(kernels::dice{1e-3}, loss_scope::batch);
  check(kernels::mean_squared_error{}, loss_scope::batch);
  CHECK(same_bytes_for_any_threads([&](cpu_context const& ctx) {
    auto const log_p = ops::log_softmax(ctx, random_tensor<float>(ctx, extents, 1));
    auto const labels = ops::cast<std::int32_t>(ctx, random_tensor<float>(ctx, {14400}, 2, 0, 3));
    auto const r = ops::negative_log_likelihood(ctx, log_p, labels, 2);
    return ops::cross_entropy_backward(ctx, r.value, log_p, labels, r, 2);
  }));
}

TEST_CASE("losses say what does not fit") {
  cpu_context const ctx;
  auto const ones = [&](shape const& s) { return ops::full(ctx, s, 1.0); };
  kernels::bce_with_logits const loss;
  auto const x = ones({2, 3});
  auto const text = [&](auto f) { return error_text(f); };
  CHECK(mentions(text([&] { ops::pixel_loss(ctx, "bce", x, ones({3, 2}), loss, loss_scope::batch); }), "bce", "(2,3)",
                 "(3,2)"));
  CHECK(mentions(text([&] { ops::pixel_loss(ctx, "bce", ones({0, 3}), ones({0, 3}), loss, loss_scope::picture); }),
                 "bce", "no elements", "(0,3)"));
  auto const r = ops::pixel_loss(ctx, "bce", x, x, loss, loss_scope::picture);
  CHECK(mentions(text([&] { ops::pixel_loss_backward(ctx, x, x, x, r, loss); }), "pixel_loss_backward", "(2,3)",
                 "one element"));
  CHECK_THROWS_AS(ops::pixel_loss_backward(ctx, ones({}), x, ones({3, 2}), r, loss), fsis::shape_error);
  auto const labels = fsis::from_host<std::int32_t>(ctx, {3}, {0, 1, 2});
  CHECK(mentions(text([&] { ops::negative_log_likelihood(ctx, x, labels, 255); }), "cross_entropy", "3 labels",
                 "2 rows", "(2,3)"));
  CHECK(mentions(text([&] { ops::cross_entropy_backward(ctx, ones({}), x, labels, r, 255); }),
                 "cross_entropy_backward", "3 labels", "2 rows"));
  CHECK_THROWS_AS(ops::negative_log_likelihood(ctx, ones({0, 3}), fsis::from_host<std::int32_t>(ctx, {0}, {}), 255),
                  fsis::shape_error);
}
