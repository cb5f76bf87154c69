// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/kernels/loss.hpp>

#include <cmath>

namespace fsis {
inline namespace v0 {
namespace kernels {

/// How wrong the worst clicked pixels are: the largest 1 - p where the object was asked for, the largest p where
/// background was. 0 where nobody asked; infinite where p is NaN.
struct click_error {
  double object, background;
};

/// The click error of probabilities p for the wishes of `click_loss`.
template <class T>
struct worst_click_error {
  using value_type = click_error;
  click_error* out;
  T const* p;
  T const* wanted;
  FSIS_HD click_error identity() const { return {0.0, 0.0}; }
  FSIS_HD click_error combine(click_error const& a, click_error const& b) const {
    return {hd_max(a.object, b.object), hd_max(a.background, b.background)};
  }
  FSIS_HD click_error load(index_t, index_t i, index_t) const {
    double const w = static_cast<double>(wanted[i]), q = static_cast<double>(p[i]);
    bool const is_number = q == q;
    return {click_loss::wants_object(w) ? (is_number ? 1 - q : HUGE_VAL) : 0.0,
            click_loss::wants_background(w) ? (is_number ? q : HUGE_VAL) : 0.0};
  }
  FSIS_HD void store(index_t, index_t, click_error const& e) const { *out = e; }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
