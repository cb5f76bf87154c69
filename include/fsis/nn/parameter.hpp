// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/tape.hpp>
#include <fsis/core/random.hpp>
#include <fsis/tensor/transfer.hpp>

#include <string>
#include <unordered_map>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace nn {

/// How a parameter starts: normal with variance 2 / fan-in (He et al. 2015, for ReLU), or a constant.
enum class initial { he_normal, zero, one };

/// Is a parameter learned by gradients, or an average that layers measure?
enum class role { learned, running_average };

/// Numbers of a layer, with the shape they must have. Empty until initialised or loaded.
template <class Tensor>
struct parameter {
  Tensor value;
  shape extents;
  initial start = initial::zero;
  role purpose = role::learned;
  bool trainable = true;   ///< false: a constant for the tape; for an average: it does not move
  double rate_factor = 1;  ///< of an optimiser's learning rate

  parameter(shape const& s, initial how, role what = role::learned) : extents(s), start(how), purpose(what) {}
  // Copies would share elements: a network is moved, or copied by `copy_parameters`.
  parameter(parameter const&) = delete;
  parameter& operator=(parameter const&) = delete;
  parameter(parameter&&) = default;
  parameter& operator=(parameter&&) = default;

  /// The parameter as a variable of a tape; a constant where it is not trained. Throws `value_error` before the
  /// parameter has a value.
  template <class Tape>
  variable<Tensor> on(Tape& t) const {
    require<value_error>(value.defined(), "parameter of shape ", extents,
                         ": no value yet; initialise or load the network");
    return trainable && purpose == role::learned ? t.parameter(this, value) : variable<Tensor>(value);
  }
};

/// Calls `f(name, parameter)` for every parameter of a layer or network, in the order of its definition.
template <class Layer, class F>
void visit_parameters(Layer& layer, F&& f, std::string const& prefix = "") {
  std::remove_const_t<Layer>::visit(layer, prefix, f);
}

/// Gives every parameter its starting value, from (seed, position) alone.
template <class Context, class Layer>
void initialise(Context const& ctx, Layer& layer, std::uint64_t seed) {
  std::uint64_t position = 0;
  visit_parameters(layer, [&](std::string const&, auto& p) {
    using Tensor = decltype(p.value);
    using T = typename Tensor::scalar;
    if (p.start != initial::he_normal) {
      p.value = ops::full(ctx, p.extents, p.start == initial::one ? T(1) : T(0));
    } else {
      double const fan_in = static_cast<double>(p.extents.size() / p.extents[0]);
      random_stream draw(seed, position);
      std::vector<T> values(static_cast<std::size_t>(p.extents.size()));
      for (T& v : values) v = static_cast<T>(draw.normal() * std::sqrt(2.0 / fan_in));
      p.value = from_host<T>(ctx, p.extents, values);
    }
    ++position;
  });
}

/// Copies the values of a layer into another one whose parameters it has, by name; nothing is shared afterwards.
template <class Context, class From, class To>
void copy_parameters(Context const& ctx, From const& from, To& to) {
  std::unordered_map<std::string, void const*> sources;
  visit_parameters(from, [&](std::string const& name, auto const& p) { sources[name] = &p; });
  visit_parameters(to, [&](std::string const& name, auto& p) {
    auto const& source = *static_cast<std::remove_reference_t<decltype(p)> const*>(sources.at(name));
    p.value = source.value.defined() ? ops::clone(ctx, source.value) : source.value;
  });
}

/// Number of learned numbers.
template <class Layer>
index_t parameter_count(Layer const& layer) {
  index_t count = 0;
  visit_parameters(layer, [&](std::string const&, auto const& p) {
    if (p.purpose == role::learned) count += p.extents.size();
  });
  return count;
}

/// Marks all parameters of a layer as trained or constant.
template <class Layer>
void set_trainable(Layer& layer, bool trainable) {
  visit_parameters(layer, [&](std::string const&, auto& p) { p.trainable = trainable; });
}

/// Lets all parameters of a layer learn at a part of an optimiser's rate: pretrained layers usually at a tenth.
template <class Layer>
void set_rate_factor(Layer& layer, double factor) {
  visit_parameters(layer, [&](std::string const&, auto& p) { p.rate_factor = factor; });
}

}  // namespace nn
}  // namespace v0
}  // namespace fsis
