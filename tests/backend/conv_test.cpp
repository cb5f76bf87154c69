// SPDX-License-Identifier: MIT
#include <fsis/backend/conv.hpp>

#include <fsis/ops/elementwise.hpp>
#include <fsis/ops/pool.hpp>

#include <support/catch.hpp>
#include <support/compare.hpp>
#include <support/conv_cases.hpp>
#include <support/random_tensor.hpp>

#include <cmath>
#include <vector>

using namespace fsis_test;
using fsis::activation;
using fsis::convolution_algorithm;
using fsis::cpu_context;
using fsis::cpu_options;
using fsis::index_t;
using fsis::instruction_set;
using fsis::shape;
using fsis::tensor;
using fsis::backend::detail::filter_form;
using fsis::backend::detail::form_for;
namespace backend = fsis::backend;
namespace kernels = fsis::kernels;
namespace ops = fsis::ops;

namespace {

/// The instruction sets that this machine has.
std::vector<instruction_set> instruction_sets() {
  std::vector<instruction_set> sets;
  for (auto const s : {instruction_set::portable, instruction_set::avx2, instruction_set::avx512})
    if (s <= fsis::supported_instruction_set()) sets.push_back(s);
  return sets;
}

cpu_context context_of(instruction_set set, convolution_algorithm algorithm = convolution_algorithm::any) {
  cpu_options o;
  o.threads = 2;
  o.instructions = set;
  o.convolutions = algorithm;
  return cpu_context(o);
}

/// Largest difference relative to the largest element of `b`.
double largest_error(std::vector<float> const& a, std::vector<double> const& b) {
  double most = 0, size = 0;
  for (std::size_t i = 0; i < b.size(); ++i) {
    most = std::max(most, std::abs(static_cast<double>(a[i]) - b[i]));
    size = std::max(size, std::abs(b[i]));
  }
  return most / size;
}

/// Inputs as after a ReLU, filters as He et al. start them, of 512 channels: (1,S,S,512) and (64,3,3,512).
struct deep_case {
  tensor<double> x, filter;

  deep_case(cpu_context const& ctx, index_t side, std::uint64_t seed)
      : x(random_normal(ctx, {1, side, side, 512}, seed, 1)),
        filter(random_normal(ctx, {64, 3, 3, 512}, seed + 100, std::sqrt(2.0 / (9 * 512)))) {
    for (index_t i = 0; i < x.size(); ++i) x.data()[i] = std::max(x.data()[i], 0.0);
  }

  static tensor<double> random_normal(cpu_context const& ctx, shape const& s, std::uint64_t seed, double size) {
    fsis::random_stream draw(seed, 0);
    tensor<double> t(ctx, s);
    for (index_t i = 0; i < t.size(); ++i)
      t.data()[i] = static_cast<double>(static_cast<float>(size * draw.normal()));
    return t;
  }
};

}  // namespace

TEST_CASE("convolutions of every instruction set and algorithm are those in double") {
  cpu_context const reference;
  for (auto const set : instruction_sets())
    for (auto const algorithm : {convolution_algorithm::any, convolution_algorithm::direct}) {
      cpu_context const ctx = context_of(set, algorithm);
      for (auto const& c : conv_cases()) {
        INFO(c << ", instruction set " << static_cast<int>(set) << ", algorithm " << static_cast<int>(algorithm));
        double const size = 1.7 / std::sqrt(static_cast<double>(c.filter.size() / c.filter[0]));
        auto const x = random_tensor<float>(ctx, c.x, 1);
        auto const f = random_tensor<float>(ctx, c.filter, 2, -size, size);
        auto const bias = random_tensor<float>(ctx, {c.filter[0]}, 3);
        auto const x64 = ops::cast<double>(ctx, x), f64 = ops::cast<double>(ctx, f);
        auto const y64 = ops::conv2d(reference, x64, f64, ops::cast<double>(ctx, bias), c.options, activation::relu);
        auto const y = ops::conv2d(ctx, x, f, bias, c.options, activation::relu);
        CHECK(conv_difference(ctx, y, to_host(ctx, y64)) == "");
        if (y.extent(1) > 1 && y.extent(2) > 1) {
          // the same bytes whether what is pooled is stored or not
          auto const pooled = ops::conv2d_max_pool(ctx, x, f, bias, c.options, activation::relu);
          CHECK(to_host(ctx, pooled) == to_host(ctx, ops::max_pool(ctx, y)));
        }
        auto const plain64 = ops::conv2d(reference, x64, f64, {}, c.options);
        CHECK(conv_difference(ctx, ops::conv2d(ctx, x, f, {}, c.options), to_host(ctx, plain64)) == "");
        auto const dx64 = ops::conv2d_backward_data(reference, y64, f64, c.x, c.options);
        auto const dx = ops::conv2d_backward_data(ctx, ops::cast<float>(ctx, y64), f, c.x, c.options);
        CHECK(conv_difference(ctx, dx, to_host(ctx, dx64)) == "");
        // sums over pixels of the order of one
        double const small = 1.7 / std::sqrt(static_cast<double>(y64.size() / y64.extent(3)));
        auto const dy = random_tensor<float>(ctx, y64.extents(), 4, -small, small);
        auto const dy64 = ops::cast<double>(reference, dy);
        auto const df64 = ops::conv2d_backward_filter(reference, x64, dy64, c.filter, c.options);
        auto const df = ops::conv2d_backward_filter(ctx, x, dy, c.filter, c.options);
        CHECK(conv_difference(ctx, df, to_host(ctx, df64)) == "");
      }
    }
}

