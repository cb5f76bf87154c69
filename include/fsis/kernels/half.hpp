// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/half.hpp>

namespace fsis {
inline namespace v0 {
namespace kernels {

// Floats to sixteen bits and back, by integers alone: the same bits on every device.

struct to_bf16 {
  std::uint16_t* out;
  float const* x;
  FSIS_HD void operator()(index_t i) const { out[i] = to_bfloat16(x[i]); }
};
struct from_bf16 {
  float* out;
  std::uint16_t const* x;
  FSIS_HD void operator()(index_t i) const { out[i] = from_bfloat16(x[i]); }
};
struct to_fp16 {
  std::uint16_t* out;
  float const* x;
  FSIS_HD void operator()(index_t i) const { out[i] = to_half(x[i]); }
};
struct from_fp16 {
  float* out;
  std::uint16_t const* x;
  FSIS_HD void operator()(index_t i) const { out[i] = from_half(x[i]); }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
