// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/tape.hpp>
#include <fsis/ops/broadcast.hpp>

namespace fsis {
inline namespace v0 {

// y = f(x);  dx += f'(x) * g
template <class Tape, class Tensor, class Function>
variable<Tensor> apply(Tape& t, variable<Tensor> const& x, Function f) {
  Tensor const y = ops::map(t.context(), x.value, f);
  return t.record(
      y,
      [x, y, f](auto& tape, Tensor const& g) {
        tape.add(x.slot, ops::map_backward(tape.context(), g, x.value, y, f));
      },
      x);
}

/// max(x, 0). Saves the result only.
template <class Tape, class Tensor>
variable<Tensor> relu(Tape& t, variable<Tensor> const& x) {
  Tensor const y = ops::map(t.context(), x.value, kernels::relu{});
  return t.record(
      y,
      [slot = x.slot, y](auto& tape, Tensor const& g) {
        tape.add(slot, ops::map_backward(tape.context(), g, y, y, kernels::relu{}));
      },
      x);
}

/// x for x > 0, slope * x otherwise (f-BRS uses slope 0.2).
template <class Tape, class Tensor>
variable<Tensor> leaky_relu(Tape& t, variable<Tensor> const& x, double slope = 0.2) {
  return apply(t, x, kernels::leaky_relu{slope});
}
template <class Tape, class Tensor>
variable<Tensor> sigmoid(Tape& t, variable<Tensor> const& x) {
  return apply(t, x, kernels::sigmoid{});
}
template <class Tape, class Tensor>
variable<Tensor> tanh(Tape& t, variable<Tensor> const& x) {
  return apply(t, x, kernels::tanh{});
}
template <class Tape, class Tensor>
variable<Tensor> exp(Tape& t, variable<Tensor> const& x) {
  return apply(t, x, kernels::exponential{});
}
template <class Tape, class Tensor>
variable<Tensor> log(Tape& t, variable<Tensor> const& x) {
  return apply(t, x, kernels::logarithm{});
}
template <class Tape, class Tensor>
variable<Tensor> sqrt(Tape& t, variable<Tensor> const& x) {
  return apply(t, x, kernels::square_root{});
}
template <class Tape, class Tensor>
variable<Tensor> square(Tape& t, variable<Tensor> const& x) {
  return apply(t, x, kernels::square{});
}
/// a * x + b with fixed numbers.
template <class Tape, class Tensor>
variable<Tensor> affine(Tape& t, variable<Tensor> const& x, double a, double b) {
  return apply(t, x, kernels::affine{a, b});
}

// y = a + b with broadcasting;  da += g, db += g, each summed to its shape
template <class Tape, class Tensor>
variable<Tensor> add(Tape& t, variable<Tensor> const& a, variable<Tensor> const& b) {
  return t.record(
      ops::add(t.context(), a.value, b.value),
      [sa = a.slot, sb = b.slot, ea = a.value.extents(), eb = b.value.extents()](auto& tape, Tensor const& g) {
        if (tape.wants(sa)) tape.add(sa, ops::sum_to_shape(tape.context(), g, ea));
        if (tape.wants(sb)) tape.add(sb, ops::sum_to_shape(tape.context(), g, eb));
      },
      a, b);
}

// y = a - b;  da += g, db -= g
template <class Tape, class Tensor>
variable<Tensor> subtract(Tape& t, variable<Tensor> const& a, variable<Tensor> const& b) {
  return t.record(
      ops::subtract(t.context(), a.value, b.value),
      [sa = a.slot, sb = b.slot, ea = a.value.extents(), eb = b.value.extents()](auto& tape, Tensor const& g) {
        if (tape.wants(sa)) tape.add(sa, ops::sum_to_shape(tape.context(), g, ea));
        if (tape.wants(sb))
          tape.add(sb, ops::sum_to_shape(tape.context(), ops::affine(tape.context(), g, -1, 0), eb));
      },
      a, b);
}

// y = a * b;  da += b*g, db += a*g
template <class Tape, class Tensor>
variable<Tensor> multiply(Tape& t, variable<Tensor> const& a, variable<Tensor> const& b) {
  return t.record(
      ops::multiply(t.context(), a.value, b.value),
      [a, b](auto& tape, Tensor const& g) {
        auto const& ctx = tape.context();
        if (tape.wants(a.slot))
          tape.add(a.slot, ops::sum_to_shape(ctx, ops::multiply(ctx, g, b.value), a.value.extents()));
        if (tape.wants(b.slot))
          tape.add(b.slot, ops::sum_to_shape(ctx, ops::multiply(ctx, g, a.value), b.value.extents()));
      },
      a, b);
}

// y = a / b;  da += g/b, db -= g*y/b
template <class Tape, class Tensor>
variable<Tensor> divide(Tape& t, variable<Tensor> const& a, variable<Tensor> const& b) {
  Tensor const y = ops::divide(t.context(), a.value, b.value);
  return t.record(
      y,
      [sa = a.slot, ea = a.value.extents(), b, y](auto& tape, Tensor const& g) {
        auto const& ctx = tape.context();
        Tensor const share = ops::divide(ctx, g, b.value);
        if (tape.wants(sa)) tape.add(sa, ops::sum_to_shape(ctx, share, ea));
        if (tape.wants(b.slot))
          tape.add(b.slot, ops::sum_to_shape(ctx, ops::affine(ctx, ops::multiply(ctx, share, y), -1, 0),
                                             b.value.extents()));
      },
      a, b);
}

}  // namespace v0
}  // namespace fsis
