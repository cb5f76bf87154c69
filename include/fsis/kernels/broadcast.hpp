// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/core/shape.hpp>

namespace fsis {
inline namespace v0 {
namespace kernels {

struct add {
  template <class T>
  FSIS_HD T operator()(T a, T b) const { return a + b; }
};
struct subtract {
  template <class T>
  FSIS_HD T operator()(T a, T b) const { return a - b; }
};
struct multiply {
  template <class T>
  FSIS_HD T operator()(T a, T b) const { return a * b; }
};
struct divide {
  template <class T>
  FSIS_HD T operator()(T a, T b) const { return a / b; }
};

/// out[i] = f(a[i], b[i])
template <class T, class Function>
struct zip {
  T* out;
  T const* a;
  T const* b;
  Function f;
  FSIS_HD void operator()(index_t i) const { out[i] = f(a[i], b[i]); }
};

/// out = f(a, b) where an operand's stride is 0 on an axis it does not have; on the last one it is 0 or 1. Rows run
/// over all axes but the last.
template <class T, class Function>
struct zip_broadcast {
  static constexpr int max_rank = shape::max_rank;
  struct place {
    index_t a, b, out;
  };
  T* out;
  T const* a;
  T const* b;
  Function f;
  int rank;  // of the result, at least 1
  index_t extent[max_rank];
  index_t a_stride[max_rank];
  index_t b_stride[max_rank];

  FSIS_HD place at(index_t row) const {
    place p{0, 0, row * extent[rank - 1]};
    index_t rest = row;
    for (int axis = rank - 2; axis >= 0; --axis) {
      index_t const above = rest / extent[axis], i = rest - above * extent[axis];
      rest = above;
      p.a += i * a_stride[axis];
      p.b += i * b_stride[axis];
    }
    return p;
  }
  template <index_t N>
  FSIS_HD void columns(place const& p, index_t c) const {
    T u[N], v[N];
    load(u, a + p.a, c, a_stride[rank - 1]);
    load(v, b + p.b, c, b_stride[rank - 1]);
    for (index_t i = 0; i < N; ++i) u[i] = f(u[i], v[i]);
    for (index_t i = 0; i < N; ++i) out[p.out + c + i] = u[i];
  }
  FSIS_HD void operator()(index_t row, index_t c) const { columns<1>(at(row), c); }

 private:
  template <index_t N>
  FSIS_HD static void load(T (&to)[N], T const* from, index_t c, index_t stride) {
    if (stride != 0)
      for (index_t i = 0; i < N; ++i) to[i] = from[c + i];
    else
      for (index_t i = 0; i < N; ++i) to[i] = from[0];
  }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
