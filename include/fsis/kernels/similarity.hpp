// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/core/math.hpp>
#include <fsis/kernels/reduction.hpp>

#include <cmath>

namespace fsis {
inline namespace v0 {
namespace kernels {

/// best[i] = max(best[i], max_j dot[i,j] / (norm_query[i] * norm_support[j] + epsilon)) over the support positions
/// with weight > 0; with `count_outside`, a position of weight 0 takes part as a zero vector.
template <class T>
struct best_similarity {
  T* best;
  T const* dot;  // (rows, columns)
  T const* norm_query;
  T const* norm_support;
  T const* weight;
  index_t columns;
  T epsilon;
  bool count_outside;
  FSIS_HD void operator()(index_t i) const {
    T largest = best[i];
    for (index_t j = 0; j < columns; ++j) {
      bool const inside = weight[j] > T(0);
      if (!inside && !count_outside) continue;
      T const length = norm_query[i] * norm_support[j] + epsilon;
      T const cosine = !inside || length == T(0) ? T(0) : dot[i * columns + j] / length;
      largest = cosine > largest || cosine != cosine ? cosine : largest;  // NaN is kept, not hidden
    }
    best[i] = largest;
  }
};

/// norm[row] = norm2 of a row of C channels
template <class T>
struct row_norm {
  T* norm;
  T const* x;
  index_t C;
  FSIS_HD void operator()(index_t row) const {
    T sum = T(0);
    for (index_t c = 0; c < C; ++c) sum += x[row * C + c] * x[row * C + c];
    norm[row] = std::sqrt(sum);
  }
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
  FSIS_HD void operator()(index_t row, index_t c) const {
    index_t const n = row / pixels;
    T const sum = total[n] + epsilon;
    dx[row * C + c] = sum > T(0) ? weight[row] / sum * dy[n * C + c] : T(0);
  }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
