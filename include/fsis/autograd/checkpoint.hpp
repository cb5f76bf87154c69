// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/tape.hpp>

namespace fsis {
inline namespace v0 {

/// y = f(tape, x), keeping only x: what f computes inside is thrown away and computed again on the walk back, so a
/// chain of n checkpoints holds about its square root of the memory for one more forward pass (Chen et al. 2016,
/// "Training deep nets with sublinear memory cost"). `f` must compute the same function at every call and may use
/// parameters. Moments measured by normalisation layers are reported once.
template <class Tensor, class F>
variable<Tensor> checkpoint(tape<Tensor>& t, F f, variable<Tensor> const& x) {
  if (!x.is_recorded() && !t.records_parameters()) return f(t, x);
  Tensor y;
  {
    tape<Tensor> forward(t.context(), t.current_phase(), parameters::constant);
    y = f(forward, variable<Tensor>(x.value)).value;
    for (auto const& m : forward.measurements()) t.measure(m);
  }
  return t.record_always(y, [f, x](tape<Tensor>& outer, Tensor const& g) {
    tape<Tensor> inner(outer.context(), outer.current_phase(),
                       outer.records_parameters() ? parameters::recorded : parameters::constant);
    auto const leaf = inner.input(x.value);
    auto const result = f(inner, leaf);
    if (!result.is_recorded()) return;
    inner.backward(result, g);
    outer.add(x.slot, inner.gradient(leaf));
    inner.for_each_parameter([&](void const* key, index_t) {
      Tensor const gradient = inner.parameter_gradient(key);
      if (gradient.defined()) outer.add(outer.parameter(key, gradient).slot, gradient);
    });
  });
}

/// Without a tape there is nothing to keep.
template <class Tensor, class F>
variable<Tensor> checkpoint(no_tape<Tensor>& t, F f, variable<Tensor> const& x) {
  return f(t, x);
}

}  // namespace v0
}  // namespace fsis
