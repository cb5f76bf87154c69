// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/model/architecture.hpp>
#include <fsis/model/squeezenet.hpp>
#include <fsis/model/vgg16.hpp>

#include <type_traits>

namespace fsis {
inline namespace v0 {
namespace model {

/// The trunk of an architecture. A trunk is a layer that gives high-level features of stride 16; its part `lower` gives
/// the levels `shallow` and `deep` of stride 8, from whose `deep` `above` goes on to the high level.
template <class Architecture, class Tensor>
using trunk_of = std::conditional_t<Architecture::trunk == trunk_kind::squeezenet, squeezenet_trunk<Tensor>,
                                    vgg16_trunk<Tensor, Architecture::width_divisor, Architecture::trunk_norm>>;

}  // namespace model
}  // namespace v0
}  // namespace fsis
