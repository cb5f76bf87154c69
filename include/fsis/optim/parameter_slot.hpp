// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/kernels/optimiser.hpp>
#include <fsis/ops/elementwise.hpp>
#include <fsis/ops/reduce.hpp>

#include <cmath>
#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace optim {

/// One tensor that an optimiser moves, with the gradient of this step. A gradient that is not defined means that the
/// loss does not depend on the value: the slot is left alone, and so is its state.
template <class T, class Context = cpu_context>
struct parameter_slot {
  tensor<T, Context> value;     ///< written in place
  tensor<T, Context> gradient;  ///< of the same shape
  bool decay = true;            ///< is weight decay applied? Usually not to biases and batch norm
  double rate_factor = 1;       ///< of the step's learning rate, >= 0
};

template <class T, class Context = cpu_context>
using parameter_slots = std::vector<parameter_slot<T, Context>>;

template <class T, class Context = cpu_context>
struct named_tensor {
  std::string name;
  tensor<T, Context> value;
};

/// What an optimiser remembers between steps: with it a resumed training goes on to the same bytes.
template <class T, class Context = cpu_context>
struct optimiser_state {
  std::vector<index_t> steps;                     ///< by slot: how often it was moved
  std::vector<named_tensor<T, Context>> tensors;  ///< "momentum.0", ... by slot; of slots not yet moved nothing
};

/// Scales all gradients in place so that their common Euclidean norm is at most `largest`. Returns the norm before,
/// summed in double; where that is not finite the gradients stay as they are. Throws `value_error` unless
/// largest > 0.
template <class T, class Context>
double clip_gradients(Context const& ctx, parameter_slots<T, Context> const& slots, double largest) {
  require<value_error>(largest > 0, "clip_gradients: largest norm ", largest, ", wanted above 0");
  double squares = 0;
  for (auto const& slot : slots)
    if (slot.gradient.defined()) squares += ops::dot(ctx, slot.gradient, slot.gradient);
  double const norm = std::sqrt(squares);
  if (!std::isfinite(norm) || norm <= largest) return norm;
  for (auto const& slot : slots)
    if (slot.gradient.defined())
      backend::for_each(ctx, slot.gradient.size(), kernels::scale_in_place<T>{slot.gradient.data(), largest / norm});
  return norm;
}

namespace detail {

/// The state tensors of one optimiser, `names.size()` of them per slot, zero when a slot is first moved.
template <class T, class Context>
class slot_memory {
 public:
  explicit slot_memory(std::vector<std::string> names) : names_(std::move(names)) {}

  /// Throws before anything is changed where the slots do not fit each other, this memory, or a step at `rate`.
  void check(char const* op, parameter_slots<T, Context> const& slots, double rate) const {
    require<value_error>(std::isfinite(rate) && rate >= 0, op, ": learning rate ", rate, ", wanted finite and >= 0");
    require<shape_error>(steps_.empty() || steps_.size() == slots.size(), op, ": ", slots.size(),
                         " slots, the steps before had ", steps_.size());
    for (std::size_t i = 0; i < slots.size(); ++i) {
      auto const& slot = slots[i];
      if (!slot.gradient.defined()) continue;
      require<value_error>(std::isfinite(slot.rate_factor) && slot.rate_factor >= 0, op, ": slot ", i,
                           " has a rate factor of ", slot.rate_factor, ", wanted finite and >= 0");
      require<shape_error>(slot.value.defined() && slot.value.extents() == slot.gradient.extents(), op, ": slot ", i,
                           " has value ", slot.value.extents(), " and gradient ", slot.gradient.extents());
      require<shape_error>(steps_.empty() || steps_[i] == 0 || of(i, 0).extents() == slot.value.extents(), op,
                           ": slot ", i, " has value ", slot.value.extents(), ", the steps before had ",
                           steps_.empty() || steps_[i] == 0 ? shape{} : of(i, 0).extents());
    }
  }

  /// Makes the state of every slot that is moved for the first time.
  void prepare(Context const& ctx, parameter_slots<T, Context> const& slots) {
    if (steps_.empty()) {
      steps_.assign(slots.size(), 0);
      tensors_.resize(slots.size() * names_.size());
    }
    for (std::size_t i = 0; i < slots.size(); ++i) {
      if (!slots[i].gradient.defined()) continue;
      for (std::size_t k = 0; k < names_.size(); ++k)
        if (!of(i, k).defined()) of(i, k) = ops::zeros<T>(ctx, slots[i].value.extents());
    }
  }

  tensor<T, Context>& of(std::size_t slot, std::size_t k) { return tensors_[slot * names_.size() + k]; }
  tensor<T, Context> const& of(std::size_t slot, std::size_t k) const { return tensors_[slot * names_.size() + k]; }
  index_t& steps(std::size_t slot) { return steps_[slot]; }

  optimiser_state<T, Context> state() const {
    optimiser_state<T, Context> s;
    s.steps = steps_;
    for (std::size_t i = 0; i < steps_.size(); ++i)
      for (std::size_t k = 0; k < names_.size(); ++k)
        if (of(i, k).defined()) s.tensors.push_back({name(i, k), of(i, k)});
    return s;
  }

  void restore(char const* op, Context const& ctx, optimiser_state<T, Context> const& s) {
    std::vector<tensor<T, Context>> tensors(s.steps.size() * names_.size());
    std::size_t used = 0;
    for (std::size_t i = 0; i < s.steps.size(); ++i) {
      require<value_error>(s.steps[i] >= 0, op, ": ", s.steps[i], " steps of slot ", i);
      if (s.steps[i] == 0) continue;
      for (std::size_t k = 0; k < names_.size(); ++k) {
        tensor<T, Context> const* found = nullptr;
        for (auto const& t : s.tensors)
          if (t.name == name(i, k)) found = &t.value;
        require<value_error>(found != nullptr && found->defined(), op, ": the state lacks '", name(i, k), "'");
        tensors[i * names_.size() + k] = ops::clone(ctx, *found);
        ++used;
      }
    }
    require<value_error>(used == s.tensors.size(), op, ": the state has ", s.tensors.size(), " tensors, wanted ",
                         used);
    steps_ = s.steps;
    tensors_ = std::move(tensors);
  }

 private:
  std::string name(std::size_t slot, std::size_t k) const { return names_[k] + "." + std::to_string(slot); }

  std::vector<std::string> names_;
  std::vector<index_t> steps_;
  std::vector<tensor<T, Context>> tensors_;
};

}  // namespace detail

}  // namespace optim
}  // namespace v0
}  // namespace fsis
