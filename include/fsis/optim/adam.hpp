// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/optim/parameter_slot.hpp>

#include <cmath>

namespace fsis {
inline namespace v0 {
namespace optim {

enum class weight_decay_mode {
  coupled,   ///< weight_decay * w is added to the gradient
  decoupled  ///< w shrinks by rate * weight_decay * w beside the step (Loshchilov and Hutter, ICLR 2019: AdamW)
};

struct adam_options {
  double beta1 = 0.9;       ///< of the mean of g, 0 <= beta1 < 1
  double beta2 = 0.999;     ///< of the mean of g*g, 0 <= beta2 < 1
  double epsilon = 1e-8;    ///< > 0
  double weight_decay = 0;  ///< >= 0
  weight_decay_mode mode = weight_decay_mode::decoupled;
};

/// Adam (Kingma and Ba, ICLR 2015, algorithm 1) with bias correction:
///   m = b1 m + (1 - b1) g,   u = b2 u + (1 - b2) g^2,
///   w = w - rate (m / (1 - b1^t)) / (sqrt(u / (1 - b2^t)) + epsilon),   t the steps of the slot, this one included.
template <class T, class Context = cpu_context>
class adam {
 public:
  /// Throws `value_error` on options outside their range.
  explicit adam(adam_options const& options = {}) : options_(options), memory_({"first_moment", "second_moment"}) {
    require<value_error>(options.beta1 >= 0 && options.beta1 < 1, "adam: beta1 ", options.beta1,
                         ", wanted 0 <= beta1 < 1");
    require<value_error>(options.beta2 >= 0 && options.beta2 < 1, "adam: beta2 ", options.beta2,
                         ", wanted 0 <= beta2 < 1");
    require<value_error>(options.epsilon > 0, "adam: epsilon ", options.epsilon, ", wanted above 0");
    require<value_error>(options.weight_decay >= 0, "adam: weight_decay ", options.weight_decay, ", wanted >= 0");
  }
  adam(adam const&) = delete;  // a copy would share the state
  adam& operator=(adam const&) = delete;
  adam(adam&&) = default;
  adam& operator=(adam&&) = default;

  /// Moves every slot that has a gradient. The list has the same order in every step. Throws `shape_error` where
  /// shapes do not fit and `value_error` on a rate that is negative or not finite; nothing is moved then.
  void step(Context const& ctx, parameter_slots<T, Context> const& slots, double rate) {
    memory_.check("adam", slots, rate);
    memory_.prepare(ctx, slots);
    for (std::size_t i = 0; i < slots.size(); ++i) {
      auto const& slot = slots[i];
      if (!slot.gradient.defined()) continue;
      double const t = static_cast<double>(++memory_.steps(i));
      double const decay = slot.decay ? options_.weight_decay : 0.0;
      bool const coupled = options_.mode == weight_decay_mode::coupled;
      kernels::adam_step<T> k;
      k.w = slot.value.data();
      k.m = memory_.of(i, 0).data();
      k.u = memory_.of(i, 1).data();
      k.g = slot.gradient.data();
      k.rate = rate * slot.rate_factor;
      k.beta1 = options_.beta1;
      k.beta2 = options_.beta2;
      k.epsilon = options_.epsilon;
      k.first = 1.0 - std::pow(options_.beta1, t);
      k.second = 1.0 - std::pow(options_.beta2, t);
      k.coupled = coupled ? decay : 0.0;
      k.decoupled = coupled ? 0.0 : decay;
      backend::for_each(ctx, slot.value.size(), k);
    }
  }

  /// The state, sharing its tensors: write it to a file or clone it before the next step.
  optimiser_state<T, Context> state() const { return memory_.state(); }

  /// Goes on from a state, which is copied. Throws `value_error` when it is not one of this kind of optimiser, which
  /// then stays as it was.
  void restore(Context const& ctx, optimiser_state<T, Context> const& state) { memory_.restore("adam", ctx, state); }

 private:
  adam_options options_;
  detail::slot_memory<T, Context> memory_;
};

}  // namespace optim
}  // namespace v0
}  // namespace fsis
