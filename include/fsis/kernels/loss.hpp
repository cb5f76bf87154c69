// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/core/elementary.hpp>

#include <cmath>

namespace fsis {
inline namespace v0 {
namespace kernels {

/// Up to four sums over the pixels of a picture, from which a loss and its derivative follow.
struct loss_sums {
  double v[4];
};

/// The sums where a pixel counts, else none.
FSIS_HD inline loss_sums counted(bool counts, loss_sums const& s) {
  return {{hd_select(counts, s.v[0], 0.0), hd_select(counts, s.v[1], 0.0), hd_select(counts, s.v[2], 0.0),
           hd_select(counts, s.v[3], 0.0)}};
}

// `load` is inlined by order: g++ 12 cuts parameters without use off larger functions, and cannot inline what is left.

// A loss: `load(x, t)` what one pixel adds, `value(sums)`, `derivative(x, t, sums)` of the value by x.
// x is the prediction, t the target; where the loss ignores pixels, t < 0 says so.

/// Mean over valid pixels of softplus(x) - t * x: binary cross-entropy of logits.
struct bce_with_logits {
  [[gnu::always_inline]] FSIS_HD loss_sums load(double x, double t) const {
    return counted(t >= 0, {{softplus(x) - t * x, 1.0, 0.0, 0.0}});
  }
  FSIS_HD double value(loss_sums const& s) const { return s.v[1] > 0 ? s.v[0] / s.v[1] : 0.0; }
  FSIS_HD double derivative(double x, double t, loss_sums const& s) const {
    return hd_select(t < 0, 0.0, (stable_sigmoid(x) - t) / s.v[1]);
  }
};

/// Normalised focal loss of logits (Sofiiuk et al. 2019, "AdaptIS", eq. 8; facts G18):
/// w = (1-p_t)^gamma, mean over valid pixels of -alpha_t * m * w * log(p_t) with m = valid / (sum(w) + eps), a constant
/// for the gradient; alpha_t is alpha on the object and 1 - alpha elsewhere.
struct normalized_focal {
  double alpha, gamma, epsilon;
  FSIS_HD double sided(double x, double t) const { return hd_select(t > 0.5, x, -x); }
  FSIS_HD double weight_of(double t) const { return hd_select(t > 0.5, alpha, 1 - alpha); }
  /// (1 - p_t)^gamma; the logarithm of 1 - p_t is -softplus(s).
  [[gnu::always_inline]] FSIS_HD double focus(double s) const { return hd_select(gamma == 0, 1.0, hd_exp(-gamma * softplus(s))); }
  [[gnu::always_inline]] FSIS_HD loss_sums load(double x, double t) const {
    double const s = sided(x, t), w = focus(s);
    return counted(t >= 0, {{weight_of(t) * w * softplus(-s), 1.0, w, 0.0}});
  }
  FSIS_HD double value(loss_sums const& s) const { return s.v[1] > 0 ? s.v[0] / (s.v[2] + epsilon) : 0.0; }
  FSIS_HD double derivative(double x, double t, loss_sums const& sums) const {
    double const s = sided(x, t), p = stable_sigmoid(s), q = stable_sigmoid(-s);
    double const d = focus(s) * (-gamma * p * softplus(-s) - q);
    return hd_select(t < 0, 0.0, sided(d, t) * weight_of(t) / (sums.v[2] + epsilon));
  }
};

/// 1 - sum(p*t) / sum(max(p,t)) for probabilities p.
struct soft_iou {
  [[gnu::always_inline]] FSIS_HD loss_sums load(double p, double t) const {
    return counted(t >= 0, {{p * t, hd_select(p < t, t, p), 0.0, 0.0}});
  }
  // no pixel, or no object and none predicted: nothing to be wrong about. NaN is not zero and stays NaN.
  FSIS_HD static bool is_empty(loss_sums const& s) { return s.v[1] == 0; }
  FSIS_HD double value(loss_sums const& s) const { return is_empty(s) ? 0.0 : 1 - s.v[0] / s.v[1]; }
  FSIS_HD double derivative(double p, double t, loss_sums const& s) const {
    double const d = -(t * s.v[1] - hd_select(p > t, s.v[0], 0.0)) / (s.v[1] * s.v[1]);
    return hd_select((t < 0) | is_empty(s), 0.0, d);
  }
};

/// 1 - (2*sum(p*t) + smooth) / (sum(p) + sum(t) + smooth) for probabilities p.
struct dice {
  double smooth;
  [[gnu::always_inline]] FSIS_HD loss_sums load(double p, double t) const {
    return counted(t >= 0, {{p * t, p + t, 0.0, 0.0}});
  }
  FSIS_HD double value(loss_sums const& s) const { return 1 - (2 * s.v[0] + smooth) / (s.v[1] + smooth); }
  FSIS_HD double derivative(double, double t, loss_sums const& s) const {
    double const d = s.v[1] + smooth;
    return hd_select(t < 0, 0.0, -(2 * t * d - (2 * s.v[0] + smooth)) / (d * d));
  }
};

/// Mean of (x - t)^2; nothing is ignored.
struct mean_squared_error {
  [[gnu::always_inline]] FSIS_HD loss_sums load(double x, double t) const { return {{(x - t) * (x - t), 1.0, 0.0, 0.0}}; }
  FSIS_HD double value(loss_sums const& s) const { return s.v[1] > 0 ? s.v[0] / s.v[1] : 0.0; }
  FSIS_HD double derivative(double x, double t, loss_sums const& s) const { return 2 * (x - t) / s.v[1]; }
};

/// The click loss of f-BRS (Sofiiuk et al. 2020, eq. 4, as released):
/// sum((1-p)^2 * pos) / (sum(pos) + eps) + sum(p^2 * neg) / (sum(neg) + eps).
/// t says what a pixel is asked for: 0 nothing, 1 object, 2 background, 3 both (squares of clicks that overlap).
struct click_loss {
  double epsilon;
  FSIS_HD static bool wants_object(double t) { return (t == 1) | (t == 3); }
  FSIS_HD static bool wants_background(double t) { return (t == 2) | (t == 3); }
  [[gnu::always_inline]] FSIS_HD loss_sums load(double p, double t) const {
    loss_sums const object = counted(wants_object(t), {{(1 - p) * (1 - p), 1.0, 0.0, 0.0}});
    loss_sums const background = counted(wants_background(t), {{0.0, 0.0, p * p, 1.0}});
    return {{object.v[0], object.v[1], background.v[2], background.v[3]}};
  }
  FSIS_HD double value(loss_sums const& s) const {
    return s.v[0] / (s.v[1] + epsilon) + s.v[2] / (s.v[3] + epsilon);
  }
  FSIS_HD double derivative(double p, double t, loss_sums const& s) const {
    return hd_select(wants_object(t), -2 * (1 - p) / (s.v[1] + epsilon), 0.0) +
           hd_select(wants_background(t), 2 * p / (s.v[3] + epsilon), 0.0);
  }
};

/// What logits x lack of being right by a margin, for the wishes of `click_loss`; a logit is on the side of the object
/// above `boundary`:
///   sum(max(0, margin - (x - boundary))^2 * pos) / (sum(pos) + eps)
/// + sum(max(0, margin + (x - boundary))^2 * neg) / (sum(neg) + eps).
/// The squared hinge of support vector machines: no force on what is right already, and one that grows with the
/// distance from it, where the squares of probabilities go flat.
struct click_margin_loss {
  double boundary, margin, epsilon;
  FSIS_HD double lacks(double side) const { return hd_select(side >= margin, 0.0, margin - side); }  // NaN stays
  [[gnu::always_inline]] FSIS_HD loss_sums load(double x, double t) const {
    double const up = lacks(x - boundary), down = lacks(boundary - x);
    loss_sums const object = counted(click_loss::wants_object(t), {{up * up, 1.0, 0.0, 0.0}});
    loss_sums const background = counted(click_loss::wants_background(t), {{0.0, 0.0, down * down, 1.0}});
    return {{object.v[0], object.v[1], background.v[2], background.v[3]}};
  }
  FSIS_HD double value(loss_sums const& s) const {
    return s.v[0] / (s.v[1] + epsilon) + s.v[2] / (s.v[3] + epsilon);
  }
  FSIS_HD double derivative(double x, double t, loss_sums const& s) const {
    return hd_select(click_loss::wants_object(t), -2 * lacks(x - boundary) / (s.v[1] + epsilon), 0.0) +
           hd_select(click_loss::wants_background(t), 2 * lacks(boundary - x) / (s.v[3] + epsilon), 0.0);
  }
};

/// The sums of a loss over the elements of each of `outer` groups.
template <class T, class Loss>
struct sums_of_loss {
  using value_type = loss_sums;
  static constexpr int sum_parts = 4;
  loss_sums* out;
  T const* x;
  T const* t;
  index_t axis;
  Loss loss;
  FSIS_HD loss_sums identity() const { return {}; }
  FSIS_HD loss_sums combine(loss_sums const& a, loss_sums const& b) const {
    return {{a.v[0] + b.v[0], a.v[1] + b.v[1], a.v[2] + b.v[2], a.v[3] + b.v[3]}};
  }
  [[gnu::always_inline]] FSIS_HD loss_sums load(index_t o, index_t a, index_t i) const {
    index_t const at = o * axis + a + i;
    return loss.load(static_cast<double>(x[at]), static_cast<double>(t[at]));
  }
  FSIS_HD void store(index_t o, index_t, loss_sums const& s) const { out[o] = s; }
};

/// out = mean over groups of the loss.
template <class T, class Loss>
struct value_of_loss {
  T* out;
  loss_sums const* sums;
  index_t groups;
  Loss loss;
  FSIS_HD void operator()(index_t) const {
    double total = 0;
    for (index_t o = 0; o < groups; ++o) total += loss.value(sums[o]);
    *out = static_cast<T>(total / static_cast<double>(groups));
  }
};

/// dx = g * d(mean over groups of the loss) / dx. Rows are groups.
template <class T, class Loss>
struct loss_backward {
  struct place {
    loss_sums sums;
    double factor;
    index_t first;
  };
  T* dx;
  T const* g;
  T const* x;
  T const* t;
  loss_sums const* sums;
  index_t groups, axis;
  Loss loss;
  FSIS_HD place at(index_t group) const {
    return {sums[group], static_cast<double>(*g) / static_cast<double>(groups), group * axis};
  }
  FSIS_HD void operator()(place const& p, index_t a) const {
    index_t const i = p.first + a;
    dx[i] = static_cast<T>(p.factor * loss.derivative(static_cast<double>(x[i]), static_cast<double>(t[i]), p.sums));
  }
  FSIS_HD void operator()(index_t group, index_t a) const { (*this)(at(group), a); }
};

/// Cross-entropy of rows of log-probabilities; labels outside [0, C) other than `ignored` give NaN.
template <class T>
struct nll_sums {
  using value_type = loss_sums;
  loss_sums* out;
  T const* log_probability;
  std::int32_t const* label;
  index_t C;
  std::int32_t ignored;
  FSIS_HD loss_sums identity() const { return {}; }
  FSIS_HD loss_sums combine(loss_sums const& a, loss_sums const& b) const {
    return {{a.v[0] + b.v[0], a.v[1] + b.v[1], 0.0, 0.0}};
  }
  FSIS_HD loss_sums load(index_t, index_t row, index_t) const {
    std::int32_t const l = label[row];
    if (l == ignored) return {};
    if (l < 0 || l >= C) return {{static_cast<double>(NAN), 1.0, 0.0, 0.0}};
    return {{-static_cast<double>(log_probability[row * C + l]), 1.0, 0.0, 0.0}};
  }
  FSIS_HD void store(index_t, index_t, loss_sums const& s) const { *out = s; }
};

/// dx = g * (p - 1 at the label) / counted rows
template <class T>
struct nll_backward {
  struct place {
    index_t first;
    std::int32_t label;
    T factor;
  };
  T* dx;
  T const* g;
  T const* log_probability;
  std::int32_t const* label;
  loss_sums const* sums;
  index_t C;
  std::int32_t ignored;
  FSIS_HD place at(index_t row) const {
    std::int32_t const l = label[row];
    return {row * C, l, l == ignored ? T(0) : *g / static_cast<T>(sums->v[1])};
  }
  FSIS_HD void operator()(place const& p, index_t c) const {
    T const d = hd_exp(log_probability[p.first + c]) - hd_select(static_cast<std::int32_t>(c) == p.label, T(1), T(0));
    dx[p.first + c] = hd_select(p.label == ignored, T(0), p.factor * d);
  }
  FSIS_HD void operator()(index_t row, index_t c) const { (*this)(at(row), c); }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
