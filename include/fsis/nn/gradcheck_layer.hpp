// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/gradcheck.hpp>
#include <fsis/nn/parameter.hpp>

#include <string>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace nn {

/// What `gradcheck_layer` found, with the name of the worst one: "input 0", or that of a parameter.
struct layer_gradcheck_report : gradcheck_report {
  std::string name;

  std::string text() const { return name + ": " + gradcheck_report::text(); }
};

namespace detail {

/// Puts another value into a parameter for as long as it lives.
template <class Tensor>
class other_value {
 public:
  other_value(parameter<Tensor>& p, Tensor value) : parameter_(p), before_(std::move(p.value)) {
    p.value = std::move(value);
  }
  other_value(other_value const&) = delete;
  other_value& operator=(other_value const&) = delete;
  ~other_value() { parameter_.value = std::move(before_); }

 private:
  parameter<Tensor>& parameter_;
  Tensor before_;
};

}  // namespace detail

/// `gradcheck` for a layer: compares the gradients of its inputs and of all its trained parameters with central
/// differences, in double. `call(tape, layer, variables)` returns a variable of any shape.
///
/// Every gradient slot starts with a value in it. The values of the parameters move while differences are taken; the
/// layer is unchanged afterwards, also when `call` throws. `how` is the phase of the tapes: a batch norm that trains
/// is another function than one that computes.
template <class Context, class Layer, class Call>
layer_gradcheck_report gradcheck_layer(Context const& ctx, Layer& layer,
                                       std::vector<tensor<double, Context>> const& inputs, Call&& call,
                                       phase how = phase::training, gradcheck_options const& options = {}) {
  using tensor_type = tensor<double, Context>;

  std::vector<parameter<tensor_type>*> trained;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < inputs.size(); ++i) names.push_back("input " + std::to_string(i));
  visit_parameters(layer, [&](std::string const& name, parameter<tensor_type>& p) {
    if (!p.trainable || p.purpose != role::learned) return;
    trained.push_back(&p);
    names.push_back(name);
  });

  tape<tensor_type> t(ctx, how);
  std::vector<variable<tensor_type>> leaves, x;
  for (auto const& value : inputs) leaves.push_back(t.input(value));
  x = leaves;
  for (auto* p : trained) leaves.push_back(p->on(t));
  auto const result = call(t, layer, x);
  fsis::detail::weighted_gradients<tensor_type> const gradients(t, leaves, result, options.seed);

  // nothing is recorded, but the phase is that of the tape above
  auto const value_of = [&](std::vector<tensor_type> const& values) {
    tape<tensor_type> plain(ctx, how, parameters::constant);
    std::vector<variable<tensor_type>> const constants(values.begin(), values.end());
    return ops::dot(ctx, call(plain, layer, constants).value, gradients.weights);
  };
  auto const value_at = [&](std::size_t i, std::vector<double> const& moved) {
    auto const value = from_host<double>(ctx, leaves[i].value.extents(), moved);
    auto values = inputs;
    if (i < inputs.size()) {
      values[i] = value;
      return value_of(values);
    }
    detail::other_value<tensor_type> const there(*trained[i - inputs.size()], value);
    return value_of(values);
  };
  layer_gradcheck_report report{fsis::detail::compare_gradients(gradients, value_at, options), ""};
  report.name = names.empty() ? "" : names[report.input];
  return report;
}

/// For a layer that is called as `layer(tape, x)`.
template <class Context, class Layer>
layer_gradcheck_report gradcheck_layer(Context const& ctx, Layer& layer, tensor<double, Context> const& input,
                                       phase how = phase::training, gradcheck_options const& options = {}) {
  return gradcheck_layer(
      ctx, layer, std::vector<tensor<double, Context>>{input},
      [](auto& t, Layer const& l, auto const& x) { return l(t, x[0]); }, how, options);
}

}  // namespace nn
}  // namespace v0
}  // namespace fsis
