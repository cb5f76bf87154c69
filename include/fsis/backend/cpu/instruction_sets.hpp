// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/tile_product.hpp>
#include <fsis/backend/cpu/winograd_transform.hpp>
#include <fsis/device/instruction_set.hpp>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

/// Winograd's algorithm with tiles of one size: what a filter is transformed to serves the same size alone.
struct tile_kernels {
  index_t tile, points;  ///< results per side, products per tile
  void (*transform_input)(input_tile const&, index_t channels, float* to, index_t point_stride);
  void (*transform_output)(float const* from, index_t point_stride, index_t channels, float const* bias, activation,
                           output_tile const&);
  void (*transform_filter)(filter_view const&, index_t first_output, index_t first_input, index_t last_input,
                           float* panel, index_t point_stride);
  void (*transform_gradient)(input_tile const&, index_t channels, float* to, index_t point_stride);
  void (*transform_filter_gradient)(float const* from, index_t point_stride, index_t channels, float* to,
                                    index_t tap_stride);
};

/// The kernels of one instruction set.
struct lane_kernels {
  index_t panel_width;  ///< outputs side by side in a packed filter
  void (*multiply)(product const&);
  tile_kernels winograd_4, winograd_6;
  void (*pack_filter)(filter_view const&, index_t first_output, index_t first_row, index_t last_row, float* panel);
  void (*add)(float const* from, index_t count, float* to);
};

// Registers: six rows of sums, a row of the panel and a broadcast number fit 16 with two columns of sums, 32 with
// four; twelve rows where a panel is narrower.

/// Sixteen-byte vectors: SSE2 on x86, whatever the compiler has elsewhere.
struct portable_kernels {
  static constexpr int count = 4, vectors = 2;
  static constexpr index_t width = count * vectors;

  static void multiply(product const& p) { detail::multiply<count, vectors>(p, width); }
  template <class Algebra>
  static void transform_input(input_tile const& t, index_t channels, float* to, index_t point_stride) {
    detail::transform_tile<pixel_transform<Algebra>, count>(t, channels, to, point_stride);
  }
  template <class Algebra>
  static void transform_output(float const* from, index_t point_stride, index_t channels, float const* bias,
                               activation act, output_tile const& t) {
    detail::transform_output<Algebra, count>(from, point_stride, channels, bias, act, t);
  }
  template <class Algebra>
  static void transform_filter(filter_view const& f, index_t first_output, index_t first, index_t last, float* panel,
                               index_t point_stride) {
    detail::transform_filter<Algebra, count>(f, first_output, width, first, last, panel, point_stride);
  }
  template <class Algebra>
  static void transform_gradient(input_tile const& t, index_t channels, float* to, index_t point_stride) {
    detail::transform_tile<gradient_transform<Algebra>, count>(t, channels, to, point_stride);
  }
  template <class Algebra>
  static void transform_filter_gradient(float const* from, index_t point_stride, index_t channels, float* to,
                                        index_t tap_stride) {
    detail::transform_filter_gradient<Algebra, count>(from, point_stride, channels, to, tap_stride);
  }
  static void pack_filter(filter_view const& f, index_t first_output, index_t first, index_t last, float* panel) {
    detail::pack_filter<count>(f, first_output, width, first, last, panel);
  }
  static void add(float const* from, index_t size, float* to) { detail::add<count>(from, size, to); }
};

struct avx2_kernels {
  static constexpr int count = 8, vectors = 2;
  static constexpr index_t width = count * vectors;

  FSIS_X86_TARGET("avx2,fma")
  static void multiply(product const& p) { detail::multiply<count, vectors>(p, width); }
  template <class Algebra>
  FSIS_X86_TARGET("avx2,fma")
  static void transform_input(input_tile const& t, index_t channels, float* to, index_t point_stride) {
    detail::transform_tile<pixel_transform<Algebra>, count>(t, channels, to, point_stride);
  }
  template <class Algebra>
  FSIS_X86_TARGET("avx2,fma")
  static void transform_output(float const* from, index_t point_stride, index_t channels, float const* bias,
                               activation act, output_tile const& t) {
    detail::transform_output<Algebra, count>(from, point_stride, channels, bias, act, t);
  }
  template <class Algebra>
  FSIS_X86_TARGET("avx2,fma")
  static void transform_filter(filter_view const& f, index_t first_output, index_t first, index_t last, float* panel,
                               index_t point_stride) {
    detail::transform_filter<Algebra, count>(f, first_output, width, first, last, panel, point_stride);
  }
  template <class Algebra>
  FSIS_X86_TARGET("avx2,fma")
  static void transform_gradient(input_tile const& t, index_t channels, float* to, index_t point_stride) {
    detail::transform_tile<gradient_transform<Algebra>, count>(t, channels, to, point_stride);
  }
  template <class Algebra>
  FSIS_X86_TARGET("avx2,fma")
  static void transform_filter_gradient(float const* from, index_t point_stride, index_t channels, float* to,
                                        index_t tap_stride) {
    detail::transform_filter_gradient<Algebra, count>(from, point_stride, channels, to, tap_stride);
  }
  FSIS_X86_TARGET("avx2,fma")
  static void pack_filter(filter_view const& f, index_t first_output, index_t first, index_t last, float* panel) {
    detail::pack_filter<count>(f, first_output, width, first, last, panel);
  }
  FSIS_X86_TARGET("avx2,fma")
  static void add(float const* from, index_t size, float* to) { detail::add<count>(from, size, to); }
};

