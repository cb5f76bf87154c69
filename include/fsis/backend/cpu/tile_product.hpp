// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/conv_types.hpp>
#include <fsis/backend/cpu/lanes.hpp>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

/// c = [c +] a * panel [+ bias] [rectified]: rows of pixels times a panel of filters. Row i of a holds the numbers
/// a[i * a_row + k * a_step] for k < depth, a panel `depth` rows of `panel_width` numbers; those of columns beyond
/// `columns` are read and not used.
struct product {
  float const* a;
  index_t a_row, a_step = 1;
  index_t depth;
  float const* panel;
  float* c;
  index_t c_row;
  index_t rows, columns;
  bool accumulate = false;
  float const* bias = nullptr;  // (columns)
  activation act = activation::none;
};

/// Rows whose sums are held in registers at once, beside a row of the panel and a broadcast number: 32 registers with
/// AVX-512, else 16. Fewer than ten sums leave the processor waiting for the last one.
template <int Lanes, int Vectors>
constexpr int rows_at_once = 12 * Vectors + Vectors + 1 <= (Lanes == 16 ? 32 : 16) ? 12 : 6;

/// c = [c +] sums [+ bias] [rectified] for rows of `width` sums that stand one below the other.
template <int Lanes>
[[gnu::always_inline]] inline void finish(product const& p, index_t first_row, index_t rows, float* sums,
                                          index_t width) {
  for (index_t i = 0; i < rows; ++i, sums += width) {
    float* const c = p.c + (first_row + i) * p.c_row;
    index_t const columns = p.columns < width ? p.columns : width;
    for (index_t k = 0; k < columns; k += Lanes) {
      lanes<Lanes> y, other;
      if (k + Lanes <= columns) {
        load(y, sums + k);
        if (p.accumulate) load(other, c + k), y += other;
        if (p.bias != nullptr) load(other, p.bias + k), y += other;
        if (p.act == activation::relu) rectify(y);
        store(c + k, y);
      } else {
        for (index_t l = k; l < columns; ++l) {
          float z = sums[l];
          if (p.accumulate) z += c[l];
          if (p.bias != nullptr) z += p.bias[l];
          c[l] = p.act == activation::relu && z < 0 ? 0 : z;
        }
      }
    }
  }
}

/// At most M rows and `Vectors` registers of columns. Rows beyond the last repeat it and are not stored.
template <int Lanes, int Vectors, int M>
[[gnu::always_inline]] inline void multiply_rows(product const& p, index_t first_row, index_t panel_width) {
  using V = lanes<Lanes>;
  index_t const rows = p.rows - first_row;
  float const* row[M];
  unrolled<M>([&](auto i) __attribute__((always_inline)) {
    row[i] = p.a + (first_row + (i < rows ? index_t{i} : rows - 1)) * p.a_row;
  });
  constexpr index_t width = Lanes * Vectors;
  bool const in_registers = !p.accumulate && p.columns >= width;  // may bias and rectification be done there, too?
  V sum[M][Vectors];
  unrolled<Vectors>([&](auto j) __attribute__((always_inline)) {
    V start{};
    if (in_registers && p.bias != nullptr) load(start, p.bias + j * Lanes);
    unrolled<M>([&](auto i) __attribute__((always_inline)) { sum[i][j] = start; });
  });
  float const* b = p.panel;
  index_t const end = p.depth * p.a_step;
  for (index_t k = 0; k < end; k += p.a_step, b += panel_width) {
    V column[Vectors];
    unrolled<Vectors>([&](auto j) __attribute__((always_inline)) { load(column[j], b + j * Lanes); });
    unrolled<M>([&](auto i) __attribute__((always_inline)) {
      float const x = row[i][k];
      unrolled<Vectors>([&](auto j) __attribute__((always_inline)) { sum[i][j] += x * column[j]; });
    });
  }
  float staged[M * width];
  float* const to = in_registers ? p.c + first_row * p.c_row : staged;
  index_t const to_row = in_registers ? p.c_row : width;
  bool const rectified = in_registers && p.act == activation::relu;
  unrolled<M>([&](auto i) __attribute__((always_inline)) {
    if (i >= rows) return;
    unrolled<Vectors>([&](auto j) __attribute__((always_inline)) {
      if (rectified) rectify(sum[i][j]);
      store(to + i * to_row + j * Lanes, sum[i][j]);
    });
  });
  if (!in_registers) finish<Lanes>(p, first_row, rows < M ? rows : M, staged, width);
}

/// A product of any number of rows with a panel of at most `Vectors` registers; narrow panels use half of them. The last
/// rows take a third or two of the registers when they need no more.
template <int Lanes, int Vectors>
[[gnu::always_inline]] inline void multiply(product const& p, index_t panel_width) {
  if constexpr (Vectors > 1)
    if (p.columns <= Vectors / 2 * Lanes) return multiply<Lanes, Vectors / 2>(p, panel_width);
  constexpr int M = rows_at_once<Lanes, Vectors>;
  index_t i = 0;
  for (; p.rows - i > M * 2 / 3; i += M) multiply_rows<Lanes, Vectors, M>(p, i, panel_width);
  if (p.rows - i > M / 3)
    multiply_rows<Lanes, Vectors, M * 2 / 3>(p, i, panel_width);
  else if (p.rows > i)
    multiply_rows<Lanes, Vectors, M / 3>(p, i, panel_width);
}

/// to += from
template <int Lanes>
[[gnu::always_inline]] inline void add(float const* from, index_t count, float* to) {
  index_t i = 0;
  for (; i + Lanes <= count; i += Lanes) {
    lanes<Lanes> a, b;
    load(a, from + i), load(b, to + i);
    a += b;
    store(to + i, a);
  }
  for (; i < count; ++i) to[i] += from[i];
}

}  // namespace detail
}  // namespace backend
}  // namespace v0
}  // namespace fsis
