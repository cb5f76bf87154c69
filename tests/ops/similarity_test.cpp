// SPDX-License-Identifier: MIT
#include <fsis/ops/similarity.hpp>

#include <fsis/ops/resize.hpp>

#include <support/catch.hpp>
#include <support/compare.hpp>
#include <support/random_tensor.hpp>
#include <support/threads.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace fsis_test;
using fsis::cpu_context;
using fsis::index_t;
using fsis::prior_options;
using fsis::resize_mode;
using fsis::shape;
using fsis::tensor;
namespace ops = fsis::ops;

namespace {

/// Planes of one picture of 2x2 as (1,2,2,planes).
tensor<double> planes(cpu_context const& ctx, std::vector<std::vector<double>> const& all) {
  std::vector<double> values;
  for (std::size_t pixel = 0; pixel < all[0].size(); ++pixel)
    for (auto const& plane : all) values.push_back(plane[pixel]);
  return fsis::from_host<double>(ctx, {1, 2, 2, static_cast<index_t>(all.size())}, values);
}

/// The pictures of golden G12 and G13.
struct features {
  cpu_context ctx;
  tensor<double> f = planes(ctx, {{1, 2, 3, 4}, {0, -1, 1, 2}});
  tensor<double> query = planes(ctx, {{1, 0, 1, -1}, {0, 1, 1, -1}});
  tensor<double> support = planes(ctx, {{2, 0, 1, 5}, {0, 1, 2, 5}});

  tensor<double> mask(std::vector<double> const& values) const { return planes(ctx, {values}); }

  std::string average(std::vector<double> const& m, double epsilon, std::vector<double> const& wanted) const {
    return golden_difference(ctx, ops::masked_average(ctx, f, mask(m), epsilon), wanted);
  }
  tensor<double> best(std::vector<double> const& m, prior_options const& o) const {
    return ops::best_similarity(ctx, query, support, mask(m), o);
  }
  std::string prior(std::vector<double> const& m, prior_options const& o, std::vector<double> const& wanted) const {
    return golden_difference(ctx, ops::min_max_normalized(ctx, best(m, o), o.min_max_epsilon), wanted);
  }
};

prior_options pfenet() {
  prior_options o;
  o.cosine_epsilon = 1e-7;
  o.min_max_epsilon = 1e-7;
  o.count_outside = true;
  return o;
}

}  // namespace

TEST_CASE("masked averages, golden G12") {
  features const x;
  CHECK(x.average({1, 0, .5, 1}, 0, {2.6, 1}) == "");
  CHECK(x.average({1, 0, .5, 1}, 1e-5, {2.59999, .999996}) == "");
  CHECK(x.average({1, 0, .5, 1}, 5e-4, {2.59948, .9998}) == "");
  CHECK(x.average({1, 0, 0, 1}, 0, {2.5, 1}) == "");  // over m == 1
  CHECK(x.average({0, 1, 0, 0}, 0, {2, -1}) == "");   // over m == 0
  CHECK(x.average({0, 0, 0, 0}, 1e-5, {0, 0}) == "");
  CHECK(x.average({0, 0, 0, 0}, 0, {0, 0}) == "");
}

