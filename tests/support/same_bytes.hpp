// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/tensor/transfer.hpp>

#include <support/threads.hpp>

#include <cstring>
#include <vector>

namespace fsis_test {

/// Does `f(ctx)`, which returns a tensor, give the same bytes for every one of `thread_counts`?
template <class F>
bool same_bytes_for_any_threads(F f) {
  auto const bytes_with = [&](int threads) {
    auto const ctx = context_with(threads);
    auto const values = fsis::to_host(ctx, f(ctx));
    std::vector<unsigned char> bytes(values.size() * sizeof values[0]);
    if (!bytes.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
  };
  auto const expected = bytes_with(thread_counts[0]);
  for (int threads : thread_counts)
    if (bytes_with(threads) != expected) return false;
  return true;
}

}  // namespace fsis_test
