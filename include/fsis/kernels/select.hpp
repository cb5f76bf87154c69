// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

namespace fsis {
inline namespace v0 {
namespace kernels {

/// dx[o,a,i] = g[o,i] where x[o,a,i] is the first entry equal to the extremum y[o,i], else 0. One index, one (o,i).
template <class T>
struct extremum_backward {
  T* dx;
  T const* x;
  T const* y;
  T const* g;
  index_t axis, inner;
  FSIS_HD void operator()(index_t at) const {
    index_t const o = at / inner, i = at % inner;
    bool found = false;
    for (index_t a = 0; a < axis; ++a) {
      index_t const e = (o * axis + a) * inner + i;
      bool const here = !found && x[e] == y[at];
      dx[e] = here ? g[at] : T(0);
      found = found || here;
    }
  }
};

/// dx[i] = g * x[i] / y for y = norm2(x), 0 at the origin.
template <class T>
struct norm_backward {
  T* dx;
  T const* x;
  T const* y;
  T const* g;
  FSIS_HD void operator()(index_t i) const { dx[i] = *y > T(0) ? *g * x[i] / *y : T(0); }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