TEST_CASE("features made larger and then averaged, golden G12") {
  features const x;
  auto const m = fsis::from_host<double>(x.ctx, {1, 4, 4, 1}, {1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  auto const pooled = [&](resize_mode mode) {
    return ops::masked_average(x.ctx, ops::resize(x.ctx, x.f, 4, 4, mode), m);
  };
  CHECK(golden_difference(x.ctx, pooled(resize_mode::half_pixel), {1.55, 0}) == "");
  CHECK(golden_difference(x.ctx, pooled(resize_mode::align_corners), {1.666667, .066667}) == "");
}

TEST_CASE("PFENet's prior, golden G13") {
  features const x;
  std::vector<double> const left = {1, 0, 1, 0}, best = {1, .894427, .948683, 0};
  CHECK(golden_difference(x.ctx, x.best(left, pfenet()), best) == "");
  CHECK(x.prior(left, pfenet(), best) == "");
  CHECK(golden_difference(x.ctx, x.best({1, .25, 1, 0}, pfenet()), {1, 1, .948683, 0}) == "");
  CHECK(golden_difference(x.ctx, x.best({1, 1, 1, 1}, pfenet()), {1, 1, 1, -.707107}) == "");
  CHECK(x.prior({0, 0, 0, 0}, pfenet(), {0, 0, 0, 0}) == "");
}

TEST_CASE("the thesis' prior over object positions only, golden G13") {
  features const x;
  prior_options const thesis;
  std::vector<double> const left = {1, 0, 1, 0};
  CHECK(golden_difference(x.ctx, x.best(left, thesis), {1, .894427, .948683, -.707107}) == "");
  CHECK(x.prior(left, thesis, {1, .938157, .969939, 0}) == "");
  CHECK(golden_difference(x.ctx, x.best({1, 1, 1, 1}, thesis), {1, 1, 1, -.707107}) == "");
  CHECK(to_host(x.ctx, x.best({0, 0, 0, 0}, thesis)) == std::vector<double>(4, -1.0));
  CHECK(x.prior({0, 0, 0, 0}, thesis, {0, 0, 0, 0}) == "");
}

TEST_CASE("a prior resized with aligned corners, golden G13") {
  features const x;
  auto const best = x.best({1, 0, 1, 0}, pfenet());
  auto const prior = ops::min_max_normalized(x.ctx, best, 1e-7);
  CHECK(golden_difference(x.ctx, ops::resize(x.ctx, prior, 3, 3),
                          {1, .947214, .894427, .974342, .710778, .447214, .948683, .474342, 0}) == "");
}

TEMPLATE_TEST_CASE("best similarities equal their definition", "", float, double) {
  cpu_context const ctx;
  // more positions of both than one tile of the similarity matrix holds
  shape const query_extents{1, 37, 29, 9}, support_extents{1, 19, 17, 9};
  auto const q = random_tensor<TestType>(ctx, query_extents, 1), s = random_tensor<TestType>(ctx, support_extents, 2);
  auto weight = random_tensor<TestType>(ctx, {1, 19, 17, 1}, 3);
  for (index_t i = 0; i < weight.size(); ++i) weight.data()[i] = std::max(weight.data()[i], TestType(0));
  for (bool count_outside : {false, true}) {
    prior_options o;
    o.count_outside = count_outside;
    o.cosine_epsilon = 0.01;
    std::vector<double> expected;
    for (index_t i = 0; i < 37 * 29; ++i) {
      double best = count_outside ? 0 : -1;
      for (index_t j = 0; j < 19 * 17; ++j) {
        if (!(weight.data()[j] > TestType(0))) continue;
        double dot = 0, qq = 0, ss = 0;
        for (index_t c = 0; c < 9; ++c) {
          double const a = static_cast<double>(q.data()[i * 9 + c]), b = static_cast<double>(s.data()[j * 9 + c]);
          dot += a * b, qq += a * a, ss += b * b;
        }
        best = std::max(best, dot / (std::sqrt(qq) * std::sqrt(ss) + 0.01));
      }
      expected.push_back(best);
    }
    CHECK(difference(ctx, ops::best_similarity(ctx, q, s, weight, o), expected) == "");
  }
}

TEST_CASE("zero features are like nothing, without NaN") {
  features const x;
  auto const nothing = ops::zeros<double>(x.ctx, {1, 2, 2, 2});
  auto const all = x.mask({1, 1, 1, 1});
  CHECK(to_host(x.ctx, ops::best_similarity(x.ctx, nothing, x.support, all)) == std::vector<double>(4, 0.0));
  CHECK(to_host(x.ctx, ops::best_similarity(x.ctx, x.query, nothing, all)) == std::vector<double>(4, 0.0));
}

TEST_CASE("NaN features give NaN, not a plausible prior") {
  features const x;
  auto broken = ops::clone(x.ctx, x.query);
  broken.data()[2] = std::numeric_limits<double>::quiet_NaN();  // of the second pixel
  auto const all = x.mask({1, 1, 1, 1});
  auto const one = to_host(x.ctx, ops::best_similarity(x.ctx, broken, x.support, all));
  CHECK(!std::isnan(one[0]));
  CHECK(std::isnan(one[1]));
  for (double v : to_host(x.ctx, ops::best_similarity(x.ctx, x.query, broken, all))) CHECK(std::isnan(v));
}

TEST_CASE("min-max of a constant map is zero") {
  cpu_context const ctx;
  CHECK(to_host(ctx, ops::min_max_normalized(ctx, ops::full(ctx, {1, 2, 2, 1}, 3.0), 1e-8)) ==
        std::vector<double>(4, 0.0));
}

TEMPLATE_TEST_CASE("masked averages of several pictures, and the adjoint", "", float, double) {
  cpu_context const ctx;
  index_t const N = 3, C = 5, pixels = 6 * 7;
  auto const x = random_tensor<TestType>(ctx, {N, 6, 7, C}, 1);
  auto weight = random_tensor<TestType>(ctx, {N, 6, 7, 1}, 2, 0, 1);
  for (index_t i = 0; i < pixels; ++i) weight.data()[pixels + i] = 0;  // the second picture has an empty mask
  for (double epsilon : {0.0, 0.25}) {
    std::vector<double> expected;
    for (index_t n = 0; n < N; ++n)
      for (index_t c = 0; c < C; ++c) {
        double sum = 0, total = 0;
        for (index_t i = n * pixels; i < (n + 1) * pixels; ++i) {
          sum += static_cast<double>(x.data()[i * C + c]) * static_cast<double>(weight.data()[i]);
          total += static_cast<double>(weight.data()[i]);
        }
        expected.push_back(total + epsilon > 0 ? sum / (total + epsilon) : 0);
      }
    auto const y = ops::masked_average(ctx, x, weight, epsilon);
    CHECK(y.extents() == shape{N, 1, 1, C});
    CHECK(difference(ctx, y, expected) == "");
    auto const dy = random_tensor<TestType>(ctx, y.extents(), 3);
    auto const dx = ops::masked_average_backward(ctx, dy, weight, epsilon);
    CHECK(dx.extents() == x.extents());
    CHECK_NEAR(ops::dot(ctx, y, dy), ops::dot(ctx, x, dx), 4 * tolerance<TestType>::absolute);
  }
}

TEST_CASE("similarity's bytes do not depend on the number of threads") {
  CHECK(same_bytes_for_any_threads([](cpu_context const& ctx) {
    auto const q = random_tensor<float>(ctx, {1, 40, 37, 16}, 1), s = random_tensor<float>(ctx, {1, 33, 40, 16}, 2);
    return ops::best_similarity(ctx, q, s, random_tensor<float>(ctx, {1, 33, 40, 1}, 3));
  }));
  CHECK(same_bytes_for_any_threads([](cpu_context const& ctx) {
    auto const x = random_tensor<float>(ctx, {2, 70, 60, 8}, 1);
    return ops::masked_average(ctx, x, random_tensor<float>(ctx, {2, 70, 60, 1}, 2, 0, 1));
  }));
}

TEST_CASE("similarity says what does not fit") {
  cpu_context const ctx;
  tensor<float> const q(ctx, {1, 2, 2, 3}), s(ctx, {1, 2, 2, 4}), two(ctx, {2, 2, 2, 3}), w(ctx, {1, 2, 2, 1});
  CHECK(
      mentions(error_text([&] { ops::best_similarity(ctx, q, s, w); }), "best_similarity", "(1,2,2,3)", "(1,2,2,4)"));
  CHECK(mentions(error_text([&] { ops::best_similarity(ctx, two, two, w); }), "(2,2,2,3)", "(1,H,W,C)"));
  CHECK(mentions(error_text([&] { ops::best_similarity(ctx, q, q, q); }), "weights (1,2,2,3)", "wanted (1,2,2,1)"));
  CHECK(mentions(error_text([&] { ops::masked_average(ctx, two, w); }), "masked_average", "(2,2,2,3)", "(1,2,2,1)"));
  CHECK(mentions(error_text([&] { ops::masked_average_backward(ctx, q, w); }), "masked_average_backward", "(1,2,2,3)",
                 "(1,2,2,1)"));
  CHECK_THROWS_AS(ops::masked_average_backward(ctx, tensor<float>(ctx, {1, 1, 1, 3}), q), fsis::shape_error);
  CHECK_THROWS_AS(ops::min_max_normalized(ctx, tensor<float>(ctx, {0}), 0), fsis::shape_error);
}
