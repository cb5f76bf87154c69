// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/nn/parameter.hpp>
#include <fsis/optim/parameter_slot.hpp>

#include <string>

namespace fsis {
inline namespace v0 {
namespace model {

/// The trained parameters of a network with their gradients on a tape that was walked back, in the order of the
/// network's definition. Weight decay is for filters and matrices, not for biases and norms.
template <class Tensor, class Network>
optim::parameter_slots<typename Tensor::scalar, typename Tensor::context> slots_of(tape<Tensor> const& t,
                                                                                   Network& net) {
  optim::parameter_slots<typename Tensor::scalar, typename Tensor::context> slots;
  nn::visit_parameters(net, [&](std::string const&, nn::parameter<Tensor>& p) {
    if (p.purpose == nn::role::learned && p.trainable)
      slots.push_back({p.value, t.parameter_gradient(&p), p.extents.rank() > 1, p.rate_factor});
  });
  return slots;
}

}  // namespace model
}  // namespace v0
}  // namespace fsis
