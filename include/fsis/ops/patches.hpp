// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/for_each.hpp>
#include <fsis/kernels/patches.hpp>
#include <fsis/ops/resize.hpp>
#include <fsis/tensor/tensor.hpp>

#include <memory>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace ops {

using kernels::patch_pixel;
using kernels::patch_place;

/// Where patches of one size lie on maps: what a local computation needs instead of the maps. A patch may reach outside
/// its map, where everything is 0. Copies share the places.
template <class Context>
class patches {
 public:
  /// Patches of height x width pixels on maps of map_height x map_width. Throws `shape_error` when there is none or a
  /// size is not positive.
  patches(Context const& ctx, std::vector<patch_place> const& places, index_t height, index_t width,
          index_t map_height, index_t map_width)
      : places_(std::make_shared<std::vector<patch_place> const>(places)),
        count_(static_cast<index_t>(places.size())),
        grid_{nullptr, height, width, map_height, map_width, 0} {
    require<shape_error>(count_ > 0 && height > 0 && width > 0 && map_height > 0 && map_width > 0, "patches: ", count_,
                         " patches of ", height, "x", width, " on maps of ", map_height, "x", map_width,
                         ", all must be positive");
    least_ = most_ = places.front();
    for (patch_place const& p : places) {
      least_ = {hd_min(least_.picture, p.picture), hd_min(least_.top, p.top), hd_min(least_.left, p.left)};
      most_ = {hd_max(most_.picture, p.picture), hd_max(most_.top, p.top), hd_max(most_.left, p.left)};
    }
    std::size_t const bytes = places.size() * sizeof(patch_place);
    memory_ = ctx.allocate(bytes);
    ctx.copy_from_host(memory_.get(), places.data(), bytes);
    grid_.places = static_cast<patch_place const*>(memory_.get());
  }

  index_t count() const { return count_; }
  index_t height() const { return grid_.height; }
  index_t width() const { return grid_.width; }
  shape extents(index_t channels) const { return {count_, height(), width(), channels}; }
  kernels::patch_grid const& grid() const { return grid_; }

  /// Where patch i lies.
  patch_place place(index_t i) const {
    patch_place const& p = (*places_)[static_cast<std::size_t>(i)];
    return {p.picture, p.top + grid_.inset, p.left + grid_.inset};
  }

  /// The patches without `margin` rows and columns on each side. Throws `shape_error` when nothing would be left.
  patches inner(index_t margin) const {
    require<shape_error>(margin >= 0 && height() > 2 * margin && width() > 2 * margin, "patches: a margin of ", margin,
                         " leaves nothing of patches of ", height(), "x", width());
    patches p = *this;
    p.grid_.height -= 2 * margin;
    p.grid_.width -= 2 * margin;
    p.grid_.inset += margin;
    return p;
  }

  bool reach_outside() const {
    index_t const in = grid_.inset;
    return least_.top + in < 0 || least_.left + in < 0 || most_.top + in + height() > grid_.map_height ||
           most_.left + in + width() > grid_.map_width;
  }

  /// Throws `shape_error` when x is not (N,map_height,map_width,C) with all pictures that the patches name.
  void check_maps(char const* op, shape const& x) const {
    require<shape_error>(x.rank() == 4 && x[1] == grid_.map_height && x[2] == grid_.map_width &&
                             least_.picture >= 0 && most_.picture < x[0],
                         op, ": maps ", x, ", the patches lie on pictures ", least_.picture, " to ", most_.picture,
                         " of ", grid_.map_height, "x", grid_.map_width);
  }
  /// Throws `shape_error` when x is not (count,height,width,C).
  void check_patches(char const* op, shape const& x) const {
    require<shape_error>(x.rank() == 4 && x == extents(x[3]), op, ": ", x, ", wanted ", count_, " patches of ",
                         height(), "x", width());
  }

 private:
  std::shared_ptr<std::vector<patch_place> const> places_;
  index_t count_;
  kernels::patch_grid grid_;
  patch_place least_{}, most_{};
  std::shared_ptr<void> memory_;
};

/// The patches of maps x (N,H,W,C): (P,height,width,C), 0 outside.
template <class T, class Context>
tensor<T, Context> gather_patches(Context const& ctx, tensor<T, Context> const& x, patches<Context> const& at) {
  at.check_maps("gather_patches", x.extents());
  tensor<T, Context> y(ctx, at.extents(x.extent(3)));
  backend::for_each(ctx, y.size() / x.extent(3), x.extent(3),
                    kernels::gather_patches<T>{y.data(), x.data(), x.extent(3), at.grid()});
  return y;
}

/// Patches with 0 for what lies outside the map. Where nothing does, x itself, without a copy. Its own adjoint.
template <class T, class Context>
tensor<T, Context> clear_outside(Context const& ctx, tensor<T, Context> const& x, patches<Context> const& at) {
  at.check_patches("clear_outside", x.extents());
  if (!at.reach_outside()) return x;
  tensor<T, Context> y(ctx, x.extents());
  backend::for_each(ctx, x.size() / x.extent(3), x.extent(3),
                    kernels::clear_outside<T>{y.data(), x.data(), x.extent(3), at.grid()});
  return y;
}

