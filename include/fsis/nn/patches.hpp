// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/functions/patches.hpp>
#include <fsis/nn/window.hpp>

namespace fsis {
inline namespace v0 {
namespace nn {

/// Can a layer be computed on patches? It must be local and keep the size of its map.
template <class Layer>
constexpr bool is_local = !Layer::window.is_global && Layer::window.stride == 1;

/// A layer on patches of a map instead of the map: the same numbers, for the patches without a margin of the layer's
/// radius, which `at` becomes. x must be 0 outside the map, and so is the result: there the layer pads with zeros, or
/// the next one does.
template <class Tape, class Layer, class Tensor>
variable<Tensor> on_patches(Tape& t, Layer const& layer, variable<Tensor> const& x,
                            ops::patches<typename Tensor::context>& at) {
  static_assert(is_local<Layer>, "only a layer with a window of stride 1 can be computed on patches");
  if constexpr (Layer::window.radius == 0)
    return clear_outside(t, layer(t, x), at);
  else
    return layer.on_patches(t, x, at);
}

}  // namespace nn
}  // namespace v0
}  // namespace fsis
