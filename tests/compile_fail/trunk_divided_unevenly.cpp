// SPDX-License-Identifier: MIT
// expect: the width divisor of a VGG16 trunk must divide 64

#include <fsis/model/vgg16.hpp>

int main() {
  fsis::model::vgg16_trunk<fsis::tensor<float>, 3, fsis::nn::normalization::none> trunk;
  (void)trunk;
}
