// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/core/math.hpp>
#include <fsis/kernels/row.hpp>
#include <fsis/kernels/reduction.hpp>

#include <cmath>

namespace fsis {
inline namespace v0 {
namespace kernels {

/// best[i] = max(best[i], max_j dot[i,j] / (norm_query[i] * norm_support[j] + epsilon)) over the support positions
/// with weight > 0; with `count_outside`, a position of weight 0 takes part as a zero vector.
template <class T>
struct best_similarity {
  static constexpr bool takes_rows = true;
  T* best;
  T const* dot;  // (rows, C)
  T const* norm_query;
  T const* norm_support;
  T const* weight;
  index_t C;  // support positions
  T epsilon;
  bool count_outside;
  FSIS_HD void operator()(index_t row) const {
    T const* const products = dot + row * C;
    T const outside = count_outside ? T(0) : -static_cast<T>(HUGE_VAL), norm = norm_query[row];
    auto const larger = [](T a, T b) { return hd_select((b > a) | (b != b), b, a); };  // NaN is kept, not hidden
    row_part<T> part(best[row]);
    for_parts(C, [&](auto n, index_t c) {
      for (index_t i = 0; i < decltype(n)::value; ++i) {
        T const length = norm * norm_support[c + i] + epsilon;
        T const cosine = hd_select(length == T(0), T(0), products[c + i] / length);
        part.v[i] = larger(part.v[i], hd_select(weight[c + i] > T(0), cosine, outside));
      }
    });
    best[row] = part.folded(larger);
  }
};

/// The same for devices whose threads share a row: a reduction of (rows, C).
template <class T>
struct best_of_row : max_combine<T> {
  best_similarity<T> all;

  FSIS_HD T load(index_t row, index_t c, index_t) const {
    if (!(all.weight[c] > T(0))) return all.count_outside ? T(0) : -static_cast<T>(HUGE_VAL);
    T const length = all.norm_query[row] * all.norm_support[c] + all.epsilon;
    return length == T(0) ? T(0) : all.dot[row * all.C + c] / length;
  }
  FSIS_HD void store(index_t row, index_t, T v) const { all.best[row] = this->combine(all.best[row], v); }
};

/// y = (x - low) / (high - low + epsilon)
template <class T>
struct min_max {
  T* y;
  T const* x;
  T const* low;
  T const* high;
  T epsilon;
  FSIS_HD void operator()(index_t i) const { y[i] = (x[i] - *low) / (*high - *low + epsilon); }
};

/// out[n,c] = sum over pixels of x[n,pixel,c] * weight[n,pixel]
template <class T>
struct weighted_sum : add_combine {
  T* out;
  T const* x;
  T const* weight;
  index_t pixels, C;
  FSIS_HD double load(index_t n, index_t pixel, index_t c) const {
    return static_cast<double>(x[(n * pixels + pixel) * C + c]) * static_cast<double>(weight[n * pixels + pixel]);
  }
  FSIS_HD void store(index_t n, index_t c, double v) const { out[n * C + c] = static_cast<T>(v); }
};

/// out[n,c] /= weight[n] + epsilon; 0 where that is 0 (an empty mask without epsilon)
template <class T>
struct masked_mean_finish {
  T* out;
  T const* weight;
  index_t C;
  T epsilon;
  FSIS_HD void operator()(index_t n, index_t c) const {
    T const total = weight[n] + epsilon;
    out[n * C + c] = total > T(0) ? out[n * C + c] / total : T(0);
  }
};

/// dx[n,pixel,c] = weight[n,pixel] / (total[n] + epsilon) * dy[n,c]
template <class T>
struct masked_mean_backward {
  T* dx;
  T const* dy;
  T const* weight;
  T const* total;
  index_t pixels, C;
  T epsilon;
  struct place {
    index_t out, in;
    T share;
  };
  FSIS_HD place at(index_t row) const {
    index_t const n = row / pixels;
    T const sum = total[n] + epsilon;
    return {row * C, n * C, sum > T(0) ? weight[row] / sum : T(0)};
  }
  FSIS_HD void operator()(place const& p, index_t c) const { dx[p.out + c] = p.share * dy[p.in + c]; }
  FSIS_HD void operator()(index_t row, index_t c) const { (*this)(at(row), c); }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
