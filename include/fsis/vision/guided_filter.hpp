// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/image.hpp>
#include <fsis/core/math.hpp>
#include <fsis/vision/check.hpp>
#include <fsis/vision/plane.hpp>

#include <array>
#include <cmath>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace vision {
namespace detail {

/// Means over windows of 2 radius + 1 pixels on both sides, cut at the border, of maps with their channels side by side.
/// A sum follows from its neighbour's: the time does not depend on the radius.
template <int Channels>
std::vector<float> window_means(std::vector<float> const& maps, index_t height, index_t width, index_t radius) {
  std::vector<float> means(maps.size());
  std::vector<double> column(static_cast<std::size_t>(width * Channels), 0.0);  // sums of the window's rows
  auto const add = [&](index_t row, double sign) {
    if (row < 0 || row >= height) return;
    float const* const from = maps.data() + row * width * Channels;
    for (index_t i = 0; i < width * Channels; ++i)
      column[static_cast<std::size_t>(i)] += sign * static_cast<double>(from[i]);
  };
  for (index_t y = 0; y < hd_min(radius, height); ++y) add(y, 1);
  for (index_t y = 0; y < height; ++y) {
    add(y + radius, 1);
    add(y - radius - 1, -1);
    index_t const rows = hd_min(y + radius, height - 1) - hd_max(y - radius, index_t{0}) + 1;
    std::array<double, Channels> sum{};
    auto const slide = [&](index_t x, double sign) {
      if (x < 0 || x >= width) return;
      for (int c = 0; c < Channels; ++c)
        sum[static_cast<std::size_t>(c)] += sign * column[static_cast<std::size_t>(x * Channels + c)];
    };
    for (index_t x = 0; x < hd_min(radius, width); ++x) slide(x, 1);
    float* const to = means.data() + y * width * Channels;
    for (index_t x = 0; x < width; ++x) {
      slide(x + radius, 1);
      slide(x - radius - 1, -1);
      index_t const columns = hd_min(x + radius, width - 1) - hd_max(x - radius, index_t{0}) + 1;
      double const share = 1.0 / static_cast<double>(rows * columns);
      for (int c = 0; c < Channels; ++c)
        to[x * Channels + c] = static_cast<float>(sum[static_cast<std::size_t>(c)] * share);
    }
  }
  return means;
}

}  // namespace detail

/// The guided filter of a colour picture (He, Sun and Tang 2013, "Guided Image Filtering", section 3.5): in every window
/// the result is an affine function of the picture's colours, so that it is smooth where the picture is, and has edges
/// where the picture has. The result is linear in the map that is filtered. Made once for a picture; about 12 numbers per
/// pixel are kept.
class guided_filter {
 public:
  /// Windows of 2 radius + 1 pixels; colours in [0,1], whose variance is smoothed away below `epsilon`. Throws
  /// `value_error` unless radius is at least 1 and epsilon above 0.
  guided_filter(image_view const& picture, index_t radius, double epsilon)
      : height_(picture.height()), width_(picture.width()), radius_(radius) {
    require<value_error>(radius >= 1, "guided_filter: radius ", radius, ", wanted at least 1");
    require<value_error>(epsilon > 0 && std::isfinite(epsilon), "guided_filter: epsilon ", epsilon,
                         ", wanted more than 0");
    std::size_t const pixels = static_cast<std::size_t>(height_ * width_);
    colours_.resize(3 * pixels);
    for (index_t y = 0; y < height_; ++y)
      for (index_t x = 0; x < width_; ++x)
        for (index_t c = 0; c < 3; ++c)
          colours_[static_cast<std::size_t>((y * width_ + x) * 3 + c)] = static_cast<float>(picture(y, x, c)) / 255;
    means_ = detail::window_means<3>(colours_, height_, width_, radius_);
    std::vector<float> products(6 * pixels);
    for (std::size_t i = 0; i < pixels; ++i) {
      float const* const g = colours_.data() + 3 * i;
      float const six[] = {g[0] * g[0], g[0] * g[1], g[0] * g[2], g[1] * g[1], g[1] * g[2], g[2] * g[2]};
      for (std::size_t k = 0; k < 6; ++k) products[6 * i + k] = six[k];
    }
    inverse_ = detail::window_means<6>(products, height_, width_, radius_);
    for (std::size_t i = 0; i < pixels; ++i) invert(inverse_.data() + 6 * i, means_.data() + 3 * i, epsilon);
  }

