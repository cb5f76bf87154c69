// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/device/cpu_context.hpp>
#include <fsis/tensor/transfer.hpp>

#include <vector>

namespace fsis_test {

/// The elements of a tensor of the CPU.
template <class T>
std::vector<T> host(fsis::tensor<T> const& x) {
  return fsis::to_host(fsis::cpu_context{}, x);
}

}  // namespace fsis_test