struct avx512_kernels {
  static constexpr int count = 16, vectors = 4;
  static constexpr index_t width = count * vectors;

  FSIS_X86_TARGET("avx512f,avx512vl,avx512dq,fma")
  static void multiply(product const& p) { detail::multiply<count, vectors>(p, width); }
  template <class Algebra>
  FSIS_X86_TARGET("avx512f,avx512vl,avx512dq,fma")
  static void transform_input(input_tile const& t, index_t channels, float* to, index_t point_stride) {
    detail::transform_tile<pixel_transform<Algebra>, count>(t, channels, to, point_stride);
  }
  template <class Algebra>
  FSIS_X86_TARGET("avx512f,avx512vl,avx512dq,fma")
  static void transform_output(float const* from, index_t point_stride, index_t channels, float const* bias,
                               activation act, output_tile const& t) {
    detail::transform_output<Algebra, count>(from, point_stride, channels, bias, act, t);
  }
  template <class Algebra>
  FSIS_X86_TARGET("avx512f,avx512vl,avx512dq,fma")
  static void transform_filter(filter_view const& f, index_t first_output, index_t first, index_t last, float* panel,
                               index_t point_stride) {
    detail::transform_filter<Algebra, count>(f, first_output, width, first, last, panel, point_stride);
  }
  template <class Algebra>
  FSIS_X86_TARGET("avx512f,avx512vl,avx512dq,fma")
  static void transform_gradient(input_tile const& t, index_t channels, float* to, index_t point_stride) {
    detail::transform_tile<gradient_transform<Algebra>, count>(t, channels, to, point_stride);
  }
  template <class Algebra>
  FSIS_X86_TARGET("avx512f,avx512vl,avx512dq,fma")
  static void transform_filter_gradient(float const* from, index_t point_stride, index_t channels, float* to,
                                        index_t tap_stride) {
    detail::transform_filter_gradient<Algebra, count>(from, point_stride, channels, to, tap_stride);
  }
  FSIS_X86_TARGET("avx512f,avx512vl,avx512dq,fma")
  static void pack_filter(filter_view const& f, index_t first_output, index_t first, index_t last, float* panel) {
    detail::pack_filter<count>(f, first_output, width, first, last, panel);
  }
  FSIS_X86_TARGET("avx512f,avx512vl,avx512dq,fma")
  static void add(float const* from, index_t size, float* to) { detail::add<count>(from, size, to); }
};

template <class Kernels, class Algebra>
constexpr tile_kernels tiles_of() {
  return {Algebra::tile,
          Algebra::reach * Algebra::reach,
          Kernels::template transform_input<Algebra>,
          Kernels::template transform_output<Algebra>,
          Kernels::template transform_filter<Algebra>,
          Kernels::template transform_gradient<Algebra>,
          Kernels::template transform_filter_gradient<Algebra>};
}

template <class Kernels>
lane_kernels const& table_of() {
  static constexpr lane_kernels table{
      Kernels::width,       Kernels::multiply, tiles_of<Kernels, winograd_4>(), tiles_of<Kernels, winograd_6>(),
      Kernels::pack_filter, Kernels::add};
  return table;
}

inline lane_kernels const& kernels_of(instruction_set set) {
  if (set == instruction_set::avx512) return table_of<avx512_kernels>();
  if (set == instruction_set::avx2) return table_of<avx2_kernels>();
  return table_of<portable_kernels>();
}

}  // namespace detail
}  // namespace backend
}  // namespace v0
}  // namespace fsis