  index_t height() const { return height_; }
  index_t width() const { return width_; }

  /// The filtered map. Throws `shape_error` on another size than the picture's.
  plane<float> operator()(plane<float> const& map) const {
    require<shape_error>(map.height() == height_ && map.width() == width_, "guided_filter: map ", map.height(), "x",
                         map.width(), ", picture ", height_, "x", width_, ", wanted equal sizes");
    std::size_t const pixels = static_cast<std::size_t>(height_ * width_);
    std::vector<float> four(4 * pixels);  // the map and its products with the colours, then the affine functions
    for (std::size_t i = 0; i < pixels; ++i) {
      float const p = map.data()[i];
      four[4 * i] = p;
      for (std::size_t c = 0; c < 3; ++c) four[4 * i + 1 + c] = p * colours_[3 * i + c];
    }
    four = detail::window_means<4>(four, height_, width_, radius_);
    for (std::size_t i = 0; i < pixels; ++i) fit(four.data() + 4 * i, means_.data() + 3 * i, inverse_.data() + 6 * i);
    four = detail::window_means<4>(four, height_, width_, radius_);
    plane<float> out(height_, width_);
    for (std::size_t i = 0; i < pixels; ++i) {
      float const *const f = four.data() + 4 * i, *const g = colours_.data() + 3 * i;
      out.data()[i] = f[0] + f[1] * g[0] + f[2] * g[1] + f[3] * g[2];
    }
    return out;
  }

 private:
  /// Means of the products of colours -> the inverse of their covariance plus epsilon, row by row from the diagonal on.
  static void invert(float* m, float const* mean, double epsilon) {
    double const r = static_cast<double>(mean[0]), g = static_cast<double>(mean[1]), b = static_cast<double>(mean[2]);
    double const rr = static_cast<double>(m[0]) - r * r + epsilon, rg = static_cast<double>(m[1]) - r * g;
    double const rb = static_cast<double>(m[2]) - r * b, gg = static_cast<double>(m[3]) - g * g + epsilon;
    double const gb = static_cast<double>(m[4]) - g * b, bb = static_cast<double>(m[5]) - b * b + epsilon;
    double const a0 = gg * bb - gb * gb, a1 = gb * rb - rg * bb, a2 = rg * gb - gg * rb;
    double const determinant = rr * a0 + rg * a1 + rb * a2;
    double const six[] = {a0, a1, a2, rr * bb - rb * rb, rb * rg - rr * gb, rr * gg - rg * rg};
    for (int k = 0; k < 6; ++k) m[k] = static_cast<float>(six[k] / determinant);
  }

  /// Means of the map and of its products with the colours -> offset and slopes of the affine function of a window.
  static void fit(float* f, float const* mean, float const* inverse) {
    float const v[] = {f[1] - mean[0] * f[0], f[2] - mean[1] * f[0], f[3] - mean[2] * f[0]};
    float const r = inverse[0] * v[0] + inverse[1] * v[1] + inverse[2] * v[2];
    float const g = inverse[1] * v[0] + inverse[3] * v[1] + inverse[4] * v[2];
    float const b = inverse[2] * v[0] + inverse[4] * v[1] + inverse[5] * v[2];
    f[0] -= r * mean[0] + g * mean[1] + b * mean[2];
    f[1] = r;
    f[2] = g;
    f[3] = b;
  }

  index_t height_, width_, radius_;
  std::vector<float> colours_, means_, inverse_;
};

}  // namespace vision
}  // namespace v0
}  // namespace fsis
