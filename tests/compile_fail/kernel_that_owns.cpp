// SPDX-License-Identifier: MIT
// expect: a kernel is copied to the device bit by bit | hold views and numbers, not tensors

#include <fsis/backend/for_each.hpp>
#include <fsis/tensor/tensor.hpp>

struct doubles {
  fsis::tensor<float> x;
  void operator()(fsis::index_t i) const { x.data()[i] *= 2; }
};

int main() {
  fsis::cpu_context ctx;
  fsis::tensor<float> t(ctx, {2, 3});
  fsis::backend::for_each(ctx, t.size(), doubles{t});
}
