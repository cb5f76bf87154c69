// SPDX-License-Identifier: MIT
#include <fsis/autograd/functions/spatial.hpp>

#include <support/catch.hpp>
#include <support/gradient.hpp>

using namespace fsis_test;
using fsis::cpu_context;
using fsis::index_t;
using fsis::pool_options;
using fsis::resize_mode;
using fsis::shape;
using fsis::tensor;
using fsis::variable;

namespace {

shape const map_extents{2, 4, 5, 2};

std::vector<pool_options> pools() {
  std::vector<pool_options> all(4);
  all[1].window = {3, 3}, all[1].stride = {2, 1}, all[1].padding = {1, 1};
  all[2].window = {2, 3}, all[2].stride = {3, 2}, all[2].round = fsis::rounding::up;
  all[3].window = {3, 2}, all[3].stride = {1, 1}, all[3].padding = {1, 0}, all[3].count_padding = false;
  return all;
}

}  // namespace

TEST_CASE("gradients of pooling") {
  cpu_context const ctx;
  auto const x = distinct_tensor<double>(ctx, map_extents, 1);
  for (auto const& o : pools()) {
    INFO("window " << o.window.y << "x" << o.window.x << ", stride " << o.stride.y << "x" << o.stride.x);
    check_gradient([=](auto& t, auto const& v) { return max_pool(t, v[0], o); }, {x});
    check_gradient([=](auto& t, auto const& v) { return average_pool(t, v[0], o); }, {x});
  }
  check_gradient([](auto& t, auto const& v) { return global_average_pool(t, v[0]); }, {x});
}

TEST_CASE("gradients of resizing") {
  cpu_context const ctx;
  for (shape const& s : {shape{4, 5, 4, 5}, shape{4, 5, 7, 3}, shape{4, 5, 1, 1}, shape{1, 1, 3, 4},
                         shape{2, 3, 6, 9}, shape{5, 4, 2, 2}, shape{1, 4, 2, 5}})
    for (resize_mode mode : {resize_mode::align_corners, resize_mode::half_pixel, resize_mode::nearest}) {
      INFO(to_string(s) << ", mode " << static_cast<int>(mode));
      check_gradient([=](auto& t, auto const& v) { return resize(t, v[0], s[2], s[3], mode); },
                     {random_tensor<double>(ctx, {2, s[0], s[1], 2}, 1)});
    }
}

TEST_CASE("gradients of joining and cutting") {
  cpu_context const ctx;
  auto const x = random_tensor<double>(ctx, map_extents, 1);
  for (int axis = -4; axis < 4; ++axis) {
    INFO("axis " << axis);
    auto const y = random_tensor<double>(ctx, map_extents.with(axis, 3), 2);
    auto const join = [=](auto& t, auto const& v) {
      using variable_type = std::decay_t<decltype(v[0])>;
      return concatenate(t, std::vector<variable_type>{v[0], v[1], v[0]}, axis);
    };
    check_gradient(join, {x, y});
    check_gradient([=](auto& t, auto const& v) { return slice(t, v[0], axis, 1, 1); }, {x});
    check_gradient([=](auto& t, auto const& v) { return slice(t, v[0], axis, 0, 2); }, {x});
    check_gradient([=](auto& t, auto const& v) { return pad(t, v[0], axis, 2, 1, 3); }, {x});
    check_gradient([=](auto& t, auto const& v) { return flip(t, v[0], axis); }, {x});
  }
  check_gradient([](auto& t, auto const& v) { return crop(t, v[0], 1, 2, 3, 2); }, {x});
}

TEST_CASE("gradients of joining with a constant between") {
  cpu_context const ctx;
  check_gradient(
      [](auto& t, auto const& v) {
        using variable_type = std::decay_t<decltype(v[0])>;
        variable_type const c = random_tensor<scalar_of<decltype(t)>>(t.context(), {2, 1}, 9);
        return concatenate(t, std::vector<variable_type>{c, v[0], c, v[1]});
      },
      {random_tensor<double>(ctx, {2, 3}, 1), random_tensor<double>(ctx, {2, 2}, 2)});
}

TEST_CASE("gradients of other shapes of the same elements") {
  cpu_context const ctx;
  auto const x = random_tensor<double>(ctx, map_extents, 1);
  check_gradient([](auto& t, auto const& v) { return reshape(t, v[0], {8, 10}); }, {x});
  check_gradient([](auto& t, auto const& v) { return reshape(t, v[0], {80}); }, {x});
  check_gradient([](auto& t, auto const& v) { return broadcast_to(t, v[0], {2, 3, 4}); },
                 {random_tensor<double>(ctx, {3, 1}, 2)});
  check_gradient([](auto& t, auto const& v) { return broadcast_to(t, v[0], {2, 3}); },
                 {random_tensor<double>(ctx, {}, 3)});
  check_gradient([](auto& t, auto const& v) { return broadcast_to(t, v[0], {2, 3}); },
                 {random_tensor<double>(ctx, {2, 3}, 4)});
}

TEST_CASE("gradients of masked averages") {
  cpu_context const ctx;
  auto const x = random_tensor<double>(ctx, {3, 2, 3, 4}, 1);
  for (double epsilon : {0.0, 0.3})
    for (bool empty : {false, true})
      check_gradient(
          [=](auto& t, auto const& v) {
            using T = scalar_of<decltype(t)>;
            auto weight = random_tensor<T>(t.context(), {3, 2, 3, 1}, 2, 0, 1);
            weight.data()[0] = 0;
            for (index_t i = 6; empty && i < 12; ++i) weight.data()[i] = 0;  // nothing in the second picture
            return masked_average(t, v[0], weight, epsilon);
          },
          {x});
}

TEST_CASE("misuse of differentiable layout is refused before anything is recorded") {
  cpu_context const ctx;
  fsis::tape<tensor<double>> t(ctx);
  auto const x = t.input(random_tensor<double>(ctx, map_extents, 1));
  for (int axis : {4, -5, 7, -100, 100000}) {
    INFO("axis " << axis);
    auto const both = std::vector<variable<tensor<double>>>{x, x};
    CHECK_THROWS_AS(concatenate(t, both, axis), fsis::shape_error);
    CHECK_THROWS_AS(slice(t, x, axis, 0, 1), fsis::shape_error);
    CHECK_THROWS_AS(pad(t, x, axis, 1, 1), fsis::shape_error);
    CHECK_THROWS_AS(flip(t, x, axis), fsis::shape_error);
  }
  CHECK_THROWS_AS(concatenate(t, std::vector<variable<tensor<double>>>{}), fsis::shape_error);
  CHECK_THROWS_AS(crop(t, x, 3, 0, 2, 1), fsis::shape_error);
  CHECK_THROWS_AS(reshape(t, x, {3, 5}), fsis::shape_error);
  CHECK_THROWS_AS(broadcast_to(t, x, {2, 2}), fsis::shape_error);
  t.backward(slice(t, x, 3, 0, 1), fsis::ops::full(ctx, {2, 4, 5, 1}, 1.0));
  CHECK(fsis::ops::dot(ctx, t.gradient(x), t.gradient(x)) == 40);
}
