// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace detail {

/// Memory for objects of any type that live until the arena does. Objects are destroyed by their owner.
class arena {
 public:
  template <class T>
  void* place(T&& value) {
    using object = std::decay_t<T>;
    static_assert(alignof(object) <= alignof(std::max_align_t), "over-aligned objects do not fit into the arena");
    void* const at = take(sizeof(object));
    return ::new (at) object(std::forward<T>(value));
  }

 private:
  static constexpr std::size_t block_bytes = std::size_t{1} << 14;

  void* take(std::size_t bytes) {
    constexpr std::size_t unit = alignof(std::max_align_t);
    std::size_t const size = (bytes + unit - 1) / unit * unit;
    if (size > left_) {
      std::size_t const block = size > block_bytes ? size : block_bytes;
      blocks_.push_back(std::make_unique<unsigned char[]>(block));
      next_ = blocks_.back().get();
      left_ = block;
    }
    void* const at = next_;
    next_ += size;
    left_ -= size;
    return at;
  }

  std::vector<std::unique_ptr<unsigned char[]>> blocks_;
  unsigned char* next_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace detail
}  // namespace v0
}  // namespace fsis
