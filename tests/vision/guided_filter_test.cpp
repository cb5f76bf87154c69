// SPDX-License-Identifier: MIT
#include <fsis/vision/guided_filter.hpp>

#include <fsis/core/random.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>

#include <cmath>
#include <vector>

using namespace fsis;
using vision::plane;

namespace {

image noise_picture(index_t height, index_t width, std::uint64_t seed) {
  random_stream draw(seed);
  image picture = image::blank(height, width);
  for (index_t y = 0; y < height; ++y)
    for (index_t x = 0; x < width; ++x)
      for (index_t c = 0; c < 3; ++c) picture(y, x, c) = static_cast<std::uint8_t>(draw.below(256));
  return picture;
}

plane<float> noise_map(index_t height, index_t width, std::uint64_t seed) {
  random_stream draw(seed);
  plane<float> map(height, width);
  for (index_t i = 0; i < map.size(); ++i) map.data()[i] = static_cast<float>(draw.uniform());
  return map;
}

double pixel_colour(image const& g, index_t y, index_t x, int c) { return static_cast<double>(g(y, x, c)) / 255; }

/// Solves three equations by elimination; the matrix is positive definite.
void solve(double a[3][4]) {
  for (int k = 0; k < 3; ++k)
    for (int i = 0; i < 3; ++i) {
      if (i == k) continue;
      double const f = a[i][k] / a[k][k];
      for (int j = k; j < 4; ++j) a[i][j] -= f * a[k][j];
    }
}

/// The filter by its definition (He, Sun and Tang 2013, equations 19 to 21), window after window.
plane<float> by_definition(image const& g, plane<float> const& p, index_t radius, double epsilon) {
  index_t const H = p.height(), W = p.width();
  std::vector<std::array<double, 4>> affine;
  auto const window = [&](index_t y, index_t x, auto const& f) {
    for (index_t r = hd_max(y - radius, index_t{0}); r <= hd_min(y + radius, H - 1); ++r)
      for (index_t q = hd_max(x - radius, index_t{0}); q <= hd_min(x + radius, W - 1); ++q) f(r, q);
  };
  for (index_t y = 0; y < H; ++y)
    for (index_t x = 0; x < W; ++x) {
      double n = 0, mean_p = 0, mean[3] = {}, a[3][4] = {};
      window(y, x, [&](index_t r, index_t q) {
        ++n;
        mean_p += static_cast<double>(p(r, q));
        for (int c = 0; c < 3; ++c) mean[c] += pixel_colour(g, r, q, c);
      });
      mean_p /= n;
      for (double& m : mean) m /= n;
      window(y, x, [&](index_t r, index_t q) {
        for (int i = 0; i < 3; ++i) {
          double const d = (pixel_colour(g, r, q, i) - mean[i]) / n;
          for (int j = 0; j < 3; ++j) a[i][j] += d * (pixel_colour(g, r, q, j) - mean[j]);
          a[i][3] += d * (static_cast<double>(p(r, q)) - mean_p);
        }
      });
      for (int i = 0; i < 3; ++i) a[i][i] += epsilon;
      solve(a);
      std::array<double, 4> f{};
      f[3] = mean_p;
      for (std::size_t c = 0; c < 3; ++c) {
        f[c] = a[c][3] / a[c][c];
        f[3] -= f[c] * mean[c];
      }
      affine.push_back(f);
    }
  plane<float> out(H, W);
  for (index_t y = 0; y < H; ++y)
    for (index_t x = 0; x < W; ++x) {
      double n = 0, sum = 0;
      window(y, x, [&](index_t r, index_t q) {
        auto const& f = affine[static_cast<std::size_t>(r * W + q)];
        ++n;
        sum += f[3];
        for (int c = 0; c < 3; ++c) sum += f[static_cast<std::size_t>(c)] * pixel_colour(g, y, x, c);
      });
      out(y, x) = static_cast<float>(sum / n);
    }
  return out;
}

}  // namespace

