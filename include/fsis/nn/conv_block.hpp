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

// relu(norm(conv(x))), norm(conv(x)) = s*(F*x + b) + c = (s*F)*x + (s*b + c)
template <class Tape, class Tensor, class Affine>
variable<Tensor> folded(Tape& t, variable<Tensor> const& x, Tensor const& filter, Tensor const& bias,
                        Affine const& norm, conv_options const& options) {
  auto const& ctx = t.context();
  Tensor const scaled = ops::multiply(ctx, filter, norm.scale.reshaped({filter.extent(0), 1, 1, 1}));
  Tensor const shifted = ops::add(ctx, ops::multiply(ctx, bias, norm.scale), norm.bias);
  return conv2d_relu<Tape, Tensor>(t, x, scaled, shifted, options);
}

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
  template <class Tape>
  variable<Tensor> convolved(Tape& t, variable<Tensor> const& x, conv_options const& options) const {
    if constexpr (Norm == normalization::none) {
      return conv2d_relu(t, x, conv.weight.on(t), conv.bias.on(t), options);
    } else {
      bool const constant = !t.records_parameters() && t.current_phase() == phase::inference;
      return constant ? detail::folded(t, x, conv.weight.on(t).value, conv.bias.on(t).value,
                                       norm.folded(t.context()), options)
                      : fsis::relu(t, norm(t, conv2d(t, x, conv.weight.on(t), conv.bias.on(t), options)));
    }
  }
};

}  // namespace nn
}  // namespace v0
}  // namespace fsis
