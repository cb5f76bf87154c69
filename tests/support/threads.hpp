// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/device/cpu_context.hpp>
#include <fsis/tensor/transfer.hpp>

#include <cstring>
#include <vector>

namespace fsis_test {

/// Results must be the same bytes for each of these.
constexpr int thread_counts[] = {1, 2, 3, 7};

inline fsis::cpu_context context_with(int threads) {
  fsis::cpu_options o;
  o.threads = threads;
  return fsis::cpu_context(o);
}

/// Does the tensor that `make(context)` returns have the same shape and bytes for every number of threads?
template <class Make>
bool same_bytes_for_any_threads(Make make) {
  auto const one = context_with(1);
  auto const first = make(one);
  auto const wanted = fsis::to_host(one, first);
  for (int threads : thread_counts) {
    auto const ctx = context_with(threads);
    auto const other = make(ctx);
    auto const got = fsis::to_host(ctx, other);
    if (other.extents() != first.extents()) return false;
    if (!got.empty() && std::memcmp(got.data(), wanted.data(), got.size() * sizeof(got[0])) != 0) return false;
  }
  return true;
}

}  // namespace fsis_test
