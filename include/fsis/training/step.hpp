// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/model/slots.hpp>
#include <fsis/nn/batch_norm.hpp>

#include <cmath>
#include <string>

namespace fsis {
inline namespace v0 {
namespace training {

using model::slots_of;

/// Are the loss and every gradient numbers?
template <class Tensor, class Network>
bool is_finite(tape<Tensor> const& t, Network const& net, double loss) {
  bool finite = std::isfinite(loss);
  nn::visit_parameters(net, [&](std::string const&, nn::parameter<Tensor> const& p) {
    Tensor const g = t.parameter_gradient(&p);
    if (g.defined()) finite = finite && std::isfinite(static_cast<double>(ops::dot(t.context(), g, g)));
  });
  return finite;
}

/// Throws `value_error` for a step whose loss or gradients are not finite: computes it again, `loss_on(tape)`, and names
/// the operation and the parameter that came out so.
template <class Tensor, class Network, class Loss>
[[noreturn]] void fail_not_finite(typename Tensor::context const& ctx, Network const& net, index_t step,
                                  Loss const& loss_on) {
  std::string const advice = "; lower the learning rate or look for NaN in the data";
  nn::visit_parameters(net, [&](std::string const& name, nn::parameter<Tensor> const& p) {
    require<value_error>(std::isfinite(static_cast<double>(ops::dot(ctx, p.value, p.value))), "train: parameter '",
                         name, "' is not finite at step ", step, advice);
  });
  try {
    tape<Tensor> t(ctx);
    t.check_values();
    t.backward(loss_on(t));
  } catch (value_error const& e) {
    fail<value_error>("train: ", e.what(), " at step ", step, advice);
  }
  fail<value_error>("train: loss or gradient is not finite at step ", step, advice);
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
