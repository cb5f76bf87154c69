// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/nn/batch_norm.hpp>
#include <fsis/optim/parameter_slot.hpp>

namespace fsis {
inline namespace v0 {
namespace training {

/// The trained parameters of a network with their gradients on a tape that was walked back, in the order of the
/// network's definition. Weight decay is for filters and matrices, not for biases and norms.
template <class Tensor, class Network>
optim::parameter_slots<typename Tensor::scalar, typename Tensor::context> slots_of(tape<Tensor> const& t,
                                                                                  Network& net) {
  optim::parameter_slots<typename Tensor::scalar, typename Tensor::context> slots;
  nn::visit_parameters(net, [&](std::string const&, nn::parameter<Tensor>& p) {
    if (p.purpose == nn::role::learned && p.trainable)
      slots.push_back({p.value, t.parameter_gradient(&p), p.extents.rank() > 1});
  });
  return slots;
}

/// Throws `value_error` naming the parameter when a gradient is not finite, and before that when the loss is not.
template <class Tensor, class Network>
void check_finite(tape<Tensor> const& t, Network& net, double loss, index_t step) {
  require<value_error>(std::isfinite(loss), "train: the loss is ", loss, " at step ", step,
                       "; lower the learning rate or look for NaN in the data");
  nn::visit_parameters(net, [&](std::string const& name, nn::parameter<Tensor>& p) {
    Tensor const g = t.parameter_gradient(&p);
    if (!g.defined()) return;
    require<value_error>(std::isfinite(ops::dot(t.context(), g, g)), "train: the gradient of '", name,
                         "' is not finite at step ", step);
  });
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
