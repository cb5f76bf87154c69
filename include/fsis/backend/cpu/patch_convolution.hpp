// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/conv_types.hpp>
#include <fsis/backend/cpu/for_each.hpp>
#include <fsis/backend/cpu/gemm.hpp>
#include <fsis/kernels/convolution.hpp>

#include <cstring>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

/// Elements of the patch matrix that one task holds: small enough for the second-level cache.
constexpr index_t patch_elements = index_t{1} << 16;

inline index_t pixels_per_task(index_t depth) {
  return hd_clamp(patch_elements / hd_max(depth, index_t{1}) / 16 * 16, index_t{32}, index_t{1024});
}

/// Rows [first, first + count) of the patch matrix: row = output pixel, columns = (r, s, c) of one group.
template <class T>
void gather_patches(kernels::conv_geometry const& g, T const* x, index_t group, index_t first, index_t count,
                    T* patches) {
  index_t const channels = g.C / g.groups;
  for (index_t i = first; i < first + count; ++i) {
    index_t const n = i / (g.P * g.Q), p = i / g.Q % g.P, q = i % g.Q;
    for (index_t r = 0; r < g.R; ++r) {
      index_t const h = p * g.stride[0] - g.padding[0] + r * g.dilation[0];
      for (index_t s = 0; s < g.S; ++s, patches += channels) {
        index_t const w = q * g.stride[1] - g.padding[1] + s * g.dilation[1];
        if (h < 0 || h >= g.H || w < 0 || w >= g.W)
          std::fill_n(patches, channels, T(0));
        else
          std::copy_n(x + ((n * g.H + h) * g.W + w) * g.C + group * channels, channels, patches);
      }
    }
  }
}

/// The same for the data gradient: row = input pixel, columns = (r, s, k) of dy at the output pixels that read it.
template <class T>
void gather_readers(kernels::conv_geometry const& g, T const* dy, index_t group, index_t first, index_t count,
                    T* patches) {
  index_t const channels = g.K / g.groups;
  for (index_t i = first; i < first + count; ++i) {
    index_t const n = i / (g.H * g.W), h = i / g.W % g.H, w = i % g.W;
    for (index_t r = 0; r < g.R; ++r) {
      index_t const ph = h + g.padding[0] - r * g.dilation[0], p = ph / g.stride[0];
      bool const row_reads = ph >= 0 && ph % g.stride[0] == 0 && p < g.P;
      for (index_t s = 0; s < g.S; ++s, patches += channels) {
        index_t const qw = w + g.padding[1] - s * g.dilation[1], q = qw / g.stride[1];
        if (row_reads && qw >= 0 && qw % g.stride[1] == 0 && q < g.Q)
          std::copy_n(dy + ((n * g.P + p) * g.Q + q) * g.K + group * channels, channels, patches);
        else
          std::fill_n(patches, channels, T(0));
      }
    }
  }
}

template <class T>
void finish_rows(matrix<T> const& y, T const* bias, activation act) {
  for (index_t i = 0; i < y.rows; ++i) {
    T* const row = y.data + i * y.stride;
    if (bias != nullptr)
      for (index_t k = 0; k < y.columns; ++k) row[k] += bias[k];
    if (act == activation::relu)
      for (index_t k = 0; k < y.columns; ++k) row[k] = hd_max(row[k], T(0));
  }
}

/// y = activation(conv(x, filter) + bias), `bias` may be null. Implicit GEMM: each task gathers a block of patches
/// that stays in cache and multiplies it with the filter.
template <class T>
void patch_forward(cpu_context const& ctx, kernels::conv_geometry const& g, T const* x, T const* filter,
                   T const* bias, activation act, T* y) {
  index_t const pixels = g.N * g.P * g.Q, depth = g.depth(), k_group = g.K / g.groups;
  index_t const block = pixels_per_task(depth);
  ctx.parallel(ceil_div(pixels, block), [&](index_t task) {
    index_t const first = task * block, count = hd_min(block, pixels - first);
    std::shared_ptr<void> const memory =
        is_pointwise(g) ? nullptr : ctx.allocate(static_cast<std::size_t>(count * depth) * sizeof(T));
    for (index_t group = 0; group < g.groups; ++group) {
      T const* patches = x + first * g.C;
      if (memory != nullptr) {
        gather_patches(g, x, group, first, count, static_cast<T*>(memory.get()));
        patches = static_cast<T const*>(memory.get());
      }
      matrix<T> const out{y + first * g.K + group * k_group, count, k_group, g.K};
      set_zero(out);
      multiply_add<operand::as_stored, operand::transposed>(
          ctx, matrix<T const>{patches, count, depth, depth},
          matrix<T const>{filter + group * k_group * depth, k_group, depth, depth}, out);
      finish_rows(out, bias == nullptr ? nullptr : bias + group * k_group, act);
    }
  });
}

