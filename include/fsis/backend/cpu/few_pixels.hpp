// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/packed_filter.hpp>
#include <fsis/backend/cpu/winograd.hpp>
#include <fsis/kernels/convolution.hpp>

#include <algorithm>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

// Convolutions with few results, as around the clicks of f-BRS: reading the filter costs as much as the arithmetic. It is
// read once, all results at a time, and tasks share it out by panels.

/// Is the filter most of what a convolution reads, and are plain sums cheaper than Winograd's algorithm, whose filters
/// are four to seven times as large? `results` of the sums, `transformed` the convolution that Winograd's algorithm
/// would run, in `form`. Costs are in products for each pair of channels, as in `winograd_cost`.
inline bool has_few_pixels(index_t results, index_t taps, kernels::conv_geometry const& transformed, filter_form form,
                           instruction_set set) {
  constexpr index_t most = 512;  // results: their rows of the filter's depth must fit the cache
  if (results > most || transformed.C == 0 || transformed.K == 0) return false;
  if (form == filter_form::taps) return true;
  double const sums = static_cast<double>(taps) * (static_cast<double>(results) + number_read);
  return sums < winograd_cost(transformed, tiles_of(kernels_of(set), form));
}

class few_pixel_convolution {
 public:
  few_pixel_convolution(cpu_context const& ctx, kernels::conv_geometry const& g)
      : ctx_(ctx), kernels_(kernels_of(ctx.instructions())), g_(g), results_(g.N * g.P * g.Q) {}

  /// y = activation(conv(x, filter) + bias), with the filter in the form `taps` of `forward_view`.
  void forward(float const* x, packed_filter const& filter, float const* bias, activation act, float* y) const {
    index_t const depth = g_.depth();
    std::shared_ptr<void> memory;
    if (!kernels::is_pointwise(g_)) {
      memory = ctx_.allocate(static_cast<std::size_t>(results_ * depth) * sizeof(float));
      float* const read = static_cast<float*>(memory.get());
      index_t const rows = hd_max(index_t{1}, elements_per_task / depth);
      ctx_.parallel(ceil_div(results_, rows), [&](index_t task) {
        index_t const end = hd_min(results_, (task + 1) * rows);
        for (index_t i = task * rows; i < end; ++i) gather(x, i, read + i * depth);
      });
      x = read;
    }
    multiply(x, depth, filter, g_.K, bias, act, y);
  }

  /// The filter (K,R,S,C) as a matrix from K to all that the taps add to: what `backward_data` multiplies with.
  static filter_view backward_view(kernels::conv_geometry const& g, float const* filter) {
    index_t const depth = g.depth();
    return {filter, depth, g.K, 1, 1, 1, depth, 0};
  }

  /// dx = the gradient of dot(y, dy) with respect to x, with the filter in the form `taps` of `backward_view`: what each
  /// result adds by each tap first, then for each pixel the sum of its readers.
  void backward_data(float const* dy, packed_filter const& filter, float* dx) const {
    index_t const depth = g_.depth(), pixels = g_.N * g_.H * g_.W;
    auto const memory = ctx_.allocate(static_cast<std::size_t>(results_ * depth) * sizeof(float));
    float* const added = static_cast<float*>(memory.get());
    multiply(dy, g_.K, filter, depth, nullptr, activation::none, added);
    index_t const rows = hd_max(index_t{1}, elements_per_task / depth);
    ctx_.parallel(ceil_div(pixels, rows), [&](index_t task) {
      index_t const end = hd_min(pixels, (task + 1) * rows);
      for (index_t i = task * rows; i < end; ++i) sum_readers(added, i, dx + i * g_.C);
    });
  }

 private:
  static constexpr index_t elements_per_task = index_t{1} << 15;

  /// All that a result reads, in the order of a panel's rows.
  void gather(float const* x, index_t result, float* to) const {
    index_t const n = result / (g_.P * g_.Q), p = result / g_.Q % g_.P, q = result % g_.Q;
    for (index_t s = 0; s < g_.S; ++s) {
      index_t const w = q * g_.stride[1] - g_.padding[1] + s * g_.dilation[1];
      for (index_t r = 0; r < g_.R; ++r, to += g_.C) {
        index_t const h = p * g_.stride[0] - g_.padding[0] + r * g_.dilation[0];
        if (h < 0 || h >= g_.H || w < 0 || w >= g_.W)
          std::fill_n(to, g_.C, 0.0f);
        else
          std::copy_n(x + ((n * g_.H + h) * g_.W + w) * g_.C, g_.C, to);
      }
    }
  }

  void sum_readers(float const* added, index_t pixel, float* dx) const {
    index_t const n = pixel / (g_.H * g_.W), h = pixel / g_.W % g_.H, w = pixel % g_.W;
    std::fill_n(dx, g_.C, 0.0f);
    for (index_t r = 0; r < g_.R; ++r) {
      index_t const ph = h + g_.padding[0] - r * g_.dilation[0], p = ph / g_.stride[0];
      if (ph < 0 || ph % g_.stride[0] != 0 || p >= g_.P) continue;
      for (index_t s = 0; s < g_.S; ++s) {
        index_t const qw = w + g_.padding[1] - s * g_.dilation[1], q = qw / g_.stride[1];
        if (qw < 0 || qw % g_.stride[1] != 0 || q >= g_.Q) continue;
        kernels_.add(added + (((n * g_.P + p) * g_.Q + q) * g_.R * g_.S + r * g_.S + s) * g_.C, g_.C, dx);
      }
    }
  }

  /// c (results, columns) = activation(a (results, depth) * filter + bias)
  void multiply(float const* a, index_t depth, packed_filter const& filter, index_t columns, float const* bias,
                activation act, float* c) const {
    index_t const width = filter.width();
    // a part of a panel stays in the second-level cache while all results meet it
    index_t const parts = ceil_div(depth * width, index_t{1} << 16), part = ceil_div(depth, parts);
    // few columns for each number of depth: panels share a task
    index_t const panels = hd_max(index_t{1}, elements_per_task / (depth * width)), all = filter.panels();
    ctx_.parallel(ceil_div(all, panels), [&](index_t task) {
      index_t const end = hd_min(all, (task + 1) * panels);
      for (index_t panel = task * panels; panel < end; ++panel)
        for (index_t k = 0; k < depth; k += part) {
          product p;
          p.a = a + k;
          p.a_row = depth;
          p.depth = hd_min(part, depth - k);
          p.panel = filter.panel(panel) + k * width;
          p.c = c + panel * width;
          p.c_row = columns;
          p.rows = results_;
          p.columns = hd_min(width, columns - panel * width);
          p.accumulate = k > 0;
          if (k + part >= depth) {
            p.bias = bias == nullptr ? nullptr : bias + panel * width;
            p.act = act;
          }
          kernels_.multiply(p);
        }
    });
  }

  cpu_context const& ctx_;
  lane_kernels const& kernels_;
  kernels::conv_geometry g_;
  index_t results_;
};

}  // namespace detail
}  // namespace backend
}  // namespace v0
}  // namespace fsis