TEST_CASE("guided filter: as defined, whatever the radius") {
  image const g = noise_picture(9, 7, 1);
  auto const p = noise_map(9, 7, 2);
  for (index_t const radius : {1, 2, 4, 20}) {
    INFO("radius " << radius);
    auto const found = vision::guided_filter(g, radius, 1e-3)(p), wanted = by_definition(g, p, radius, 1e-3);
    for (index_t i = 0; i < found.size(); ++i) CHECK_NEAR(found.data()[i], wanted.data()[i], 2e-5);
  }
}

TEST_CASE("guided filter: what has no edge stays, what is an affine function of the colours stays, too") {
  image const g = noise_picture(12, 15, 3);
  vision::guided_filter const filter(g, 3, 1e-6);
  plane<float> affine(12, 15);
  for (index_t y = 0; y < 12; ++y)
    for (index_t x = 0; x < 15; ++x)
      affine(y, x) = static_cast<float>(0.2 + 0.5 * pixel_colour(g, y, x, 0) - 0.3 * pixel_colour(g, y, x, 1) +
                                        0.1 * pixel_colour(g, y, x, 2));
  auto const kept = filter(affine), even = filter(plane<float>(12, 15, 0.7f));
  for (index_t i = 0; i < kept.size(); ++i) {
    CHECK_NEAR(kept.data()[i], affine.data()[i], 2e-4);
    CHECK_NEAR(even.data()[i], 0.7, 1e-5);
  }
}

TEST_CASE("guided filter: an edge of the picture draws the edge of a map") {
  image g = image::blank(10, 40);
  plane<float> p(10, 40);
  for (index_t y = 0; y < 10; ++y)
    for (index_t x = 0; x < 40; ++x) {
      for (index_t c = 0; c < 3; ++c) g(y, x, c) = x < 22 ? 40 : 200;
      p(y, x) = x < 19 ? 1.f : 0.f;  // three pixels too early
    }
  auto const moved = vision::guided_filter(g, 8, 1e-4)(p);
  CHECK(moved(5, 20) > 0.5f);
  CHECK(moved(5, 22) < 0.1f);
}

TEST_CASE("guided filter: linear in the map, and a mirror image of picture and map gives that of the result") {
  image const g = noise_picture(8, 11, 5);
  vision::guided_filter const filter(g, 2, 1e-3);
  auto const p = noise_map(8, 11, 6), q = noise_map(8, 11, 7);
  plane<float> sum(8, 11), turned(8, 11);
  image mirrored = g;
  for (index_t y = 0; y < 8; ++y)
    for (index_t x = 0; x < 11; ++x) {
      sum(y, x) = 2 * p(y, x) - q(y, x);
      turned(y, x) = p(y, 10 - x);
      for (index_t c = 0; c < 3; ++c) mirrored(y, x, c) = g(y, 10 - x, c);
    }
  auto const a = filter(p), b = filter(q), both = filter(sum),
             other = vision::guided_filter(mirrored, 2, 1e-3)(turned);
  for (index_t y = 0; y < 8; ++y)
    for (index_t x = 0; x < 11; ++x) {
      CHECK_NEAR(both(y, x), 2 * a(y, x) - b(y, x), 1e-5);
      CHECK_NEAR(other(y, x), a(y, 10 - x), 1e-5);
    }
}

TEST_CASE("guided filter: wrong sizes and options are refused with numbers") {
  image const g = noise_picture(4, 5, 1);
  using fsis_test::error_text;
  using fsis_test::mentions;
  CHECK(mentions(error_text([&] { vision::guided_filter(g, 0, 1e-3); }), "guided_filter", "radius 0"));
  CHECK(mentions(error_text([&] { vision::guided_filter(g, 1, 0); }), "epsilon 0"));
  CHECK(mentions(error_text([&] { vision::guided_filter(g, 1, std::nan("")); }), "epsilon"));
  CHECK(mentions(error_text([&] { vision::guided_filter(g, 1, 1e-3)(plane<float>(5, 4)); }), "5x4", "4x5"));
}
