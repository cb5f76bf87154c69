// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/optim/parameter_slot.hpp>

namespace fsis {
inline namespace v0 {
namespace optim {

/// The defaults are those of the thesis.
struct sgd_options {
  double momentum = 0.9;       ///< 0 <= momentum < 1
  double weight_decay = 1e-4;  ///< >= 0, added to the gradient as weight_decay * w
};

/// Stochastic gradient descent with momentum:
///   v = momentum v + (g + weight_decay w),   w = w - rate v,   v = 0 before the first step.
/// The rate stands outside v, so that a change of the rate acts at once (PyTorch's form, not that of Sutskever et
/// al., ICML 2013).
template <class T, class Context = cpu_context>
class sgd {
 public:
  /// Throws `value_error` on options outside their range.
  explicit sgd(sgd_options const& options = {}) : options_(options), memory_({"momentum"}) {
    require<value_error>(options.momentum >= 0 && options.momentum < 1, "sgd: momentum ", options.momentum,
                         ", wanted 0 <= momentum < 1");
    require<value_error>(options.weight_decay >= 0, "sgd: weight_decay ", options.weight_decay, ", wanted >= 0");
  }
  sgd(sgd const&) = delete;  // a copy would share the state
  sgd& operator=(sgd const&) = delete;
  sgd(sgd&&) = default;
  sgd& operator=(sgd&&) = default;

  /// Moves every slot that has a gradient. The list has the same order in every step. Throws `shape_error` where
  /// shapes do not fit and `value_error` on a rate that is negative or not finite; nothing is moved then.
  void step(Context const& ctx, parameter_slots<T, Context> const& slots, double rate) {
    memory_.check("sgd", slots, rate);
    memory_.prepare(ctx, slots);
    for (std::size_t i = 0; i < slots.size(); ++i) {
      auto const& slot = slots[i];
      if (!slot.gradient.defined()) continue;
      ++memory_.steps(i);
      double const decay = slot.decay ? options_.weight_decay : 0.0;
      backend::for_each(ctx, slot.value.size(),
                        kernels::sgd_step<T>{slot.value.data(), memory_.of(i, 0).data(), slot.gradient.data(),
                                             rate * slot.rate_factor, options_.momentum, decay});
    }
  }

  /// The state, sharing its tensors: write it to a file or clone it before the next step.
  optimiser_state<T, Context> state() const { return memory_.state(); }

  /// Goes on from a state, which is copied. Throws `value_error` when it is not one of this kind of optimiser, which
  /// then stays as it was.
  void restore(Context const& ctx, optimiser_state<T, Context> const& state) { memory_.restore("sgd", ctx, state); }

 private:
  sgd_options options_;
  detail::slot_memory<T, Context> memory_;
};

}  // namespace optim
}  // namespace v0
}  // namespace fsis
