// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace io {
namespace detail {

// Gathers bytes without ever throwing, for callbacks of C libraries through which no exception may pass.
class byte_sink {
 public:
  byte_sink() = default;
  byte_sink(byte_sink const&) = delete;
  byte_sink& operator=(byte_sink const&) = delete;
  ~byte_sink() { std::free(bytes_); }

  // False when there is no memory; what was gathered stays.
  bool append(std::uint8_t const* from, std::size_t count) noexcept {
    if (count > capacity_ - count_) {
      std::size_t const capacity = 2 * (count_ + count);
      void* const grown = std::realloc(bytes_, capacity);
      if (grown == nullptr) return false;
      bytes_ = static_cast<std::uint8_t*>(grown);
      capacity_ = capacity;
    }
    if (count > 0) std::memcpy(bytes_ + count_, from, count);
    count_ += count;
    return true;
  }

  std::vector<std::uint8_t> bytes() const { return std::vector<std::uint8_t>(bytes_, bytes_ + count_); }

 private:
  std::uint8_t* bytes_ = nullptr;
  std::size_t count_ = 0, capacity_ = 0;
};

}  // namespace detail
}  // namespace io
}  // namespace v0
}  // namespace fsis