TEST_CASE("a NaN reaches every pooled result that its convolution reaches") {
  for (auto const set : instruction_sets()) {
    cpu_context const ctx = context_of(set);
    for (index_t const channels : {16, 32}) {
      INFO("instruction set " << static_cast<int>(set) << ", " << channels << " channels");
      auto x = random_tensor<float>(ctx, {1, 24, 24, channels}, 1);
      auto const f = random_tensor<float>(ctx, {channels, 3, 3, channels}, 2);
      x.data()[(7 * 24 + 11) * channels + 5] = std::nanf("");
      auto const same = conv_with({1, 1}, {1, 1});
      auto const y = to_host(ctx, ops::max_pool(ctx, ops::conv2d(ctx, x, f, {}, same)));
      auto const pooled = to_host(ctx, ops::conv2d_max_pool(ctx, x, f, {}, same));
      std::size_t found = 0;
      for (std::size_t i = 0; i < y.size(); ++i) {
        REQUIRE(std::isnan(y[i]) == std::isnan(pooled[i]));
        found += std::isnan(y[i]);
      }
      CHECK(found >= static_cast<std::size_t>(4 * channels));
    }
  }
}

TEST_CASE("Winograd's algorithm loses at most 2e-5 of the largest result at 512 channels, 5e-5 with large tiles") {
  cpu_context const reference;
  struct {
    index_t side;
    filter_form form;
    double limit;
  } const tiles[] = {{12, filter_form::winograd_4, 2e-5}, {18, filter_form::winograd_6, 5e-5}};
  for (auto const& t : tiles)
    for (auto const set : instruction_sets()) {
      cpu_context const ctx = context_of(set);
      double forward = 0, data = 0, filter = 0;
      for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        deep_case const c(reference, t.side, seed);
        fsis::conv_options const same = conv_with({1, 1}, {1, 1});
        auto const g = ops::conv_geometry_of(c.x.extents(), c.filter.extents(), same);
        REQUIRE(form_for(ctx, g) == t.form);
        REQUIRE(form_for(ctx, kernels::data_gradient_geometry(g)) == t.form);
        auto const y = ops::conv2d(ctx, ops::cast<float>(ctx, c.x), ops::cast<float>(ctx, c.filter), {}, same);
        auto const y64 = ops::conv2d(reference, c.x, c.filter, {}, same);
        forward = std::max(forward, largest_error(to_host(ctx, y), to_host(reference, y64)));
        auto const dy64 = deep_case::random_normal(reference, y64.extents(), seed + 200, 1);
        auto const dx = ops::conv2d_backward_data(ctx, ops::cast<float>(ctx, dy64), ops::cast<float>(ctx, c.filter),
                                                  c.x.extents(), same);
        auto const dx64 = ops::conv2d_backward_data(reference, dy64, c.filter, c.x.extents(), same);
        data = std::max(data, largest_error(to_host(ctx, dx), to_host(reference, dx64)));
        auto const df = ops::conv2d_backward_filter(ctx, ops::cast<float>(ctx, c.x), ops::cast<float>(ctx, dy64),
                                                    c.filter.extents(), same);
        auto const df64 = ops::conv2d_backward_filter(reference, c.x, dy64, c.filter.extents(), same);
        filter = std::max(filter, largest_error(to_host(ctx, df), to_host(reference, df64)));
      }
      INFO("instruction set " << static_cast<int>(set) << ", side " << t.side << ": forward " << forward
                              << ", data gradient " << data << ", filter gradient " << filter);
      CHECK(forward < t.limit);
      CHECK(data < t.limit);
      CHECK(filter < 2e-5);
    }
}

TEST_CASE("tiles are large where that saves products and the filter is not") {
  auto const form = [](index_t side, index_t inputs, index_t outputs, index_t dilation = 1) {
    auto const o = conv_with({1, 1}, {dilation, dilation}, {dilation, dilation});
    return form_for(context_of(instruction_set::portable),
                    ops::conv_geometry_of({1, side, side, inputs}, {outputs, 3, 3, inputs}, o));
  };
  CHECK(form(384, 64, 64) == filter_form::winograd_6);
  CHECK(form(48, 256, 256, 2) == filter_form::winograd_6);
  CHECK(form(48, 256, 257) == filter_form::winograd_4);
  CHECK(form(4, 64, 64) == filter_form::winograd_4);
  CHECK(form(8, 64, 64) == filter_form::winograd_4);
  CHECK(form(6, 64, 64) == filter_form::winograd_4);  // one tile for four, and most of the cost is the filter
  CHECK(form(48, 8, 64) == filter_form::taps);
}
