// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

// Kernels for one processor and another share one source: templates over the number of lanes, in the vector types of
// g++ and clang++. They hold no intrinsics and are inlined into functions that name an instruction set (see
// instruction_sets.hpp), which decides what is generated. Vectors travel by reference: passed by value to a function
// that is not inlined, their place would depend on the instruction set.

/// `Count` numbers side by side in a register, and the same anywhere in memory.
template <int Count>
struct lanes_of {
  typedef float type __attribute__((vector_size(Count * sizeof(float))));
  typedef float anywhere __attribute__((vector_size(Count * sizeof(float)), aligned(sizeof(float)), may_alias));
  typedef int bits __attribute__((vector_size(Count * sizeof(float))));
};

template <int Count>
using lanes = typename lanes_of<Count>::type;

template <class Lanes>
constexpr int lane_count = static_cast<int>(sizeof(Lanes) / sizeof(float));

template <class Lanes>
[[gnu::always_inline]] inline void load(Lanes& v, float const* from) {
  v = *reinterpret_cast<typename lanes_of<lane_count<Lanes>>::anywhere const*>(from);
}

template <class Lanes>
[[gnu::always_inline]] inline void store(float* to, Lanes const& v) {
  *reinterpret_cast<typename lanes_of<lane_count<Lanes>>::anywhere*>(to) = v;
}

/// max(v, 0), lane by lane; a NaN stays one.
template <class Lanes>
[[gnu::always_inline]] inline void rectify(Lanes& v) {
  v = v < Lanes{} ? Lanes{} : v;
}

/// max(v, other), lane by lane; NaN where one of them is. Where both are numbers, the two choices are the same; where
/// one is NaN, each choice takes another one, and the bits of both make a NaN. (g++ takes two comparisons together in
/// one lane after the other.)
template <class Lanes>
[[gnu::always_inline]] inline void raise(Lanes& v, Lanes const& other) {
  using bits = typename lanes_of<lane_count<Lanes>>::bits;
  static_assert(sizeof(int) == sizeof(float), "lanes and their bits are of one size");
  Lanes const a = v >= other ? v : other, b = other >= v ? other : v;
  v = reinterpret_cast<Lanes>(reinterpret_cast<bits>(a) | reinterpret_cast<bits>(b));
}

template <class F, std::size_t... I>
[[gnu::always_inline]] inline void unrolled(F const& f, std::index_sequence<I...>) {
  (f(std::integral_constant<int, static_cast<int>(I)>{}), ...);
}

/// f(0), f(1), ... with constants: g++ -O2 does not unroll loops, and arrays with variable indices stay in memory.
template <int Count, class F>
[[gnu::always_inline]] inline void unrolled(F const& f) {
  unrolled(f, std::make_index_sequence<static_cast<std::size_t>(Count)>{});
}

}  // namespace detail
}  // namespace backend
}  // namespace v0
}  // namespace fsis
