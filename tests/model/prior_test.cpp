// SPDX-License-Identifier: MIT
#include <fsis/model/prior.hpp>

#include <support/catch.hpp>
#include <support/compare.hpp>
#include <support/near.hpp>
#include <support/random_tensor.hpp>

using namespace fsis;
using doubles = tensor<double>;

namespace {

doubles map_of(cpu_context const& ctx, index_t H, index_t W, std::vector<double> const& v) {
  return from_host<double>(ctx, {1, H, W, static_cast<index_t>(v.size()) / (H * W)}, v);
}

// golden G13: 2x2 maps with two channels
doubles golden_query(cpu_context const& ctx) { return map_of(ctx, 2, 2, {1, 0, 0, 1, 1, 1, -1, -1}); }
doubles golden_support(cpu_context const& ctx) { return map_of(ctx, 2, 2, {2, 0, 0, 1, 1, 2, 5, 5}); }

std::string against(cpu_context const& ctx, doubles const& prior, std::vector<double> const& golden) {
  return fsis_test::golden_difference(ctx, prior, golden);
}

model::support_view<doubles> random_support(cpu_context const& ctx, std::uint64_t seed) {
  return {fsis_test::random_tensor<double>(ctx, {1, 3, 4, 6}, seed),
          fsis_test::random_tensor<double>(ctx, {1, 3, 4, 1}, seed + 50, -1, 1)};
}

}  // namespace

TEST_CASE("prior: golden G13") {
  cpu_context ctx;
  auto const query = golden_query(ctx);
  std::vector<model::support_view<doubles>> support{{golden_support(ctx), map_of(ctx, 2, 2, {1, 0, 1, 0})}};
  SECTION("positions of the object only, as the thesis says") {
    CHECK(against(ctx, model::prior_of(ctx, query, support), {1, .938157, .969939, 0}) == "");
  }
  SECTION("with the positions outside as zeros, as PFENet does") {
    prior_options o;
    o.count_outside = true;
    o.min_max_epsilon = 1e-7;
    CHECK(against(ctx, model::prior_of(ctx, query, support, o), {1, .894427, .948683, 0}) == "");
  }
  SECTION("an empty mask says nothing") {
    support[0].weight = map_of(ctx, 2, 2, {0, 0, 0, 0});
    CHECK(against(ctx, model::prior_of(ctx, query, support), {0, 0, 0, 0}) == "");
  }
}

TEST_CASE("prior: between 0 and 1, and both are reached") {
  cpu_context ctx;
  auto const query = fsis_test::random_tensor<double>(ctx, {1, 5, 6, 6}, 1);
  auto const p = to_host(ctx, model::prior_of(ctx, query, {random_support(ctx, 2)}));
  CHECK(p.size() == 30);
  CHECK(*std::min_element(p.begin(), p.end()) == 0);
  CHECK_NEAR(*std::max_element(p.begin(), p.end()), 1, 1e-7);
}

TEST_CASE("prior: a query that is the support itself is found where it was marked") {
  cpu_context ctx;
  auto support = random_support(ctx, 3);
  support.weight = map_of(ctx, 3, 4, {0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0});
  auto const p = to_host(ctx, model::prior_of(ctx, support.high, {support}));
  CHECK(std::max_element(p.begin(), p.end()) - p.begin() == 5);
}

TEST_CASE("prior: of k shots the mean, in any order, for any k") {
  cpu_context ctx;
  auto const query = fsis_test::random_tensor<double>(ctx, {1, 5, 6, 6}, 1);
  std::vector<model::support_view<doubles>> shots;
  std::vector<double> sum(30, 0.0);
  for (std::uint64_t k = 1; k <= 7; ++k) {
    shots.push_back(random_support(ctx, 10 * k));
    auto const one = to_host(ctx, model::prior_of(ctx, query, {shots.back()}));
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += one[i];
    std::vector<double> mean = sum;
    for (double& m : mean) m /= static_cast<double>(k);
    CHECK(fsis_test::difference(ctx, model::prior_of(ctx, query, shots), mean) == "");
    auto turned = shots;
    std::reverse(turned.begin(), turned.end());
    CHECK(fsis_test::difference(ctx, model::prior_of(ctx, query, turned), mean) == "");
  }
  // the same shot three times is that shot
  CHECK(fsis_test::difference(ctx, model::prior_of(ctx, query, {shots[0], shots[0], shots[0]}),
                              model::prior_of(ctx, query, {shots[0]})) == "");
}

