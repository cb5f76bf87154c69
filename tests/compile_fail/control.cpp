// SPDX-License-Identifier: MIT
// The neighbours of the refused programs, written right: what they are refused for is their one mistake.

#include <fsis/backend/for_each.hpp>
#include <fsis/core/view.hpp>
#include <fsis/tensor/tensor.hpp>

struct doubles {
  float* x;
  FSIS_HD void operator()(fsis::index_t i) const { x[i] *= 2; }
};

int main() {
  fsis::cpu_context ctx;
  fsis::tensor<float> t(ctx, {2, 3});
  fsis::backend::for_each(ctx, t.size(), doubles{t.data()});
  return t.view<2>()(1, 2) > 0;
}
