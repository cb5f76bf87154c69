// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/lanes.hpp>
#include <fsis/core/math.hpp>
#include <fsis/device/cpu_context.hpp>

#include <cstdint>
#include <cstring>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

/// One step: for a given word a bijection of the state, for a given state a bijection of the word. Whatever else is the
/// same, another word gives another state.
inline std::uint64_t mixed(std::uint64_t state, std::uint64_t word) {
  state = (state ^ word) * 0x9e3779b97f4a7c15u;  // odd, from the golden ratio
  return state ^ state >> 29;
}

/// The words of `count` numbers in eight chains, which the processor works on side by side.
inline std::uint64_t fingerprint_of_part(float const* numbers, index_t count) {
  constexpr int chains = 8, per_word = 2;
  std::uint64_t state[chains] = {1, 2, 3, 4, 5, 6, 7, 8};
  index_t i = 0;
  for (; i + chains * per_word <= count; i += chains * per_word) {
    std::uint64_t words[chains];
    std::memcpy(words, numbers + i, sizeof words);
    unrolled<chains>([&](auto c) { state[c] = mixed(state[c], words[c]); });
  }
  for (; i < count; ++i) {
    std::uint32_t word;
    std::memcpy(&word, numbers + i, sizeof word);
    state[0] = mixed(state[0], word);
  }
  std::uint64_t all = static_cast<std::uint64_t>(count);
  for (std::uint64_t s : state) all = mixed(all, s);
  return all;
}

/// A number that tells contents apart: a change of one element always changes it, changes of several do but for one in
/// 2^64. It reads every element once, which costs a few per cent of what the elements are used for.
inline std::uint64_t fingerprint_of(cpu_context const& ctx, float const* numbers, index_t count) {
  constexpr index_t part = index_t{1} << 16;
  index_t const parts = ceil_div(count, part);
  if (parts <= 1) return fingerprint_of_part(numbers, count);
  std::vector<std::uint64_t> of_parts(static_cast<std::size_t>(parts));
  ctx.parallel(parts, [&](index_t i) {
    of_parts[static_cast<std::size_t>(i)] = fingerprint_of_part(numbers + i * part, hd_min(part, count - i * part));
  });
  std::uint64_t all = 0;
  for (std::uint64_t p : of_parts) all = mixed(all, p);
  return all;
}

}  // namespace detail
}  // namespace backend
}  // namespace v0
}  // namespace fsis
