// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/bench/machine.hpp>
#include <fsis/core/math.hpp>
#include <fsis/device/cpu_context.hpp>

#include <algorithm>
#include <atomic>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace bench {

/// Empties the caches of a context's cores: each thread reads more bytes than the last cache holds. Reading leaves
/// lines that need not be written back later, which would cost whoever comes next.
class cold_caches {
 public:
  /// Where the system does not say how large its caches are, 64 MiB are read.
  explicit cold_caches(machine const& m)
      : bytes_(static_cast<std::size_t>(m.last_cache_bytes() > 0 ? 2 * m.last_cache_bytes() : index_t{64} << 20), 1) {}

  void operator()(cpu_context const& ctx) const {
    ctx.parallel(ctx.threads(), [&](index_t) {
      // one byte of each line
      unsigned sum = 0;
      for (std::size_t i = 0; i < bytes_.size(); i += 64) sum += static_cast<unsigned char>(bytes_[i]);
      read_.fetch_add(sum, std::memory_order_relaxed);
    });
  }

  /// Bytes that were found, so that none of the reading can be left out.
  unsigned long long bytes_read() const { return read_.load(); }

 private:
  std::vector<char> bytes_;
  mutable std::atomic<unsigned long long> read_{0};
};

}  // namespace bench
}  // namespace v0
}  // namespace fsis
