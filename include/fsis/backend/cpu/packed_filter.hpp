// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/instruction_sets.hpp>
#include <fsis/core/math.hpp>
#include <fsis/device/cpu_context.hpp>
#include <fsis/kernels/convolution.hpp>

#include <memory>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

/// Floats of a line of the cache.
constexpr index_t cache_line = 16;

/// The forms in which convolutions read a filter: as it is, or transformed for tiles of 4x4 or 6x6 results.
enum class filter_form { taps, winograd_4, winograd_6 };

/// The kernels of a form that is transformed.
inline tile_kernels const& tiles_of(lane_kernels const& kernels, filter_form form) {
  return form == filter_form::winograd_6 ? kernels.winograd_6 : kernels.winograd_4;
}

/// The filter (K,R,S,C) of a convolution without groups.
inline filter_view forward_view(kernels::conv_geometry const& g, float const* filter) {
  return {filter, g.K, g.C, g.R, g.S, g.R * g.S * g.C, 1, g.C};
}

/// The filter of its data gradient: the taps turned round, inputs and outputs exchanged.
inline filter_view data_gradient_view(kernels::conv_geometry const& g, float const* filter) {
  index_t const taps = g.R * g.S;
  return {filter + (taps - 1) * g.C, g.C, g.K, g.R, g.S, 1, taps * g.C, -g.C};
}

/// A filter as panels of `width()` outputs: a row of them for each input of each tap or point. Points are
/// `point_stride()` apart: a line more than their rows, else those of an input would share few places of the cache.
class packed_filter {
 public:
  packed_filter(cpu_context const& ctx, filter_view const& f, filter_form form)
      : form_(form), width_(kernels_of(ctx.instructions()).panel_width), panels_(ceil_div(f.outputs, width_)) {
    lane_kernels const& kernels = kernels_of(ctx.instructions());
    tile_kernels const& tiles = tiles_of(kernels, form);
    bool const as_it_is = form == filter_form::taps;
    point_stride_ = f.inputs * width_ + (as_it_is ? 0 : cache_line);
    panel_size_ = (as_it_is ? f.height * f.width : tiles.points) * point_stride_;
    memory_ = ctx.allocate(static_cast<std::size_t>(panels_ * panel_size_) * sizeof(float));
    index_t const rows = as_it_is ? f.height * f.width * f.inputs : f.inputs;
    constexpr index_t rows_per_task = 64;
    index_t const parts = ceil_div(rows, rows_per_task);
    ctx.parallel(panels_ * parts, [&](index_t task) {
      index_t const p = task / parts, first = task % parts * rows_per_task;
      index_t const last = hd_min(rows, first + rows_per_task);
      float* const to = data() + p * panel_size_;
      if (as_it_is)
        kernels.pack_filter(f, p * width_, first, last, to);
      else
        tiles.transform_filter(f, p * width_, first, last, to, point_stride_);
    });
  }

  filter_form form() const { return form_; }
  index_t width() const { return width_; }
  index_t panels() const { return panels_; }
  index_t point_stride() const { return point_stride_; }
  float const* panel(index_t i) const { return data() + i * panel_size_; }

 private:
  float* data() const { return static_cast<float*>(memory_.get()); }

  filter_form form_;
  index_t width_, panels_, point_stride_, panel_size_;
  std::shared_ptr<void> memory_;
};

}  // namespace detail
}  // namespace backend
}  // namespace v0
}  // namespace fsis
