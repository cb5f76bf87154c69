// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/dispatch.hpp>
#include <fsis/core/click.hpp>
#include <fsis/core/elementary.hpp>
#include <fsis/core/shape.hpp>
#include <fsis/vision/check.hpp>

#include <cmath>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace vision {

/// What a click map says about the distance d (pixels) to the nearest click of a sign:
///   `tanh_distance`  tanh(2 d / radius)           0 at a click, 1 far away and without clicks (f-BRS)
///   `distance`       min(d, radius)               in pixels, `radius` without clicks (DIOS)
///   `fraction`       min(d, radius) / radius      1 without clicks
///   `disk`           1 where d <= radius, else 0  0 without clicks (RITM)
enum class click_map { tanh_distance, distance, fraction, disk };

/// How clicks are drawn. `radius` in pixels of the frame the clicks are given in.
struct click_encoding {
  click_map kind = click_map::tanh_distance;
  double radius = 260;
};

inline click_encoding tanh_encoding(double radius = 260) { return {click_map::tanh_distance, radius}; }
inline click_encoding distance_encoding(double limit = 255) { return {click_map::distance, limit}; }
inline click_encoding fraction_encoding(double limit = 255) { return {click_map::fraction, limit}; }
inline click_encoding disk_encoding(double radius = 5) { return {click_map::disk, radius}; }

/// Where the pixels of a map lie in the frame of the clicks: row r at y = origin_y + step_y * r, column
/// likewise. Distances are measured in the frame of the clicks, whatever the steps, so a coarse map is a
/// sample of the fine one. For a zoomed crop move the clicks into the crop instead (`zoom::to_crop`).
struct sampling_grid {
  double origin_y = 0, origin_x = 0;
  double step_y = 1, step_x = 1;

  /// The grid of a feature map whose cells are `stride` pixels wide, each standing at its cell's centre.
  static sampling_grid strided(index_t stride) {
    require<value_error>(stride >= 1, "sampling_grid: stride ", stride, ", wanted at least 1");
    double const s = static_cast<double>(stride), middle = (s - 1) / 2;
    return {middle, middle, s, s};
  }
};

namespace detail {

/// out[q] = f(squared[q])
template <class T, class F>
[[gnu::always_inline]] inline void encode_row(T* out, double const* squared, index_t width, F const& f) {
  backend::run_independent(0, width, [=](index_t q) __attribute__((always_inline)) { out[q] = f(squared[q]); });
}

/// What a map says about the squared distances of a row.
template <class T>
[[gnu::always_inline]] inline void encode(T* out, double const* squared, index_t width, click_encoding const& e) {
  double const radius = e.radius;
  switch (e.kind) {
    case click_map::tanh_distance:
      return encode_row(out, squared, width,
                        [=](double d2) { return hd_tanh(static_cast<T>(2 * hd_sqrt(d2) / radius)); });
    case click_map::distance:
      return encode_row(out, squared, width, [=](double d2) {
        double const d = hd_sqrt(d2);
        return static_cast<T>(hd_select(radius < d, radius, d));
      });
    case click_map::fraction:
      return encode_row(out, squared, width, [=](double d2) {
        double const d = hd_sqrt(d2);
        return static_cast<T>(hd_select(radius < d, radius, d) / radius);
      });
    case click_map::disk:
      return encode_row(out, squared, width,
                        [=](double d2) { return hd_select(d2 <= radius * radius, T(1), T(0)); });
  }
  fail<value_error>("click_maps: unknown encoding ", static_cast<int>(e.kind));
}

/// One plane: every `pixel_stride`-th element of `out`.
template <class T>
void write_click_map(T* out, index_t height, index_t width, std::vector<click> const& clicks, bool sign,
                     click_encoding const& e, sampling_grid const& grid, index_t pixel_stride) {
  std::vector<double> at(static_cast<std::size_t>(width)), nearest(at.size());
  std::vector<T> row(at.size());
  for (index_t q = 0; q < width; ++q)
    at[static_cast<std::size_t>(q)] = grid.origin_x + grid.step_x * static_cast<double>(q);
  backend::run_for(supported_instruction_set(), [&]() __attribute__((always_inline)) {
    double const* const x = at.data();
    double* const squared = nearest.data();
    T* const values = row.data();
    for (index_t r = 0; r < height; ++r) {
      for (index_t q = 0; q < width; ++q) squared[q] = HUGE_VAL;
      double const y = grid.origin_y + grid.step_y * static_cast<double>(r);
      for (click const& c : clicks) {
        if (c.is_positive != sign) continue;
        double const dy2 = (y - c.y) * (y - c.y), to_x = c.x;
        backend::run_independent(0, width, [=](index_t q) __attribute__((always_inline)) {
          double const dx = x[q] - to_x, d2 = dx * dx + dy2;
          squared[q] = hd_select(d2 < squared[q], d2, squared[q]);
        });
      }
      encode(values, squared, width, e);
      for (index_t q = 0; q < width; ++q) out[(r * width + q) * pixel_stride] = values[q];
    }
  });
}

}  // namespace detail

/// Draws the clicks as two maps, interleaved: element (r, q) of the positive map is
/// out[(r * width + q) * pixel_stride], the negative one follows it. With `pixel_stride` 5 and `out` three
/// elements into an image of five channels the maps stand behind the colours. Coordinates may be fractional
/// and may lie outside the grid; they are used as they are (the reference drops a click with two negative
/// coordinates). Throws `value_error` on coordinates that are not finite, a radius or step that is not
/// positive, an empty grid or a stride below 2; nothing is written then.
/// Sofiiuk et al. 2020 (f-BRS); Xu et al. 2016 (DIOS); Sofiiuk et al. 2021 (RITM).
template <class T>
void write_click_maps(T* out, index_t height, index_t width, std::vector<click> const& clicks,
                      click_encoding const& encoding = {}, sampling_grid const& grid = {},
                      index_t pixel_stride = 2) {
  char const* op = "click_maps";
  require<value_error>(height > 0 && width > 0, op, ": size ", height, "x", width, ", both must be positive");
  require<value_error>(out != nullptr, op, ": null output for maps of ", height, "x", width);
  require<value_error>(pixel_stride >= 2, op, ": pixels ", pixel_stride, " elements apart, two maps need 2");
  detail::check_positive(op, "radius", encoding.radius);
  detail::check_positive(op, "vertical step", grid.step_y);
  detail::check_positive(op, "horizontal step", grid.step_x);
  require<value_error>(std::isfinite(grid.origin_y) && std::isfinite(grid.origin_x), op, ": origin (",
                       grid.origin_y, ", ", grid.origin_x, "), wanted finite numbers");
  detail::check_finite(op, clicks);
  detail::write_click_map(out, height, width, clicks, true, encoding, grid, pixel_stride);
  detail::write_click_map(out + 1, height, width, clicks, false, encoding, grid, pixel_stride);
}

/// The two maps as (H,W,2): positive, negative.
template <class T = float>
std::vector<T> click_maps(index_t height, index_t width, std::vector<click> const& clicks,
                          click_encoding const& encoding = {}, sampling_grid const& grid = {}) {
  require<value_error>(height > 0 && width > 0, "click_maps: size ", height, "x", width,
                       ", both must be positive");
  std::vector<T> out(static_cast<std::size_t>(checked_product(checked_product(height, width), 2)));
  write_click_maps(out.data(), height, width, clicks, encoding, grid);
  return out;
}

}  // namespace vision
}  // namespace v0
}  // namespace fsis
