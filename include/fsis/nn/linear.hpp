// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/functions/conv2d.hpp>
#include <fsis/autograd/functions/spatial.hpp>
#include <fsis/nn/parameter.hpp>
#include <fsis/nn/window.hpp>

namespace fsis {
inline namespace v0 {
namespace nn {

/// y = W x + b for every row of channels. Parameters `weight` (Out,In) as in torchvision, `bias` (Out).
template <index_t In, index_t Out, class Tensor = tensor<float>>
struct linear {
  static constexpr index_t in_channels = In, out_channels = Out;
  static constexpr nn::window window{};

  parameter<Tensor> weight{{Out, In}, initial::he_normal};
  parameter<Tensor> bias{{Out}, initial::zero};

  /// x (..., In), result (rows,1,1,Out) -> the shape of x with Out channels.
  template <class Tape>
  variable<Tensor> operator()(Tape& t, variable<Tensor> const& x) const {
    require<shape_error>(x.value.rank() >= 1 && x.value.extent(-1) == In, "linear: input ", x.value.extents(),
                         ", wanted ", In, " in the last axis");
    shape const out = x.value.extents().with(-1, Out);
    auto const rows = reshape(t, x, {x.value.size() / In, 1, 1, In});
    auto const filter = reshape(t, weight.on(t), {Out, 1, 1, In});
    return reshape(t, conv2d(t, rows, filter, bias.on(t)), out);
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
