// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/conv_types.hpp>
#include <fsis/backend/cpu/lanes.hpp>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

/// A filter in memory: element (output, input, tap) at data[output * output_stride + input * input_stride + tap *
/// tap_stride].
struct filter_view {
  float const* data;
  index_t outputs, inputs, height, width;
  index_t output_stride, input_stride, tap_stride;
};

/// One tap of up to `Lanes` inputs and outputs, outputs side by side. Filters keep the outputs of an input far apart, in
/// few places of the cache: each line is read once here, not once for each of the inputs in it.
template <int Lanes>
struct filter_block {
  float number[Lanes][Lanes];  // [input][output], 0 beyond the last output

  [[gnu::always_inline]] void read(filter_view const& f, index_t output, index_t input, index_t inputs, index_t tap) {
    float const* const from = f.data + output * f.output_stride + input * f.input_stride + tap * f.tap_stride;
    index_t const outputs = f.outputs - output < Lanes ? f.outputs - output : Lanes;
    if (outputs < Lanes)
      for (index_t i = 0; i < inputs; ++i) store(number[i], lanes<Lanes>{});
    if (f.output_stride == 1 && outputs == Lanes) {
      for (index_t i = 0; i < inputs; ++i) {
        lanes<Lanes> v;
        load(v, from + i * f.input_stride);
        store(number[i], v);
      }
    } else {
      for (index_t o = 0; o < outputs; ++o)
        for (index_t i = 0; i < inputs; ++i) number[i][o] = from[o * f.output_stride + i * f.input_stride];
    }
  }
};

/// The filter as it is. Row (s R + r) inputs + input of the panel holds tap (r, s): pixels one below the other stand
/// side by side in the rows of pixels that it is multiplied with.
template <int Lanes>
[[gnu::always_inline]] inline void pack_filter(filter_view const& f, index_t first_output, index_t width,
                                               index_t first_row, index_t last_row, float* panel) {
  using V = lanes<Lanes>;
  for (index_t l = 0; l < width; l += Lanes) {
    index_t count;
    for (index_t row = first_row; row < last_row; row += count) {
      index_t const input = row % f.inputs, tap = row / f.inputs, r = tap % f.height, s = tap / f.height;
      count = f.inputs - input < last_row - row ? f.inputs - input : last_row - row;
      if (count > Lanes) count = Lanes;
      filter_block<Lanes> block;
      bool const exists = first_output + l < f.outputs;
      if (exists) block.read(f, first_output + l, input, count, r * f.width + s);
      for (index_t i = 0; i < count; ++i) {
        V v{};
        if (exists) load(v, block.number[i]);
        store(panel + (row + i) * width + l, v);
      }
    }
  }
}

}  // namespace detail
}  // namespace backend
}  // namespace v0
}  // namespace fsis
