// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/kernels/resize.hpp>

namespace fsis {
inline namespace v0 {
namespace kernels {

/// The place of a patch: the picture of a batch, and the row and column of its first pixel, which may lie outside.
struct patch_place {
  index_t picture, top, left;
};

/// Patches of one size on maps (N, map_height, map_width). All are `inset` rows and columns further in than `places`.
struct patch_grid {
  patch_place const* places;
  index_t height, width, map_height, map_width, inset;

  /// A pixel of a patch: row `index` of patches (P,height,width) as rows.
  struct pixel {
    index_t patch, picture, y, x;  // on the map
  };
  FSIS_HD pixel at(index_t index) const {
    index_t const patch = index / (height * width);
    patch_place const p = places[patch];
    return {patch, p.picture, p.top + inset + index / width % height, p.left + inset + index % width};
  }
  FSIS_HD bool is_inside(pixel const& p) const {
    return p.y >= 0 && p.y < map_height && p.x >= 0 && p.x < map_width;
  }
  FSIS_HD index_t top(index_t patch) const { return places[patch].top + inset; }
  FSIS_HD index_t left(index_t patch) const { return places[patch].left + inset; }
};

/// Pixels of maps (N,map_height,map_width,C) as patches (P,height,width,C), 0 outside. Rows = pixels of patches.
template <class T>
struct gather_patches {
  T* y;
  T const* x;
  index_t C;
  patch_grid grid;
  FSIS_HD void operator()(index_t row, index_t c) const {
    auto const p = grid.at(row);
    index_t const from = (p.picture * grid.map_height + p.y) * grid.map_width + p.x;
    y[row * C + c] = grid.is_inside(p) ? x[from * C + c] : T(0);
  }
};

/// 0 outside the map.
template <class T>
struct clear_outside {
  T* y;
  T const* x;
  index_t C;
  patch_grid grid;
  FSIS_HD void operator()(index_t row, index_t c) const {
    y[row * C + c] = grid.is_inside(grid.at(row)) ? x[row * C + c] : T(0);
  }
};

/// A pixel of a larger picture, interpolated from samples that one patch of the map holds.
struct patch_pixel {
  index_t patch, y, x;
};

/// Bilinear interpolation at single pixels of the larger picture: the arithmetic of `resize_linear` along rows, then
/// along columns. Rows = pixels.
template <class T>
struct resize_patches {
  T* y;
  T const* x;
  index_t C;
  patch_grid from;
  patch_pixel const* pixels;
  sample_positions rows, columns;

  FSIS_HD void operator()(index_t row, index_t c) const {
    patch_pixel const p = pixels[row];
    step const v = step_at(rows, p.y, from.top(p.patch)), h = step_at(columns, p.x, from.left(p.patch));
    T const* const patch = x + p.patch * from.height * from.width * C + c;
    T const upper = along(patch + v.low * from.width * C, h), lower = along(patch + v.high * from.width * C, h);
    y[row * C + c] = upper + v.share * (lower - upper);
  }

 private:
  struct step {
    index_t low, high;  // in the patch
    T share;            // of the high sample
  };
  FSIS_HD static step step_at(sample_positions const& positions, index_t dst, index_t first) {
    double const f = positions.at(dst);
    index_t const low = hd_min(static_cast<index_t>(f), positions.in - 1);
    return {low - first, hd_min(low + 1, positions.in - 1) - first, static_cast<T>(f - static_cast<double>(low))};
  }
  FSIS_HD T along(T const* line, step const& h) const {
    T const a = line[h.low * C], b = line[h.high * C];
    return a + h.share * (b - a);
  }
};

/// Its adjoint by gathering. Rows = pixels of the patches; those of the picture that patch p makes are
/// [first_of_patch[p], first_of_patch[p + 1]).
template <class T>
struct resize_patches_backward {
  T* dx;
  T const* dy;
  index_t C;
  patch_grid from;
  patch_pixel const* pixels;
  index_t const* first_of_patch;
  sample_positions rows, columns;

  FSIS_HD void operator()(index_t row, index_t c) const {
    auto const at = from.at(row);
    T sum = T(0);
    for (index_t i = first_of_patch[at.patch]; i < first_of_patch[at.patch + 1]; ++i)
      sum += static_cast<T>(weight(rows, pixels[i].y, at.y) * weight(columns, pixels[i].x, at.x)) * dy[i * C + c];
    dx[row * C + c] = sum;
  }

 private:
  /// Of sample `src` in pixel `dst`: the hat function around the place of the pixel.
  FSIS_HD static double weight(sample_positions const& positions, index_t dst, index_t src) {
    return hd_max(0.0, 1.0 - std::abs(positions.at(dst) - static_cast<double>(src)));
  }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
