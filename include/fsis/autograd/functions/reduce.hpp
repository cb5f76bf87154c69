// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/tape.hpp>
#include <fsis/kernels/select.hpp>
#include <fsis/ops/broadcast.hpp>

namespace fsis {
inline namespace v0 {

// y = sum of x over one axis;  dx += g repeated
template <class Tape, class Tensor>
variable<Tensor> sum(Tape& t, variable<Tensor> const& x, int axis) {
  return t.record(
      ops::sum(t.context(), x.value, axis),
      [slot = x.slot, extents = x.value.extents(), axis](auto& tape, Tensor const& g) {
        tape.add(slot, ops::broadcast_to(tape.context(), g.reshaped(extents.with(axis, 1)), extents));
      },
      x);
}

// y = sum of all x;  dx += g
template <class Tape, class Tensor>
variable<Tensor> sum(Tape& t, variable<Tensor> const& x) {
  return t.record(
      ops::sum(t.context(), x.value),
      [slot = x.slot, extents = x.value.extents()](auto& tape, Tensor const& g) {
        tape.add(slot, ops::broadcast_to(tape.context(), g, extents));
      },
      x);
}

/// Mean over one axis.
template <class Tape, class Tensor>
variable<Tensor> mean(Tape& t, variable<Tensor> const& x, int axis) {
  return t.record(
      ops::mean(t.context(), x.value, axis),
      [slot = x.slot, extents = x.value.extents(), axis](auto& tape, Tensor const& g) {
        auto const all = ops::broadcast_to(tape.context(), g.reshaped(extents.with(axis, 1)), extents);
        tape.add(slot, ops::affine(tape.context(), all, 1.0 / static_cast<double>(extents[axis]), 0));
      },
      x);
}

/// Mean of all elements.
template <class Tape, class Tensor>
variable<Tensor> mean(Tape& t, variable<Tensor> const& x) {
  return t.record(
      ops::mean(t.context(), x.value),
      [slot = x.slot, extents = x.value.extents()](auto& tape, Tensor const& g) {
        auto const all = ops::broadcast_to(tape.context(), g, extents);
        tape.add(slot, ops::affine(tape.context(), all, 1.0 / static_cast<double>(extents.size()), 0));
      },
      x);
}

/// Sum of squares of all elements; dx += 2 x g.
template <class Tape, class Tensor>
variable<Tensor> sum_of_squares(Tape& t, variable<Tensor> const& x) {
  return t.record(
      ops::sum_of_squares(t.context(), x.value),
      [x](auto& tape, Tensor const& g) {
        auto const scaled = ops::multiply(tape.context(), x.value, g);
        tape.add(x.slot, ops::affine(tape.context(), scaled, 2, 0));
      },
      x);
}

/// Euclidean norm of all elements; dx += x / norm * g, and 0 at the origin.
template <class Tape, class Tensor>
variable<Tensor> norm2(Tape& t, variable<Tensor> const& x) {
  Tensor const y = ops::norm2(t.context(), x.value);
  return t.record(
      y,
      [x, y](auto& tape, Tensor const& g) {
        auto const& ctx = tape.context();
        Tensor dx(ctx, x.value.extents());
        backend::for_each(ctx, dx.size(),
                          kernels::norm_backward<typename Tensor::scalar>{dx.data(), x.value.data(), y.data(),
                                                                          g.data()});
        tape.add(x.slot, dx);
      },
      x);
}

namespace detail {

// y = the largest (smallest) entry along one axis;  dx += g at its first occurrence
template <class Tape, class Tensor>
variable<Tensor> record_extremum(Tape& t, variable<Tensor> const& x, Tensor const& y, int axis) {
  return t.record(
      y,
      [x, y, axis](auto& tape, Tensor const& g) {
        auto const s = ops::split_at("max", x.value.extents(), axis);
        Tensor dx(tape.context(), x.value.extents());
        backend::for_each(tape.context(), s.outer * s.inner,
                          kernels::extremum_backward<typename Tensor::scalar>{dx.data(), x.value.data(), y.data(),
                                                                              g.data(), s.axis, s.inner});
        tape.add(x.slot, dx);
      },
      x);
}

}  // namespace detail

/// Largest entry along one axis; the gradient goes to its first occurrence.
template <class Tape, class Tensor>
variable<Tensor> max(Tape& t, variable<Tensor> const& x, int axis) {
  return detail::record_extremum(t, x, ops::max(t.context(), x.value, axis), axis);
}

/// Smallest entry along one axis; the gradient goes to its first occurrence.
template <class Tape, class Tensor>
variable<Tensor> min(Tape& t, variable<Tensor> const& x, int axis) {
  return detail::record_extremum(t, x, ops::min(t.context(), x.value, axis), axis);
}

}  // namespace v0
}  // namespace fsis
