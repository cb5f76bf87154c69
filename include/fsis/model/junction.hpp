// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/nn/conv_block.hpp>
#include <fsis/nn/sequential.hpp>

namespace fsis {
inline namespace v0 {
namespace model {

/// Where the three branches meet: 3x3 convolutions over their concatenation. BJ refines its input, AJ its output.
template <index_t In, index_t Width, class Tensor>
struct junction : nn::sequential<nn::conv_block<In, Width, 3, Tensor>, nn::conv_block<Width, Width, 3, Tensor>> {};

/// Two 3x3 convolutions and a 1x1 to one logit, at the junction's resolution.
template <index_t Width, class Tensor>
struct head : nn::sequential<nn::conv_block<Width, Width, 3, Tensor>, nn::conv_block<Width, Width, 3, Tensor>,
                             nn::conv<Width, 1, 1, Tensor>> {};

}  // namespace model
}  // namespace v0
}  // namespace fsis
