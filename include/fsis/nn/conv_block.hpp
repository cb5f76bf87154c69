// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/functions/elementwise.hpp>
#include <fsis/nn/batch_norm.hpp>
#include <fsis/nn/conv.hpp>

namespace fsis {
inline namespace v0 {
namespace nn {

/// Is a convolution followed by batch norm?
enum class normalization { none, batch };

namespace detail {

/// Takes the place of a batch norm where there is none.
struct no_norm {
  template <class Self, class F>
  static void visit(Self&, std::string const&, F&) {}
};

}  // namespace detail

/// Convolution, optional batch norm, ReLU. Where parameters are constants, the batch norm is folded into the filter
/// and everything runs as one fused convolution.
template <index_t In, index_t Out, index_t Kernel = 3, class Tensor = tensor<float>,
          normalization Norm = normalization::none, class Geometry = same<>>
struct conv_block {
  using conv_type = nn::conv<In, Out, Kernel, Tensor, Geometry>;
  static constexpr index_t in_channels = In, out_channels = Out;
  static constexpr nn::window window = conv_type::window;

  conv_type conv;
  std::conditional_t<Norm == normalization::batch, batch_norm<Out, Tensor>, detail::no_norm> norm;

  template <class Tape>
  variable<Tensor> operator()(Tape& t, variable<Tensor> const& x) const {
    return convolved(t, x, conv_type::options());
  }

  /// The same, of which the largest of each 2x2 is kept: (N,H/2,W/2,Out).
  template <class Tape>
  variable<Tensor> pooled(Tape& t, variable<Tensor> const& x) const {
    if (!is_one_convolution(t)) return fsis::max_pool(t, (*this)(t, x));
    auto const f = folded(t);
    return conv2d_relu_max_pool(t, x, f.weight, f.bias, conv_type::options());
  }

  /// See nn::on_patches.
  template <class Tape>
  variable<Tensor> on_patches(Tape& t, variable<Tensor> const& x, ops::patches<typename Tensor::context>& at) const {
    at = at.inner(conv_type::padding);
    return clear_outside(t, convolved(t, x, conv_type::options_without_padding()), at);
  }

  template <class Self, class F>
  static void visit(Self& self, std::string const& prefix, F& f) {
    visit_as(self, prefix + "conv.", prefix + "norm.", f);
  }

  /// `visit` under given names, for files that number their layers.
  template <class Self, class F>
  static void visit_as(Self& self, std::string const& conv_prefix, std::string const& norm_prefix, F& f) {
    conv_type::visit(self.conv, conv_prefix, f);
    std::remove_const_t<decltype(self.norm)>::visit(self.norm, norm_prefix, f);
  }

 private:
  struct folded_parameters {
    variable<Tensor> weight, bias;
  };

  template <class Tape>
  static bool is_one_convolution(Tape const& t) {
    return Norm == normalization::none || (!t.records_parameters() && t.current_phase() == phase::inference);
  }

  // norm(conv(x)) = s*(F*x + b) + c = (s*F)*x + (s*b + c)
  template <class Tape>
  folded_parameters folded(Tape& t) const {
    auto const weight = conv.weight.on(t), bias = conv.bias.on(t);
    if constexpr (Norm == normalization::none) {
      return {weight, bias};
    } else {
      auto const& ctx = t.context();
      auto const affine = norm.folded(ctx);
      return {ops::multiply(ctx, weight.value, affine.scale.reshaped({Out, 1, 1, 1})),
              ops::add(ctx, ops::multiply(ctx, bias.value, affine.scale), affine.bias)};
    }
  }

  template <class Tape>
  variable<Tensor> convolved(Tape& t, variable<Tensor> const& x, conv_options const& options) const {
    if constexpr (Norm == normalization::batch)
      if (!is_one_convolution(t))
        return fsis::relu(t, norm(t, conv2d(t, x, conv.weight.on(t), conv.bias.on(t), options)));
    auto const f = folded(t);
    return conv2d_relu(t, x, f.weight, f.bias, options);
  }
};

}  // namespace nn
}  // namespace v0
}  // namespace fsis
