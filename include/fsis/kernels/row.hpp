// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/math.hpp>

#include <type_traits>

namespace fsis {
inline namespace v0 {
namespace kernels {

// Kernels that work on whole rows of channels. Sums are taken in `row_lanes` chains side by side, the same number
// everywhere, so that vectors can be made of them; what is computed is kept in local memory before it is written, since
// it cannot overlap there with what is read.

constexpr index_t row_lanes = 16;

/// One number for each chain.
template <class T>
struct row_part {
  T v[row_lanes];

  FSIS_HD explicit row_part(T value) {
    for (index_t i = 0; i < row_lanes; ++i) v[i] = value;
  }
  /// All of them combined by f, pairwise.
  template <class F>
  FSIS_HD T folded(F const& f) const {
    static_assert(row_lanes == 16, "halved four times");
    T a[8], b[4];
    for (index_t i = 0; i < 8; ++i) a[i] = f(v[i], v[i + 8]);
    for (index_t i = 0; i < 4; ++i) b[i] = f(a[i], a[i + 4]);
    return f(f(b[0], b[2]), f(b[1], b[3]));
  }
};

/// f(n, c) for the parts of a row of C numbers, those from c on: n is a
/// `std::integral_constant` of 16, 8 or 1.
template <class F>
FSIS_HD void for_parts(index_t C, F const& f) {
  index_t c = 0;
  for (; C - c >= row_lanes; c += row_lanes) f(std::integral_constant<index_t, row_lanes>{}, c);
  for (; C - c >= 8; c += 8) f(std::integral_constant<index_t, 8>{}, c);
  for (; c < C; ++c) f(std::integral_constant<index_t, 1>{}, c);
}

/// out[c] = f(c) for the numbers of a row.
template <class T, class F>
FSIS_HD void write_row(T* out, index_t C, F const& f) {
  for_parts(C, [&](auto n, index_t c) {
    constexpr index_t N = decltype(n)::value;
    T r[N];
    for (index_t i = 0; i < N; ++i) r[i] = f(c + i);
    for (index_t i = 0; i < N; ++i) out[c + i] = r[i];
  });
}

/// The sum of f(c) over the numbers of a row.
template <class T, class F>
FSIS_HD T sum_row(index_t C, F const& f) {
  row_part<T> part(T(0));
  for_parts(C, [&](auto n, index_t c) {
    for (index_t i = 0; i < decltype(n)::value; ++i) part.v[i] += f(c + i);
  });
  return part.folded([](T a, T b) { return a + b; });
}

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
