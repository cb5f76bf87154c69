// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/functions/spatial.hpp>
#include <fsis/autograd/tape.hpp>
#include <fsis/ops/conv2d.hpp>
#include <fsis/ops/matmul.hpp>
#include <fsis/ops/reduce.hpp>

namespace fsis {
inline namespace v0 {

// y = conv(x, f) + b;  dx += conv^T(g, f), df += corr(x, g), db += sum of g over pixels
/// `bias` may be a constant without elements. See ops::conv2d for shapes and errors.
template <class Tape, class Tensor>
variable<Tensor> conv2d(Tape& t, variable<Tensor> const& x, variable<Tensor> const& filter,
                        variable<Tensor> const& bias = {}, conv_options const& options = {}) {
  return t.record(
      ops::conv2d(t.context(), x.value, filter.value, bias.value, options),
      [x, filter, sb = bias.slot, options](auto& tape, Tensor const& g) {
        auto const& ctx = tape.context();
        if (tape.wants(x.slot))
          tape.add(x.slot, ops::conv2d_backward_data(ctx, g, filter.value, x.value.extents(), options));
        if (tape.wants(filter.slot))
          tape.add(filter.slot, ops::conv2d_backward_filter(ctx, x.value, g, filter.value.extents(), options));
        if (tape.wants(sb)) tape.add(sb, ops::sum_to_channels(ctx, g));
      },
      x, filter, bias);
}

// y = max(conv(x, f) + b, 0);  h = g where y > 0, then as conv2d
/// Convolution and ReLU in one pass over the result.
template <class Tape, class Tensor>
variable<Tensor> conv2d_relu(Tape& t, variable<Tensor> const& x, variable<Tensor> const& filter,
                             variable<Tensor> const& bias = {}, conv_options const& options = {}) {
  Tensor const y = ops::conv2d(t.context(), x.value, filter.value, bias.value, options, activation::relu);
  return t.record(
      y,
      [x, filter, sb = bias.slot, options, y](auto& tape, Tensor const& g) {
        auto const& ctx = tape.context();
        Tensor const h = ops::map_backward(ctx, g, y, y, kernels::relu{});
        if (tape.wants(x.slot))
          tape.add(x.slot, ops::conv2d_backward_data(ctx, h, filter.value, x.value.extents(), options));
        if (tape.wants(filter.slot))
          tape.add(filter.slot, ops::conv2d_backward_filter(ctx, x.value, h, filter.value.extents(), options));
        if (tape.wants(sb)) tape.add(sb, ops::sum_to_channels(ctx, h));
      },
      x, filter, bias);
}

/// max_pool of conv2d_relu; in one pass, which keeps nothing for a way back, where nothing is recorded.
template <class Tape, class Tensor>
variable<Tensor> conv2d_relu_max_pool(Tape& t, variable<Tensor> const& x, variable<Tensor> const& filter,
                                      variable<Tensor> const& bias = {}, conv_options const& options = {}) {
  if (x.is_recorded() || filter.is_recorded() || bias.is_recorded())
    return max_pool(t, conv2d_relu(t, x, filter, bias, options));
  return ops::conv2d_max_pool(t.context(), x.value, filter.value, bias.value, options, activation::relu);
}

// y = a b;  da += g b^T, db += a^T g
/// Product of two matrices.
template <class Tape, class Tensor>
variable<Tensor> matmul(Tape& t, variable<Tensor> const& a, variable<Tensor> const& b) {
  return t.record(
      ops::matmul(t.context(), a.value, b.value),
      [a, b](auto& tape, Tensor const& g) {
        auto const& ctx = tape.context();
        if (tape.wants(a.slot))
          tape.add(a.slot, ops::matmul<operand::as_stored, operand::transposed>(ctx, g, b.value));
        if (tape.wants(b.slot))
          tape.add(b.slot, ops::matmul<operand::transposed, operand::as_stored>(ctx, a.value, g));
      },
      a, b);
}

}  // namespace v0
}  // namespace fsis
