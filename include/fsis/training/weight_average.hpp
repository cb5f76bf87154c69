// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/nn/parameter.hpp>
#include <fsis/ops/elementwise.hpp>
#include <fsis/optim/parameter_slot.hpp>

#include <unordered_map>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// Values of parameters by their names.
template <class T, class Context>
using named_tensors = std::vector<optim::named_tensor<T, Context>>;

/// Moves the averages of a network's weights on by a step:  average += (1 - d) (weight - average), where d is `decay`,
/// and (1 + step) / (10 + step) as long as that is less, so that the beginning is soon forgotten. With everything that
/// training changes, running averages of batch norms included; `step` counts from 0, at which the averages begin.
///
/// The mean of the weights on the way lies in a flatter place than their last ones, and is often better at what was not
/// trained on (Izmailov et al. 2018, "Averaging Weights Leads to Wider Optima"; Cha et al. 2021, "SWAD").
template <class T, class Context, class Network>
void average_weights(Context const& ctx, Network const& net, double decay, index_t step,
                     named_tensors<T, Context>& averages) {
  double const n = static_cast<double>(step), kept = hd_min(decay, (1 + n) / (10 + n));
  std::unordered_map<std::string, std::size_t> known;
  for (auto const& a : averages) known.emplace(a.name, known.size());
  nn::visit_parameters(net, [&](std::string const& name, nn::parameter<tensor<T, Context>> const& p) {
    if (!p.trainable) return;
    auto const found = known.find(name);
    if (found == known.end())
      averages.push_back({name, ops::clone(ctx, p.value)});
    else
      ops::axpby(ctx, static_cast<T>(1 - kept), p.value, static_cast<T>(kept), averages[found->second].value);
  });
}

/// Gives a network the averages for its weights; what has none stays as it is. Throws `value_error`,
/// and changes nothing, when an average belongs to no parameter of the network.
template <class T, class Context, class Network>
void use_average(Context const& ctx, named_tensors<T, Context> const& averages, Network& net) {
  std::unordered_map<std::string, nn::parameter<tensor<T, Context>>*> parameters;
  nn::visit_parameters(net, [&](std::string const& name, auto& p) { parameters[name] = &p; });
  for (auto const& a : averages) {
    auto const found = parameters.find(a.name);
    require<value_error>(found != parameters.end() && found->second->extents == a.value.extents(),
                         "average: the network has no parameter '", a.name, "' of shape ", a.value.extents());
  }
  for (auto const& a : averages) parameters[a.name]->value = ops::clone(ctx, a.value);
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
