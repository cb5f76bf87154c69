// SPDX-License-Identifier: MIT
// expect: the groups of a convolution must divide its input and its output channels | conv<6, 4

#include <fsis/nn/conv.hpp>

int main() {
  fsis::nn::conv<6, 4, 3, fsis::tensor<float>, fsis::nn::same<1, 1, 3>> layer;
  (void)layer;
}
