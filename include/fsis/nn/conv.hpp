// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/functions/conv2d.hpp>
#include <fsis/core/math.hpp>
#include <fsis/nn/parameter.hpp>
#include <fsis/nn/patches.hpp>

namespace fsis {
inline namespace v0 {
namespace nn {

/// Geometry of a convolution layer: padding keeps the size at stride 1.
template <index_t Stride = 1, index_t Dilation = 1, index_t Groups = 1>
struct same {
  static constexpr index_t stride = Stride, dilation = Dilation, groups = Groups;
  static constexpr index_t padding(index_t kernel) { return Dilation * (kernel - 1) / 2; }
};

/// Geometry without padding.
template <index_t Stride = 1, index_t Dilation = 1, index_t Groups = 1>
struct valid {
  static constexpr index_t stride = Stride, dilation = Dilation, groups = Groups;
  static constexpr index_t padding(index_t) { return 0; }
};

/// Square convolution with bias: (N,H,W,In) -> (N,P,Q,Out). Parameters `weight` (Out,Kernel,Kernel,In/groups),
/// `bias` (Out).
template <index_t In, index_t Out, index_t Kernel = 3, class Tensor = tensor<float>, class Geometry = same<>>
struct conv {
  static_assert(In > 0 && Out > 0 && Kernel > 0, "a convolution needs at least one channel and one tap");
  static_assert(In % Geometry::groups == 0 && Out % Geometry::groups == 0,
                "the groups of a convolution must divide its input and its output channels");
  static constexpr index_t in_channels = In, out_channels = Out;
  // taps lie from `padding` before to `span - padding` behind stride times the position
  static constexpr index_t span = Geometry::dilation * (Kernel - 1), padding = Geometry::padding(Kernel);
  static constexpr nn::window window{hd_max(padding, span - padding), Geometry::stride, false};

  parameter<Tensor> weight{{Out, Kernel, Kernel, In / Geometry::groups}, initial::he_normal};
  parameter<Tensor> bias{{Out}, initial::zero};

  static conv_options options() {
    constexpr index_t s = Geometry::stride, d = Geometry::dilation;
    return {{s, s}, {padding, padding}, {d, d}, Geometry::groups};
  }

  /// For patches, which bring what the padding stands for.
  static conv_options options_without_padding() {
    static_assert(span == 2 * padding, "on patches a convolution must keep the size of its map: use nn::same");
    conv_options o = options();
    o.padding = {0, 0};
    return o;
  }

  template <class Tape>
  variable<Tensor> operator()(Tape& t, variable<Tensor> const& x) const {
    return conv2d(t, x, weight.on(t), bias.on(t), options());
  }

  /// See nn::on_patches.
  template <class Tape>
  variable<Tensor> on_patches(Tape& t, variable<Tensor> const& x, ops::patches<typename Tensor::context>& at) const {
    at = at.inner(padding);
    return clear_outside(t, conv2d(t, x, weight.on(t), bias.on(t), options_without_padding()), at);
  }

  template <class Self, class F>
  static void visit(Self& self, std::string const& prefix, F& f) {
    f(prefix + "weight", self.weight);
    f(prefix + "bias", self.bias);
  }
};

}  // namespace nn
}  // namespace v0
}  // namespace fsis