/// dx = the gradient of dot(y, dy) with respect to x.
template <class T>
void patch_backward_data(cpu_context const& ctx, kernels::conv_geometry const& g, T const* dy, T const* filter,
                         T* dx) {
  index_t const pixels = g.N * g.H * g.W, taps = g.R * g.S;
  index_t const k_group = g.K / g.groups, c_group = g.C / g.groups, depth = taps * k_group;
  auto const by_tap_memory = ctx.allocate(static_cast<std::size_t>(g.K * taps * c_group) * sizeof(T));
  T* const by_tap = static_cast<T*>(by_tap_memory.get());
  for (index_t group = 0; group < g.groups; ++group)
    for_each(ctx, depth, c_group,
             kernels::filter_by_tap<T>{by_tap + group * depth * c_group, filter + group * depth * c_group, k_group,
                                       taps, c_group});
  index_t const block = pixels_per_task(depth);
  ctx.parallel(ceil_div(pixels, block), [&](index_t task) {
    index_t const first = task * block, count = hd_min(block, pixels - first);
    std::shared_ptr<void> const memory =
        is_pointwise(g) ? nullptr : ctx.allocate(static_cast<std::size_t>(count * depth) * sizeof(T));
    for (index_t group = 0; group < g.groups; ++group) {
      T const* patches = dy + first * g.K;
      if (memory != nullptr) {
        gather_readers(g, dy, group, first, count, static_cast<T*>(memory.get()));
        patches = static_cast<T const*>(memory.get());
      }
      matrix<T> const out{dx + first * g.C + group * c_group, count, c_group, g.C};
      set_zero(out);
      multiply_add<operand::as_stored, operand::as_stored>(
          ctx, matrix<T const>{patches, count, depth, depth},
          matrix<T const>{by_tap + group * depth * c_group, depth, c_group, c_group}, out);
    }
  });
}

/// df = the gradient of dot(y, dy) with respect to the filter. Partial sums over a number of pixel ranges that
/// depends on the shape alone, added in order.
template <class T>
void patch_backward_filter(cpu_context const& ctx, kernels::conv_geometry const& g, T const* x, T const* dy, T* df) {
  constexpr index_t most_ranges = 8;
  index_t const pixels = g.N * g.P * g.Q, depth = g.depth(), k_group = g.K / g.groups, size = g.K * depth;
  index_t const block = pixels_per_task(depth);
  index_t const blocks = ceil_div(pixels, block);
  index_t const ranges = hd_clamp(blocks, index_t{1}, most_ranges);
  auto const partial_memory = ctx.allocate(static_cast<std::size_t>(ranges * size) * sizeof(T));
  T* const partials = static_cast<T*>(partial_memory.get());
  ctx.parallel(ranges, [&](index_t range) {
    T* const partial = partials + range * size;
    std::fill_n(partial, size, T(0));
    std::shared_ptr<void> const memory =
        is_pointwise(g) ? nullptr : ctx.allocate(static_cast<std::size_t>(block * depth) * sizeof(T));
    for (index_t b = blocks * range / ranges; b < blocks * (range + 1) / ranges; ++b) {
      index_t const first = b * block, count = hd_min(block, pixels - first);
      for (index_t group = 0; group < g.groups; ++group) {
        T const* patches = x + first * g.C;
        if (memory != nullptr) {
          gather_patches(g, x, group, first, count, static_cast<T*>(memory.get()));
          patches = static_cast<T const*>(memory.get());
        }
        multiply_add<operand::transposed, operand::as_stored>(
            ctx, matrix<T const>{dy + first * g.K + group * k_group, count, k_group, g.K},
            matrix<T const>{patches, count, depth, depth},
            matrix<T>{partial + group * k_group * depth, k_group, depth, depth});
      }
    }
  });
  for (index_t range = 1; range < ranges; ++range)
    for (index_t i = 0; i < size; ++i) partials[i] += partials[range * size + i];
  std::copy_n(partials, size, df);
}

}  // namespace detail
}  // namespace backend
}  // namespace v0
}  // namespace fsis
