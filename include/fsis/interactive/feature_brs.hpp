// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/functions/channels.hpp>
#include <fsis/autograd/functions/elementwise.hpp>
#include <fsis/autograd/functions/spatial.hpp>
#include <fsis/tensor/transfer.hpp>

#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace interactive {

/// f-BRS (Sofiiuk et al. 2020, section 4): the variables x = (delta, b), 2 C numbers, change every channel of the
/// features at one place of the network,  F' = F (1 + delta) + b,  and the rest of the network is computed again.
/// Mirrored copies share x. A place is given by its features (N,h,w,C) and `tail(tape, features)`, the logits.
template <class Tensor, class Tail>
struct feature_replay {
  Tensor features;
  Tail tail;

  index_t channels() const { return features.extent(3); }
  shape variables() const { return {2 * channels()}; }

  template <class Tape>
  variable<Tensor> operator()(Tape& t, variable<Tensor> const& x) const {
    auto const scale = affine(t, slice(t, x, 0, 0, channels()), 1, 1);
    auto const bias = slice(t, x, 0, channels(), channels());
    return tail(t, scale_bias(t, variable<Tensor>(features), scale, bias));
  }
};

template <class Tensor, class Tail>
feature_replay<Tensor, Tail> replay_features(Tensor features, Tail tail) {
  return {std::move(features), std::move(tail)};
}

/// Weights of the squares of (delta, b): `weight` and `bias_factor * weight`.
template <class T, class Context>
tensor<T, Context> feature_penalty(Context const& ctx, index_t channels, double weight, double bias_factor) {
  std::vector<T> w(static_cast<std::size_t>(2 * channels), static_cast<T>(weight));
  for (std::size_t i = w.size() / 2; i < w.size(); ++i) w[i] = static_cast<T>(weight * bias_factor);
  return from_host<T>(ctx, {2 * channels}, w);
}

}  // namespace interactive
}  // namespace v0
}  // namespace fsis
