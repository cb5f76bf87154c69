// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>
#include <fsis/core/math.hpp>
#include <fsis/device/convolution_algorithm.hpp>
#include <fsis/device/instruction_set.hpp>
#include <fsis/device/memory_pool.hpp>
#include <fsis/device/thread_pool.hpp>

#include <cstring>
#include <limits>
#include <memory>
#include <thread>

namespace fsis {
inline namespace v0 {

struct cpu_options {
  int threads = 0;                                                       ///< 0: one per hardware thread
  std::size_t memory_limit = (std::numeric_limits<std::size_t>::max)();  ///< bytes of tensors, cached blocks included;
                                                                         ///< with one, no forms of filters are kept
  instruction_set instructions = supported_instruction_set();  ///< at most; results differ between sets by rounding
  convolution_algorithm convolutions = convolution_algorithm::any;
};

/// Where CPU tensors live and CPU work runs: threads and a memory pool, made by the caller. Results do not depend
/// on the number of threads. May be shared by several threads; parallel sections then take turns.
class cpu_context {
 public:
  cpu_context() : cpu_context(cpu_options{}) {}

  /// Throws `value_error` on a negative thread count.
  explicit cpu_context(cpu_options const& options)
      : threads_(std::make_unique<thread_pool>(resolved_threads(options.threads))),
        memory_(std::make_shared<memory_pool>(options.memory_limit)),
        instructions_(hd_min(options.instructions, supported_instruction_set())),
        convolutions_(options.convolutions) {}

  int threads() const { return threads_->threads(); }
  memory_pool& memory() const { return *memory_; }
  instruction_set instructions() const { return instructions_; }
  convolution_algorithm convolutions() const { return convolutions_; }

  /// Uninitialised, 64-byte aligned memory that returns to the pool with its last owner.
  std::shared_ptr<void> allocate(std::size_t bytes) const { return memory_->allocate(bytes); }

  /// `task(i)` for every i in [0, count) on the threads of this context; see `thread_pool::run`.
  template <class Task>
  void parallel(index_t count, Task const& task) const {
    threads_->run(count, task);
  }

  void copy_from_host(void* to, void const* from, std::size_t bytes) const {
    if (bytes > 0) std::memcpy(to, from, bytes);
  }
  void copy_to_host(void* to, void const* from, std::size_t bytes) const {
    if (bytes > 0) std::memcpy(to, from, bytes);
  }

  /// Waits for all work given to the context: on the CPU every call has finished when it returns.
  void synchronize() const {}

 private:
  static int resolved_threads(int wanted) {
    require<value_error>(wanted >= 0, "cpu_context: ", wanted, " threads, wanted 0 (all) or more");
    if (wanted > 0) return wanted;
    unsigned const hardware = std::thread::hardware_concurrency();
    return hardware > 0 ? static_cast<int>(hardware) : 1;
  }

  std::unique_ptr<thread_pool> threads_;
  std::shared_ptr<memory_pool> memory_;
  instruction_set instructions_;
  convolution_algorithm convolutions_;
};

}  // namespace v0
}  // namespace fsis
