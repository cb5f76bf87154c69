// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

#include <cstddef>
#include <cstdint>

namespace fsis {
inline namespace v0 {
namespace io {

/// Limits on a safetensors file that reader and writer both enforce, before anything is allocated for
/// tensors.
struct safetensors_limits {
  static constexpr std::uint64_t header_bytes = 100'000'000;
  static constexpr std::size_t name_bytes = 1024;
  static constexpr std::size_t rank = 8;
  static constexpr int depth = 3;
};

}  // namespace io
}  // namespace v0
}  // namespace fsis
