// SPDX-License-Identifier: MIT
// expect: give one index per axis of the view

#include <fsis/core/view.hpp>

int main() {
  float x[6] = {};
  auto const v = fsis::contiguous_view<2>(x, {2, 3});
  return v(1) > 0;
}
