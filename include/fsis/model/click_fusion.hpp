// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/nn/activation.hpp>
#include <fsis/nn/batch_norm.hpp>
#include <fsis/nn/conv.hpp>
#include <fsis/nn/sequential.hpp>

namespace fsis {
inline namespace v0 {
namespace model {

/// Mixes click maps into something else: In -> 8 -> Out channels, leaky ReLU 0.2 and batch norm between
/// (the `rgb_conv` of f-BRS, Sofiiuk et al. 2020). Kernel 1, or 3 as a variant.
template <index_t In, index_t Out, index_t Kernel, class Tensor>
struct click_fusion : nn::sequential<nn::conv<In, 8, Kernel, Tensor>, nn::leaky_relu, nn::batch_norm<8, Tensor>,
                                     nn::conv<8, Out, Kernel, Tensor>> {};

/// Starts a fusion of `Kept` leading channels and click maps close to "the leading channels unchanged", so that a
/// pretrained trunk behind it keeps its use: h = (x, -x, rest) and out = (leaky(x) - leaky(-x)) * scale.
template <index_t Kept, class Context, index_t In, index_t Out, index_t Kernel, class Tensor>
void start_as_identity(Context const& ctx, click_fusion<In, Out, Kernel, Tensor>& fusion) {
  using T = typename Tensor::scalar;
  static_assert(2 * Kept <= 8 && Kept <= Out && Kept <= In, "eight hidden channels hold at most four kept ones twice");
  auto& spread = fusion.template layer<0>().weight;
  auto& gather = fusion.template layer<3>().weight;
  auto first = to_host(ctx, spread.value), last = to_host(ctx, gather.value);
  constexpr index_t taps = Kernel * Kernel, centre = taps / 2;
  auto const at = [](index_t k, index_t tap, index_t c, index_t channels) {
    return static_cast<std::size_t>((k * taps + tap) * channels + c);
  };
  for (index_t k = 0; k < Kept; ++k) {
    for (index_t tap = 0; tap < taps; ++tap) {
      for (index_t c = 0; c < In; ++c)
        first[at(k, tap, c, In)] = first[at(k + Kept, tap, c, In)] = T(0);
      for (index_t c = 0; c < 8; ++c) last[at(k, tap, c, 8)] *= T(0.1);
    }
    first[at(k, centre, k, In)] = T(1);
    first[at(k + Kept, centre, k, In)] = T(-1);
    // batch norm makes both halves of unit variance; half of each restores about the scale of the input
    last[at(k, centre, k, 8)] = T(0.5);
    last[at(k, centre, k + Kept, 8)] = T(-0.5);
  }
  spread.value = from_host<T>(ctx, spread.extents, first);
  gather.value = from_host<T>(ctx, gather.extents, last);
}

}  // namespace model
}  // namespace v0
}  // namespace fsis
