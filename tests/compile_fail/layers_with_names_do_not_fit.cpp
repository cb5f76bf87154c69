// SPDX-License-Identifier: MIT
// expect: stem | neck | , 32, 64> | make the second number of the first layer equal to the first

#include <fsis/nn/activation.hpp>
#include <fsis/nn/batch_norm.hpp>
#include <fsis/nn/conv_block.hpp>
#include <fsis/nn/sequential.hpp>

struct stem : fsis::nn::sequential<fsis::nn::conv_block<3, 32>, fsis::nn::relu> {};
struct neck : fsis::nn::sequential<fsis::nn::max_pool<>, fsis::nn::batch_norm<64>, fsis::nn::conv_block<64, 128>> {};

int main() {
  fsis::nn::sequential<stem, fsis::nn::relu, neck> net;
  (void)net;
}
