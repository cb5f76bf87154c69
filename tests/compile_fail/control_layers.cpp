// SPDX-License-Identifier: MIT
// The refused layers with their numbers put right.

#include <fsis/model/vgg16.hpp>
#include <fsis/nn/activation.hpp>
#include <fsis/nn/batch_norm.hpp>
#include <fsis/nn/conv_block.hpp>
#include <fsis/nn/sequential.hpp>

using namespace fsis;

struct stem : nn::sequential<nn::conv_block<3, 32>, nn::relu> {};
struct neck : nn::sequential<nn::max_pool<>, nn::batch_norm<32>, nn::conv_block<32, 128>> {};

int main() {
  nn::sequential<nn::conv<3, 32, 3>, nn::conv<32, 128, 3>> plain;
  nn::sequential<nn::relu, nn::conv<3, 32, 3>, nn::relu, nn::max_pool<>, nn::conv<32, 128, 3>, nn::relu> with_pool;
  nn::sequential<stem, nn::relu, neck> named;
  nn::conv<6, 3, 3, tensor<float>, nn::same<1, 1, 3>> grouped;
  model::vgg16_trunk<tensor<float>, 2, nn::normalization::none> trunk;
  (void)plain, (void)with_pool, (void)named, (void)grouped, (void)trunk;
}
