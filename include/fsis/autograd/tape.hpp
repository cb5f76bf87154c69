// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/arena.hpp>
#include <fsis/autograd/finite.hpp>
#include <fsis/autograd/frozen_parameters.hpp>
#include <fsis/autograd/variable.hpp>
#include <fsis/ops/elementwise.hpp>

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {

/// Does a pass train (batch norm measures its batch) or only compute (batch norm uses what it learned)?
enum class phase { training, inference };

/// Are parameters of layers recorded, or constants with respect to which nothing is differentiated?
enum class parameters { recorded, constant };

/// Reverse-mode differentiation: records what is computed and walks it back once. Not for several threads.
///
///     tape<tensor<float>> t{ctx};
///     auto x = t.input(value);
///     auto loss = mean(t, square(t, x));
///     t.backward(loss);
///     t.gradient(x);                        // shape of value
///
/// Each recorded step holds a pullback: given g, the gradient of the result, it adds to each input v the gradient of
/// dot(result, g) with respect to v. The walk is a loop; a step's saved tensors and its result's gradient are
/// freed as soon as it has run. Gradients add.
template <class Tensor>
class tape {
 public:
  using tensor_type = Tensor;
  using context_type = typename Tensor::context;
  static constexpr bool is_recording = true;

  explicit tape(context_type const& ctx, phase p = phase::training, parameters which = parameters::recorded)
      : context_(&ctx), phase_(p), parameters_(which) {}
  explicit tape(context_type const&& ctx, phase p = phase::training,
                parameters which = parameters::recorded) = delete;

  /// For inference with constant parameters that many tapes share.
  tape(context_type const& ctx, frozen_parameters<Tensor>& frozen)
      : context_(&ctx), phase_(phase::inference), parameters_(parameters::constant), frozen_(&frozen) {}
  tape(tape const&) = delete;
  tape& operator=(tape const&) = delete;
  ~tape() {
    for (auto it = steps_.rbegin(); it != steps_.rend(); ++it)
      if (it->pullback != nullptr) it->destroy(it->pullback);
  }

  context_type const& context() const { return *context_; }
  phase current_phase() const { return phase_; }

  /// A leaf whose gradient is wanted.
  variable<Tensor> input(Tensor value) {
    gradients_.emplace_back();
    is_leaf_.push_back(true);
    return {std::move(value), static_cast<index_t>(gradients_.size()) - 1};
  }

  /// The leaf of a layer's parameter, the same for every use: gradients of all uses add. `key` is the address that
  /// identifies it. A constant when parameters are not recorded.
  variable<Tensor> parameter(void const* key, Tensor const& value) {
    if (frozen_ != nullptr) return frozen_->of(*context_, key, value);
    if (parameters_ == parameters::constant) return value;
    auto const found = parameter_slots_.find(key);
    if (found != parameter_slots_.end()) return {value, found->second};
    auto v = input(value);
    parameter_slots_.emplace(key, v.slot);
    return v;
  }

  /// The result of a step. `pullback(tape&, Tensor const& g)` calls `add` for each input that is recorded. When no
  /// input is, the result is a constant and the pullback is dropped.
  template <class Pullback, class... Inputs>
  variable<Tensor> record(Tensor value, Pullback&& pullback, Inputs const&... inputs) {
    if (!(... || inputs.is_recorded())) return value;
    (check_own(inputs.slot), ...);
    return record_always(std::move(value), std::forward<Pullback>(pullback));
  }

  /// `record` for inputs known only at run time: the caller has found that one of them is recorded.
  template <class Pullback>
  variable<Tensor> record_always(Tensor value, Pullback&& pullback) {
    require<value_error>(!walked_, "tape: recording after backward; a tape is walked once, make a new one");
    if (checks_values_) detail::check_finite(*context_, value, "result", detail::operation_of<Pullback>());
    using closure = std::decay_t<Pullback>;
    gradients_.emplace_back();
    is_leaf_.push_back(false);
    index_t const slot = static_cast<index_t>(gradients_.size()) - 1;
    steps_.push_back({slot, arena_.place(std::forward<Pullback>(pullback)), &detail::operation_of<Pullback>,
                      [](void* p, tape& t, Tensor const& g) { (*static_cast<closure*>(p))(t, g); },
                      [](void* p) { static_cast<closure*>(p)->~closure(); }});
    return {std::move(value), slot};
  }

  /// Does anybody want the gradient of this variable's slot?
  static bool wants(index_t slot) { return slot != variable<Tensor>::no_slot; }

  /// Adds a gradient to a slot; nothing happens for a constant. Called by pullbacks.
  void add(index_t slot, Tensor gradient) {
    if (!wants(slot)) return;
    check_own(slot);
    Tensor& sum = gradients_[static_cast<std::size_t>(slot)];
    if (!sum.defined()) {
      sum = std::move(gradient);
    } else {
      ops::check_same_shape("tape: gradients of one variable", sum, gradient);
      if (!sum.unique()) sum = ops::clone(*context_, sum);  // somebody else reads these elements
      ops::accumulate(*context_, gradient, sum);
    }
  }

  /// Walks back from a loss with a single element. Throws `shape_error` on another size, `value_error` on a second
  /// walk or on a loss that depends on nothing recorded.
  void backward(variable<Tensor> const& loss) {
    require<shape_error>(loss.value.size() == 1, "backward: loss of shape ", loss.value.extents(),
                         ", wanted one element; pass the gradient to start from instead");
    backward(loss, ops::full(*context_, loss.value.extents(), typename Tensor::scalar(1)));
  }

  /// Walks back from any variable, given the gradient of the result with respect to it.
  void backward(variable<Tensor> const& from, Tensor const& gradient) {
    require<value_error>(!walked_, "backward: this tape has been walked; record the computation again");
    require<value_error>(from.is_recorded(), "backward: the result does not depend on any input or parameter");
    check_own(from.slot);
    ops::check_same_shape("backward", from.value, gradient);
    walked_ = true;
    add(from.slot, gradient);
    for (auto it = steps_.rbegin(); it != steps_.rend(); ++it) {
      Tensor& slot = gradients_[static_cast<std::size_t>(it->slot)];
      if (slot.defined()) {
        Tensor const g = std::move(slot);
        slot = Tensor();
        if (checks_values_) detail::check_finite(*context_, g, "gradient of the result", it->name());
        it->run(it->pullback, *this, g);
      }
      it->destroy(it->pullback);
      it->pullback = nullptr;
    }
  }

  /// The gradient that reached a leaf; zeros when none did. Throws `value_error` for what is not a leaf.
  Tensor gradient(variable<Tensor> const& leaf) const {
    require<value_error>(leaf.is_recorded() && is_own(leaf.slot) && is_leaf_[static_cast<std::size_t>(leaf.slot)],
                         "gradient: not an input or parameter of this tape; intermediate gradients are freed");
    Tensor const& g = gradients_[static_cast<std::size_t>(leaf.slot)];
    return g.defined() ? g : ops::zeros<typename Tensor::scalar>(*context_, leaf.value.extents());
  }

  /// The gradient of a parameter by its key; undefined when the parameter was never used or never reached.
  Tensor parameter_gradient(void const* key) const {
    auto const found = parameter_slots_.find(key);
    return found == parameter_slots_.end() ? Tensor() : gradients_[static_cast<std::size_t>(found->second)];
  }

  /// Calls `f(key, slot)` for every parameter used on this tape.
  template <class F>
  void for_each_parameter(F f) const {
    for (auto const& entry : parameter_slots_) f(entry.first, entry.second);
  }

  /// Moments that a normalisation layer measured in training, for whoever updates its running averages. Layers are
  /// never written to while they compute, so that one network serves many threads.
  struct measured_moments {
    void const* mean_key;  // the parameters that hold the running averages
    void const* variance_key;
    Tensor mean, variance;  // (C), (C); variance biased
    index_t count;          // pixels measured
  };
  void measure(measured_moments m) { measurements_.push_back(std::move(m)); }
  std::vector<measured_moments> const& measurements() const { return measurements_; }

  /// From now on `record` and `backward` throw `value_error` naming the first operation whose result, or the gradient
  /// of whose result, is not finite. Costs a pass over every value: for looking into a step that failed.
  void check_values() { checks_values_ = true; }

  bool records_parameters() const { return parameters_ == parameters::recorded; }

 private:
  bool is_own(index_t slot) const { return slot >= 0 && static_cast<std::size_t>(slot) < gradients_.size(); }

  // Another tape's variable whose place exists here too cannot be told apart; one beyond the end must not be written.
  void check_own(index_t slot) const {
    require<value_error>(slot == variable<Tensor>::no_slot || is_own(slot), "tape: variable ", slot, " of a tape of ",
                         gradients_.size(), "; it belongs to another one");
  }

  struct step {
    index_t slot;
    void* pullback;
    std::string (*name)();  // of the operation
    void (*run)(void*, tape&, Tensor const&);
    void (*destroy)(void*);
  };

  context_type const* context_;
  phase phase_;
  parameters parameters_;
  frozen_parameters<Tensor>* frozen_ = nullptr;
  bool walked_ = false, checks_values_ = false;
  detail::arena arena_;
  std::vector<step> steps_;
  std::vector<Tensor> gradients_;
  std::vector<bool> is_leaf_;
  std::unordered_map<void const*, index_t> parameter_slots_;
  std::vector<measured_moments> measurements_;
};

/// The same face without a record: functions and layers compute, nothing is kept. Serves any number of threads.
template <class Tensor>
class no_tape {
 public:
  using tensor_type = Tensor;
  using context_type = typename Tensor::context;
  static constexpr bool is_recording = false;

  explicit no_tape(context_type const& ctx) : context_(&ctx) {}
  explicit no_tape(context_type const&& ctx) = delete;

  context_type const& context() const { return *context_; }
  phase current_phase() const { return phase::inference; }

  variable<Tensor> input(Tensor value) const { return value; }
  variable<Tensor> parameter(void const*, Tensor const& value) const { return value; }

  template <class Pullback, class... Inputs>
  variable<Tensor> record(Tensor value, Pullback&&, Inputs const&...) const {
    return value;
  }
  bool records_parameters() const { return false; }

 private:
  context_type const* context_;
};

}  // namespace v0
}  // namespace fsis