/// Single pixels of larger pictures (map_height x map_width resized to height x width), each made from one patch.
template <class Context>
class patch_pixels {
 public:
  /// `pixels` in the order of their patches. Throws `value_error` when one is outside its picture, its patch does not
  /// exist or does not hold the samples that it lies between, or the order is another one.
  patch_pixels(Context const& ctx, patches<Context> const& from, std::vector<patch_pixel> const& pixels,
               index_t height, index_t width, resize_mode mode = resize_mode::align_corners)
      : count_(static_cast<index_t>(pixels.size())) {
    require<value_error>(mode != resize_mode::nearest, "patch_pixels: interpolates only");
    rows_ = {from.grid().map_height, height, mode == resize_mode::align_corners};
    columns_ = {from.grid().map_width, width, mode == resize_mode::align_corners};
    std::vector<index_t> first(static_cast<std::size_t>(from.count()) + 1, count_);
    index_t next = 0;
    for (index_t i = 0; i < count_; ++i) {
      patch_pixel const& p = pixels[static_cast<std::size_t>(i)];
      require<value_error>(p.patch >= 0 && p.patch < from.count() && p.patch + 1 >= next && p.y >= 0 &&
                               p.y < height && p.x >= 0 && p.x < width,
                           "patch_pixels: pixel (", p.y, ", ", p.x, ") of patch ", p.patch, ", wanted a pixel of ",
                           height, "x", width, " and the patches 0 to ", from.count() - 1, " in order");
      patch_place const at = from.place(p.patch);
      require<value_error>(
          holds(rows_, p.y, at.top, from.height()) && holds(columns_, p.x, at.left, from.width()),
          "patch_pixels: pixel (", p.y, ", ", p.x, ") lies between samples that its patch of ", from.height(), "x",
          from.width(), " at (", at.top, ", ", at.left, ") does not hold");
      for (; next <= p.patch; ++next) first[static_cast<std::size_t>(next)] = i;
    }
    pixels_ = uploaded(ctx, pixels);
    first_ = uploaded(ctx, first);
  }

  index_t count() const { return count_; }
  patch_pixel const* pixels() const { return static_cast<patch_pixel const*>(pixels_.get()); }
  index_t const* first_of_patch() const { return static_cast<index_t const*>(first_.get()); }
  kernels::sample_positions const& rows() const { return rows_; }
  kernels::sample_positions const& columns() const { return columns_; }

 private:
  static bool holds(kernels::sample_positions const& positions, index_t pixel, index_t first, index_t size) {
    index_t const low = static_cast<index_t>(positions.at(pixel)), high = hd_min(low + 1, positions.in - 1);
    return low >= first && high < first + size;
  }
  template <class Item>
  static std::shared_ptr<void> uploaded(Context const& ctx, std::vector<Item> const& items) {
    auto memory = ctx.allocate(items.size() * sizeof(Item));
    ctx.copy_from_host(memory.get(), items.data(), items.size() * sizeof(Item));
    return memory;
  }

  index_t count_;
  kernels::sample_positions rows_{}, columns_{};
  std::shared_ptr<void> pixels_, first_;
};

/// What `resize` of the maps gives at single pixels, from patches x of the maps: (pixels,1,1,C).
template <class T, class Context>
tensor<T, Context> resize_patches(Context const& ctx, tensor<T, Context> const& x, patches<Context> const& from,
                                  patch_pixels<Context> const& to) {
  from.check_patches("resize_patches", x.extents());
  index_t const channels = x.extent(3);
  tensor<T, Context> y(ctx, {to.count(), 1, 1, channels});
  backend::for_each(ctx, to.count(), channels,
                    kernels::resize_patches<T>{y.data(), x.data(), channels, from.grid(), to.pixels(), to.rows(),
                                               to.columns()});
  return y;
}

/// The gradient of dot(y, dy) with respect to x for y = resize_patches(x).
template <class T, class Context>
tensor<T, Context> resize_patches_backward(Context const& ctx, tensor<T, Context> const& dy,
                                           patches<Context> const& from, patch_pixels<Context> const& to) {
  require<shape_error>(dy.rank() == 4 && dy.extent(0) == to.count() && dy.size() == to.count() * dy.extent(3),
                       "resize_patches_backward: gradient ", dy.extents(), ", wanted ", to.count(), " pixels");
  index_t const channels = dy.extent(3);
  tensor<T, Context> dx(ctx, from.extents(channels));
  backend::for_each(ctx, dx.size() / channels, channels,
                    kernels::resize_patches_backward<T>{dx.data(), dy.data(), channels, from.grid(), to.pixels(),
                                                        to.first_of_patch(), to.rows(), to.columns()});
  return dx;
}

}  // namespace ops
}  // namespace v0
}  // namespace fsis
