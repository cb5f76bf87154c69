// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/tape.hpp>
#include <fsis/ops/patches.hpp>

namespace fsis {
inline namespace v0 {

// y = x inside the map, 0 outside;  dx += g inside
template <class Tape, class Tensor>
variable<Tensor> clear_outside(Tape& t, variable<Tensor> const& x,
                               ops::patches<typename Tensor::context> const& at) {
  if (!at.reach_outside()) return x;
  return t.record(
      ops::clear_outside(t.context(), x.value, at),
      [slot = x.slot, at](auto& tape, Tensor const& g) { tape.add(slot, ops::clear_outside(tape.context(), g, at)); },
      x);
}

// y = R x with the rows of the interpolation matrix that belong to single pixels;  dx += R^T g
/// Errors as ops::resize_patches.
template <class Tape, class Tensor>
variable<Tensor> resize_patches(Tape& t, variable<Tensor> const& x,
                                ops::patches<typename Tensor::context> const& from,
                                ops::patch_pixels<typename Tensor::context> const& to) {
  return t.record(
      ops::resize_patches(t.context(), x.value, from, to),
      [slot = x.slot, from, to](auto& tape, Tensor const& g) {
        tape.add(slot, ops::resize_patches_backward(tape.context(), g, from, to));
      },
      x);
}

}  // namespace v0
}  // namespace fsis
