// SPDX-License-Identifier: MIT
// expect: conv<3, 32 | conv<64, 128 | , 32, 64> | make the second number of the first layer equal to the first

#include <fsis/nn/activation.hpp>
#include <fsis/nn/conv.hpp>
#include <fsis/nn/sequential.hpp>

int main() {
  fsis::nn::sequential<fsis::nn::relu, fsis::nn::conv<3, 32, 3>, fsis::nn::relu, fsis::nn::max_pool<>,
                       fsis::nn::conv<64, 128, 3>, fsis::nn::relu>
      net;
  (void)net;
}
