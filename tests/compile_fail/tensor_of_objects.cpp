// SPDX-License-Identifier: MIT
// expect: a tensor holds plain numbers; use tensor<float> or tensor<double>

#include <fsis/tensor/tensor.hpp>

#include <string>

int main() {
  fsis::tensor<std::string> t;
  return t.rank();
}
