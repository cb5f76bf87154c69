// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/tape.hpp>
#include <fsis/ops/batch_norm.hpp>

namespace fsis {
inline namespace v0 {

// y = s*x + b per channel;  dx += s*g, ds += sum(g*x), db += sum(g)
template <class Tape, class Tensor>
variable<Tensor> scale_bias(Tape& t, variable<Tensor> const& x, variable<Tensor> const& s,
                            variable<Tensor> const& b) {
  return t.record(
      ops::scale_bias(t.context(), x.value, s.value, b.value),
      [x, s, sb = b.slot, eb = b.value.extents()](auto& tape, Tensor const& g) {
        auto const& ctx = tape.context();
        if (tape.wants(x.slot)) tape.add(x.slot, ops::scale_channels(ctx, g, s.value));
        if (tape.wants(s.slot)) tape.add(s.slot, ops::dot_to_channels(ctx, g, x.value).reshaped(s.value.extents()));
        if (tape.wants(sb)) tape.add(sb, ops::sum_to_channels(ctx, g).reshaped(eb));
      },
      x, s, b);
}

/// y = gamma * (x - mean) / sqrt(variance + epsilon) + beta. With `frozen`, the moments are constants; else they must
/// be those of x, and the gradient goes through them (Ioffe and Szegedy 2015, section 3).
template <class Tape, class Tensor>
variable<Tensor> batch_norm(Tape& t, variable<Tensor> const& x,
                            ops::channel_moments<typename Tensor::scalar, typename Tensor::context> const& m,
                            variable<Tensor> const& gamma, variable<Tensor> const& beta, double epsilon,
                            bool frozen) {
  return t.record(
      ops::batch_norm(t.context(), x.value, m, gamma.value, beta.value, epsilon),
      [x, m, gamma, sb = beta.slot, epsilon, frozen](auto& tape, Tensor const& g) {
        auto d = ops::batch_norm_backward(tape.context(), g, x.value, m, gamma.value, epsilon, frozen);
        tape.add(x.slot, d.dx);
        tape.add(gamma.slot, d.dgamma);
        tape.add(sb, d.dbeta);
      },
      x, gamma, beta);
}

/// Softmax over the last axis.
template <class Tape, class Tensor>
variable<Tensor> softmax(Tape& t, variable<Tensor> const& x) {
  Tensor const y = ops::softmax(t.context(), x.value);
  return t.record(
      y,
      [slot = x.slot, y](auto& tape, Tensor const& g) {
        tape.add(slot, ops::softmax_backward(tape.context(), g, y));
      },
      x);
}

/// Logarithm of the softmax over the last axis.
template <class Tape, class Tensor>
variable<Tensor> log_softmax(Tape& t, variable<Tensor> const& x) {
  Tensor const y = ops::log_softmax(t.context(), x.value);
  return t.record(
      y,
      [slot = x.slot, y](auto& tape, Tensor const& g) {
        tape.add(slot, ops::log_softmax_backward(tape.context(), g, y));
      },
      x);
}

/// Rows of channels divided by (their length + epsilon).
template <class Tape, class Tensor>
variable<Tensor> unit_rows(Tape& t, variable<Tensor> const& x, double epsilon = 0) {
  auto const e = static_cast<typename Tensor::scalar>(epsilon);
  auto const r = ops::unit_rows(t.context(), x.value, e);
  return t.record(
      r.y,
      [slot = x.slot, r, e](auto& tape, Tensor const& g) {
        tape.add(slot, ops::unit_rows_backward(tape.context(), g, r, e));
      },
      x);
}

}  // namespace v0
}  // namespace fsis