TEST_CASE("prior: shots may have sizes of their own") {
  cpu_context ctx;
  auto const query = fsis_test::random_tensor<double>(ctx, {1, 5, 6, 6}, 1);
  auto small = random_support(ctx, 2);
  model::support_view<doubles> const large{fsis_test::random_tensor<double>(ctx, {1, 7, 2, 6}, 4),
                                          fsis_test::random_tensor<double>(ctx, {1, 7, 2, 1}, 5)};
  CHECK(model::prior_of(ctx, query, {small, large}).extents() == shape{1, 5, 6, 1});
}

TEST_CASE("prior: what it refuses") {
  cpu_context ctx;
  auto const query = fsis_test::random_tensor<double>(ctx, {1, 5, 6, 6}, 1);
  auto const none = [&] { model::prior_of(ctx, query, std::vector<model::support_view<doubles>>{}); };
  CHECK_THROWS_AS(none(), value_error);
  CHECK(mentions(error_text(none), "prior", "at least one"));
  auto support = random_support(ctx, 2);
  support.weight = fsis_test::random_tensor<double>(ctx, {1, 4, 3, 1}, 2);
  auto const other = [&] { model::prior_of(ctx, query, {support}); };
  CHECK_THROWS_AS(other(), shape_error);
  CHECK(mentions(error_text(other), "(1,4,3,1)", "(1,3,4,1)"));
}

TEST_CASE("cell_coverage: the share of each cell that is object") {
  cpu_context ctx;
  auto mask = ops::zeros<double>(ctx, {2, 4, 6, 1});
  auto const m = mask.view<4>();
  m(0, 0, 0, 0) = m(0, 1, 1, 0) = m(0, 0, 2, 0) = 1;
  for (index_t y = 0; y < 4; ++y) m(1, y, 5, 0) = 1;
  auto const c = model::cell_coverage(ctx, mask, 2);
  CHECK(c.extents() == shape{2, 2, 3, 1});
  CHECK(to_host(ctx, c) == std::vector<double>{.5, .25, 0, 0, 0, 0, 0, 0, .5, 0, 0, .5});
  CHECK(to_host(ctx, model::cell_coverage(ctx, mask, 1)) == to_host(ctx, mask));
}

TEST_CASE("cell_coverage: an object of one pixel is never lost, wherever it is") {
  cpu_context ctx;
  for (index_t y = 0; y < 48; y += 5)
    for (index_t x = 0; x < 32; x += 3) {
      auto mask = ops::zeros<float>(ctx, {1, 48, 32, 1});
      mask.view<4>()(0, y, x, 0) = 1;
      auto const coverage = model::cell_coverage(ctx, mask, 16);
      REQUIRE(coverage.view<4>()(0, y / 16, x / 16, 0) == 1.0f / 256);
      auto const core = to_host(ctx, model::core_cells(ctx, coverage));
      REQUIRE(core[static_cast<std::size_t>((y / 16) * 2 + x / 16)] == 1.0f / 256);
      REQUIRE(std::count(core.begin(), core.end(), 0.0f) == 5);
    }
}

TEST_CASE("cell_coverage: a mask that the cells do not fill is refused, its rim would be lost") {
  cpu_context ctx;
  auto const mask = ops::zeros<float>(ctx, {1, 48, 40, 1});
  auto const run = [&] { model::cell_coverage(ctx, mask, 16); };
  CHECK_THROWS_AS(run(), shape_error);
  CHECK(mentions(error_text(run), "cell_coverage", "(1,48,40,1)", "16"));
  CHECK_THROWS_AS(model::cell_coverage(ctx, mask, 0), shape_error);
}

TEST_CASE("core_cells: cells that are half object, or the fullest ones of a small object") {
  cpu_context ctx;
  auto const core = [&](std::vector<double> const& v) {
    return to_host(ctx, model::core_cells(ctx, map_of(ctx, 1, static_cast<index_t>(v.size()), v)));
  };
  using list = std::vector<double>;
  CHECK(core({0, .2, .5, .49, 1}) == list{0, 0, .5, 0, 1});
  CHECK(core({0, .2, .4, .1, .4}) == list{0, 0, .4, 0, .4});
  CHECK(core({.001, 0}) == list{.001, 0});
  CHECK(core({0, 0, 0}) == list{0, 0, 0});
  CHECK(core({1, 1}) == list{1, 1});
}
