// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

#include <cmath>

namespace fsis {
inline namespace v0 {

/// Four 32-bit words that depend on (seed, stream, counter) alone: Philox4x32-10
/// (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011). Every device and every
/// number of threads draws the same values.
struct philox {
  struct block {
    std::uint32_t word[4];
  };

  FSIS_HD static block at(std::uint64_t seed, std::uint64_t stream, std::uint64_t counter) {
    block b{{static_cast<std::uint32_t>(counter), static_cast<std::uint32_t>(counter >> 32),
             static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)}};
    std::uint32_t k0 = static_cast<std::uint32_t>(seed);
    std::uint32_t k1 = static_cast<std::uint32_t>(seed >> 32);
    for (int round = 0; round < 10; ++round) {
      std::uint64_t const p0 = std::uint64_t{0xD2511F53u} * b.word[0];
      std::uint64_t const p1 = std::uint64_t{0xCD9E8D57u} * b.word[2];
      block const next{{static_cast<std::uint32_t>(p1 >> 32) ^ b.word[1] ^ k0, static_cast<std::uint32_t>(p1),
                        static_cast<std::uint32_t>(p0 >> 32) ^ b.word[3] ^ k1, static_cast<std::uint32_t>(p0)}};
      b = next;
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }
    return b;
  }
};

/// A sequence of draws from one (seed, stream). Copying it copies the position.
class random_stream {
 public:
  explicit random_stream(std::uint64_t seed, std::uint64_t stream = 0) : seed_(seed), stream_(stream) {}

  std::uint32_t bits() {
    if (used_ == 4) {
      block_ = philox::at(seed_, stream_, counter_++);
      used_ = 0;
    }
    return block_.word[used_++];
  }

  /// Uniform in [0, 1), 53 random bits.
  double uniform() {
    std::uint64_t const high = bits() >> 5, low = bits() >> 6;
    return static_cast<double>((high << 26) | low) * (1.0 / 9007199254740992.0);
  }

  double uniform(double low, double high) { return low + (high - low) * uniform(); }

  /// Uniform in {0, ..., n-1}; n >= 1.
  index_t below(index_t n) {
    index_t const i = static_cast<index_t>(uniform() * static_cast<double>(n));
    return i < n ? i : n - 1;
  }

  bool chance(double probability) { return uniform() < probability; }

  /// Standard normal (Box and Muller).
  double normal() {
    double const u = 1.0 - uniform(), v = uniform();
    return std::sqrt(-2.0 * std::log(u)) * std::cos(6.283185307179586 * v);
  }

  /// Fisher-Yates shuffle of a random access container.
  template <class Container>
  void shuffle(Container& c) {
    for (index_t i = static_cast<index_t>(c.size()) - 1; i > 0; --i) {
      using std::swap;
      swap(c[static_cast<std::size_t>(i)], c[static_cast<std::size_t>(below(i + 1))]);
    }
  }

 private:
  std::uint64_t seed_, stream_, counter_ = 0;
  philox::block block_{};
  int used_ = 4;
};

}  // namespace v0
}  // namespace fsis
