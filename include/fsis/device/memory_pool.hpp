// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>
#include <fsis/device/memory_source.hpp>

#include <cstddef>
#include <limits>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {

/// What a pool holds now and held at most, in bytes.
struct memory_statistics {
  std::size_t in_use = 0;
  std::size_t peak = 0;    ///< largest `in_use` since the start or the last `reset_peak`
  std::size_t cached = 0;  ///< free blocks kept for reuse
};

/// Memory for tensors, 64-byte aligned. Freed blocks are kept and reused: fresh pages cost more than the arithmetic of
/// a small layer, and a device's allocations more than that. Thread-safe. Blocks share ownership of their pool, so
/// they may outlive the context that made them.
class memory_pool : public std::enable_shared_from_this<memory_pool> {
 public:
  static constexpr std::size_t alignment = memory_source::alignment;

  explicit memory_pool(std::size_t limit = (std::numeric_limits<std::size_t>::max)(),
                       std::shared_ptr<memory_source> source = std::make_shared<host_memory>())
      : source_(std::move(source)), limit_(limit) {}
  memory_pool(memory_pool const&) = delete;
  memory_pool& operator=(memory_pool const&) = delete;
  ~memory_pool() { release_cached(); }

  /// A block of at least `bytes`, uninitialised. Throws `device_error` when the limit or the machine's memory
  /// does not suffice; the pool is then as before, less its cached blocks.
  std::shared_ptr<void> allocate(std::size_t bytes) {
    std::size_t const size = size_class(bytes);
    void* block = take(size);
    return std::shared_ptr<void>(block, owner{shared_from_this(), size, nullptr});
  }

  /// What was computed from a block and is worth keeping as long as it: one object of type `Attachment` for each block,
  /// made at the first call and freed with the block. Null for memory that no pool gave. Thread-safe.
  template <class Attachment, class T>
  static std::shared_ptr<Attachment> attached_to(std::shared_ptr<T> const& block) {
    owner* const o = std::get_deleter<owner>(block);
    if (o == nullptr) return nullptr;
    std::lock_guard<std::mutex> lock(o->pool->mutex_);
    if (o->attachment == nullptr) o->attachment = std::make_shared<Attachment>();
    return std::static_pointer_cast<Attachment>(o->attachment);
  }

  /// Bytes that tensors and cached blocks may take together; the largest number where there is no limit.
  std::size_t limit() const { return limit_; }

  memory_statistics statistics() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return statistics_;
  }

  void reset_peak() {
    std::lock_guard<std::mutex> lock(mutex_);
    statistics_.peak = statistics_.in_use;
  }

  /// Returns the cached blocks to their source.
  void release_cached() {
    std::lock_guard<std::mutex> lock(mutex_);
    free_cached();
  }

 private:
  struct owner {
    std::shared_ptr<memory_pool> pool;
    std::size_t size;
    std::shared_ptr<void> attachment;

    void operator()(void* block) noexcept {
      attachment.reset();  // before the pool's lock is taken: it may hold blocks, too
      pool->give_back(block, size);
    }
  };

  // Eight classes per power of two: at most an eighth is wasted, and sizes that differ by a few rows share blocks.
  static std::size_t size_class(std::size_t bytes) {
    require<device_error>(bytes <= (std::numeric_limits<std::size_t>::max)() / 2, "memory: a block of ", bytes,
                          " bytes cannot be addressed");
    std::size_t step = alignment;
    while (step * 16 <= bytes) step *= 2;
    return bytes == 0 ? alignment : (bytes + step - 1) / step * step;
  }

  void* take(std::size_t size) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto& free_blocks = free_[size];
    void* block = nullptr;
    if (!free_blocks.empty()) {
      block = free_blocks.back();
      free_blocks.pop_back();
      statistics_.cached -= size;
    } else {
      free_blocks.reserve(++blocks_made_[size]);  // so that give_back never allocates
      if (exceeds(size)) free_cached();
      block = exceeds(size) ? nullptr : source_->allocate(size);
      if (block == nullptr && statistics_.cached > 0) {
        free_cached();
        block = source_->allocate(size);
      }
      if (block == nullptr) {
        --blocks_made_[size];
        fail<device_error>("memory: cannot allocate ", size, " bytes with ", statistics_.in_use, " in use",
                           limit_ == (std::numeric_limits<std::size_t>::max)()
                               ? std::string()
                               : message(" and a limit of ", limit_));
      }
    }
    statistics_.in_use += size;
    if (statistics_.in_use > statistics_.peak) statistics_.peak = statistics_.in_use;
    return block;
  }

  bool exceeds(std::size_t size) const {
    return size > limit_ || statistics_.in_use + statistics_.cached > limit_ - size;
  }

  void give_back(void* block, std::size_t size) noexcept {
    std::lock_guard<std::mutex> lock(mutex_);
    free_[size].push_back(block);
    statistics_.in_use -= size;
    statistics_.cached += size;
  }

  void free_cached() noexcept {
    for (auto& entry : free_) {
      blocks_made_[entry.first] -= entry.second.size();
      for (void* p : entry.second) source_->free(p);
      entry.second.clear();
    }
    statistics_.cached = 0;
  }

  std::shared_ptr<memory_source> source_;
  mutable std::mutex mutex_;
  std::unordered_map<std::size_t, std::vector<void*>> free_;
  std::unordered_map<std::size_t, std::size_t> blocks_made_;
  memory_statistics statistics_;
  std::size_t limit_;
};

}  // namespace v0
}  // namespace fsis
