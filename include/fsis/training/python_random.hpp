// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {
namespace detail {

/// The Mersenne twister's first state as CPython makes it from an integer below 2^32: `init_by_array` of Matsumoto and
/// Nishimura with that one number. A seed sequence of the standard library.
class python_seed {
 public:
  using result_type = std::uint32_t;

  explicit python_seed(std::uint32_t seed) : seed_(seed) {}

  template <class Iterator>
  void generate(Iterator first, Iterator last) const {
    std::size_t const n = static_cast<std::size_t>(last - first);
    std::vector<std::uint32_t> s(n);
    s[0] = 19650218u;
    auto const mixed = [&s](std::size_t i, std::uint32_t factor) { return (s[i - 1] ^ (s[i - 1] >> 30)) * factor; };
    for (std::size_t i = 1; i < n; ++i) s[i] = mixed(i, 1812433253u) + static_cast<std::uint32_t>(i);
    std::size_t i = 1;
    auto const next = [&] {
      if (++i < n) return;
      s[0] = s[n - 1];
      i = 1;
    };
    for (std::size_t k = 0; k < n; ++k, next()) s[i] = (s[i] ^ mixed(i, 1664525u)) + seed_;
    for (std::size_t k = 0; k + 1 < n; ++k, next())
      s[i] = (s[i] ^ mixed(i, 1566083941u)) - static_cast<std::uint32_t>(i);
    s[0] = 0x80000000u;
    for (std::size_t k = 0; k < n; ++k, ++first) *first = s[k];
  }

 private:
  std::uint32_t seed_;
};

}  // namespace detail

/// `random.Random(seed)` of CPython: the published test pairs of OSLSM come from it.
class python_random {
 public:
  explicit python_random(std::uint32_t seed) : twister_(seeded(seed)) {}

  /// Uniform in [0, 1), 53 random bits.
  double uniform() {
    auto const high = static_cast<std::uint64_t>(twister_() >> 5), low = static_cast<std::uint64_t>(twister_() >> 6);
    return static_cast<double>((high << 26) | low) * (1.0 / 9007199254740992.0);
  }

  /// The shuffle of Python 2; Python 3 draws otherwise.
  template <class Value>
  void shuffle(std::vector<Value>& values) {
    for (std::size_t i = values.size(); i-- > 1;)
      std::swap(values[i], values[static_cast<std::size_t>(uniform() * static_cast<double>(i + 1))]);
  }

 private:
  static std::mt19937 seeded(std::uint32_t seed) {
    detail::python_seed sequence(seed);
    return std::mt19937(sequence);
  }

  std::mt19937 twister_;
};

}  // namespace training
}  // namespace v0
}  // namespace fsis
