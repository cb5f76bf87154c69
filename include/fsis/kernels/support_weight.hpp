// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/core/math.hpp>

namespace fsis {
inline namespace v0 {
namespace kernels {

/// out = coverage where it reaches min(threshold, fullest), else 0; 0 everywhere where nothing is covered.
template <class T>
struct core_cell {
  T* out;
  T const* coverage;
  T const* fullest;
  T threshold;
  FSIS_HD void operator()(index_t i) const {
    T const needed = hd_min(threshold, *fullest);
    out[i] = coverage[i] > T(0) && coverage[i] >= needed ? coverage[i] : T(0);
  }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
