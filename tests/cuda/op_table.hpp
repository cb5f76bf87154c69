// SPDX-License-Identifier: MIT
#pragma once

// One row for each function that tensors pass through, with the shapes it is tried at: both backends get the same
// numbers, and must give the same value and the same gradients.

#include <fsis/autograd/functions/channels.hpp>
#include <fsis/autograd/functions/conv2d.hpp>
#include <fsis/autograd/functions/elementwise.hpp>
#include <fsis/autograd/functions/loss.hpp>
#include <fsis/autograd/functions/reduce.hpp>
#include <fsis/autograd/functions/spatial.hpp>
#include <fsis/ops/distance.hpp>
#include <fsis/ops/similarity.hpp>

#include <support/random_tensor.hpp>

#include <string>
#include <utility>
#include <vector>

namespace fsis_test {

/// A value and the gradients of its inner product with fixed weights, on the host.
using op_results = std::vector<std::pair<std::string, std::vector<double>>>;

template <class Context, class T>
std::vector<double> on_host(Context const& ctx, fsis::tensor<T, Context> const& t) {
  auto const values = fsis::to_host(ctx, t);
  return {values.begin(), values.end()};
}

/// f(tape, inputs) with numbers of [low, high), every input differentiated.
template <class T, class Context, class F>
op_results differentiated_on(Context const& ctx, std::vector<fsis::shape> const& shapes, F const& f, double low,
                             double high) {
  using tensor = fsis::tensor<T, Context>;
  fsis::tape<tensor> t(ctx);
  std::vector<fsis::variable<tensor>> inputs;
  for (std::size_t i = 0; i < shapes.size(); ++i)
    inputs.push_back(t.input(random_tensor<T>(ctx, shapes[i], i + 1, low, high)));
  auto const y = f(t, inputs);
  op_results results{{"value", on_host(ctx, y.value)}};
  t.backward(y, random_tensor<T>(ctx, y.value.extents(), 77, 0.5, 1.5));
  for (std::size_t i = 0; i < inputs.size(); ++i)
    results.emplace_back("gradient " + std::to_string(i), on_host(ctx, t.gradient(inputs[i])));
  return results;
}

/// Calls visit(name, row) for every row; row(ctx) gives its results.
template <class T, class Visit>
void visit_op_table(Visit const& visit) {
  using fsis::shape;
  // maps of one channel, of odd sizes, wider than a warp, and with more pixels than a block has threads
  std::vector<shape> const maps = {{1, 1, 1, 1}, {2, 5, 3, 3}, {1, 9, 7, 70}, {1, 17, 19, 6}};
  auto const row = [&](std::string const& name, std::vector<shape> const& shapes, auto const& f, double low = -1,
                       double high = 1) {
    std::string at;
    for (auto const& s : shapes) at += " " + to_string(s);
    visit(name + at, [&](auto const& ctx) { return differentiated_on<T>(ctx, shapes, f, low, high); });
  };

  for (shape const& s : maps) {
    row("relu", {s}, [](auto& t, auto const& v) { return relu(t, v[0]); });
    row("leaky_relu", {s}, [](auto& t, auto const& v) { return leaky_relu(t, v[0]); });
    row(
        "sigmoid", {s}, [](auto& t, auto const& v) { return sigmoid(t, v[0]); }, -8, 8);
    row(
        "tanh", {s}, [](auto& t, auto const& v) { return tanh(t, v[0]); }, -4, 4);
    row(
        "exp", {s}, [](auto& t, auto const& v) { return exp(t, v[0]); }, -4, 2);
    row(
        "log", {s}, [](auto& t, auto const& v) { return log(t, v[0]); }, 0.5, 3);
    row(
        "sqrt", {s}, [](auto& t, auto const& v) { return sqrt(t, v[0]); }, 0.5, 3);
    row("square", {s}, [](auto& t, auto const& v) { return square(t, v[0]); });
    row("affine", {s}, [](auto& t, auto const& v) { return affine(t, v[0], 1.5, -0.25); });
    row("add", {s, s}, [](auto& t, auto const& v) { return add(t, v[0], v[1]); });
    row(
        "divide", {s, s}, [](auto& t, auto const& v) { return divide(t, v[0], v[1]); }, 0.5, 2);
    shape const channels{s[3]}, pixels = s.with(3, 1);
    row("subtract", {s, channels}, [](auto& t, auto const& v) { return subtract(t, v[0], v[1]); });
    row("multiply", {s, pixels}, [](auto& t, auto const& v) { return multiply(t, v[0], v[1]); });
    row("scale_bias", {s, channels, channels},
        [](auto& t, auto const& v) { return scale_bias(t, v[0], v[1], v[2]); });
    row("softmax", {s}, [](auto& t, auto const& v) { return softmax(t, v[0]); });
    row("log_softmax", {s}, [](auto& t, auto const& v) { return log_softmax(t, v[0]); });
    row("unit_rows", {s}, [](auto& t, auto const& v) { return unit_rows(t, v[0], 1e-3); });
    row("sum", {s}, [](auto& t, auto const& v) { return sum(t, v[0]); });
    row("mean of rows", {s}, [](auto& t, auto const& v) { return mean(t, v[0], 1); });
    row("sum over channels", {s}, [](auto& t, auto const& v) { return sum(t, v[0], -1); });
    row("sum of squares", {s}, [](auto& t, auto const& v) { return sum_of_squares(t, v[0]); });
    row("max", {s}, [](auto& t, auto const& v) { return max(t, v[0], 2); });
    row("min", {s}, [](auto& t, auto const& v) { return min(t, v[0], -1); });
    row("global_average_pool", {s}, [](auto& t, auto const& v) { return global_average_pool(t, v[0]); });
    row("flip", {s}, [](auto& t, auto const& v) { return flip(t, v[0], 2); });
    row("pad", {s}, [](auto& t, auto const& v) { return pad(t, v[0], 1, 1, 2); });
    row("concatenate", {s, s.with(3, 2)}, [](auto& t, auto const& v) { return concatenate(t, v); });
    row("slice", {s}, [](auto& t, auto const& v) { return slice(t, v[0], 3, 0, 1); });
    row("resize up", {s}, [](auto& t, auto const& v) { return resize(t, v[0], 11, 13); });
    row("resize down", {s}, [](auto& t, auto const& v) { return resize(t, v[0], 2, 1); });
    auto const target = [](auto const& ctx, shape const& of) { return random_tensor<T>(ctx, of, 50, 0, 1); };
    row("bce_with_logits", {s},
        [=](auto& t, auto const& v) { return bce_with_logits(t, v[0], target(t.context(), v[0].value.extents())); });
    row("mse_loss", {s},
        [=](auto& t, auto const& v) { return mse_loss(t, v[0], target(t.context(), v[0].value.extents())); });
    row(
        "soft_iou_loss", {s},
        [=](auto& t, auto const& v) { return soft_iou_loss(t, v[0], target(t.context(), v[0].value.extents())); }, 0,
        1);
    row("click_margin_loss", {s}, [=](auto& t, auto const& v) {
      std::vector<T> wanted(static_cast<std::size_t>(v[0].value.size()));
      for (std::size_t i = 0; i < wanted.size(); ++i) wanted[i] = static_cast<T>(i % 4);
      return click_margin_loss(t, v[0], fsis::from_host<T>(t.context(), v[0].value.extents(), wanted), 0.1, 0.5);
    });
    row("masked_average", {s}, [=](auto& t, auto const& v) {
      return masked_average(t, v[0], target(t.context(), v[0].value.extents().with(3, 1)));
    });
  }
  row("max_pool", {{2, 8, 6, 5}}, [](auto& t, auto const& v) { return max_pool(t, v[0]); });
  row("max_pool of 3, stride 2", {{1, 9, 8, 40}}, [](auto& t, auto const& v) {
    return max_pool(t, v[0], {{3, 3}, {2, 2}, {1, 1}});
  });
  row("average_pool", {{2, 7, 6, 33}}, [](auto& t, auto const& v) { return average_pool(t, v[0]); });

  struct {
    char const* name;
    shape x, filter;
    fsis::conv_options o;
  } const convolutions[] = {{"3x3", {2, 7, 6, 3}, {5, 3, 3, 3}, {{1, 1}, {1, 1}}},
                            {"1x1", {1, 5, 4, 17}, {9, 1, 1, 17}, {}},
                            {"strided", {1, 9, 8, 4}, {6, 3, 3, 4}, {{2, 2}, {1, 1}}},
                            {"dilated", {1, 9, 8, 4}, {6, 3, 3, 4}, {{1, 1}, {2, 2}, {2, 2}}},
                            {"in groups", {1, 6, 5, 4}, {6, 3, 3, 2}, {{1, 1}, {1, 1}, {1, 1}, 2}}};
  for (auto const& c : convolutions) {
    auto const o = c.o;
    row(std::string("conv2d ") + c.name, {c.x, c.filter, {c.filter[0]}},
        [o](auto& t, auto const& v) { return conv2d(t, v[0], v[1], v[2], o); });
    row(std::string("conv2d_relu ") + c.name, {c.x, c.filter, {c.filter[0]}},
        [o](auto& t, auto const& v) { return conv2d_relu(t, v[0], v[1], v[2], o); });
  }
  visit("conv2d_max_pool", [](auto const& ctx) {
    auto const x = random_tensor<T>(ctx, {1, 7, 8, 5}, 1), f = random_tensor<T>(ctx, {6, 3, 3, 5}, 2);
    return op_results{{"value", on_host(ctx, fsis::ops::conv2d_max_pool(ctx, x, f, {}, {{1, 1}, {1, 1}}))}};
  });
  row("matmul", {{37, 21}, {21, 18}}, [](auto& t, auto const& v) { return matmul(t, v[0], v[1]); });
  visit("best_similarity", [](auto const& ctx) {
    auto const q = random_tensor<T>(ctx, {1, 7, 9, 20}, 1), s = random_tensor<T>(ctx, {1, 5, 6, 20}, 2);
    auto const weight = random_tensor<T>(ctx, {1, 5, 6, 1}, 3);
    auto const best = fsis::ops::best_similarity(ctx, q, s, weight);
    return op_results{{"value", on_host(ctx, best)},
                      {"normalised", on_host(ctx, fsis::ops::min_max_normalized(ctx, best, 1e-8))}};
  });
  visit("squared_distances", [](auto const& ctx) {
    fsis::random_stream draw(4);
    std::vector<T> mask(2 * 40 * 37);
    for (T& v : mask) v = draw.chance(0.99) ? T(1) : T(0);
    auto const m = fsis::from_host<T>(ctx, {2, 40, 37, 1}, mask);
    return op_results{{"value", on_host(ctx, fsis::ops::squared_distances(ctx, m))}};
  });
  // several chunks, and partial results of several blocks
  row("sum of many", {{1, 300, 200, 1}}, [](auto& t, auto const& v) { return sum(t, v[0]); });
  row("means of many", {{1, 4000, 40}}, [](auto& t, auto const& v) { return mean(t, v[0], 1); });
}

}  // namespace fsis_test
