// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <new>

namespace fsis {
inline namespace v0 {

/// Where a memory pool takes its blocks from, and gives them back to.
class memory_source {
 public:
  static constexpr std::size_t alignment = 64;

  virtual ~memory_source() = default;

  /// At least `bytes`, aligned; null where there is no room.
  virtual void* allocate(std::size_t bytes) noexcept = 0;
  virtual void free(void* block) noexcept = 0;
};

/// The memory of the process.
class host_memory final : public memory_source {
 public:
  void* allocate(std::size_t bytes) noexcept override {
    return ::operator new(bytes, std::align_val_t{alignment}, std::nothrow);
  }
  void free(void* block) noexcept override { ::operator delete(block, std::align_val_t{alignment}); }
};

}  // namespace v0
}  // namespace fsis
