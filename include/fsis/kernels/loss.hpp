// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/core/math.hpp>

#include <cmath>

namespace fsis {
inline namespace v0 {
namespace kernels {

/// Up to four sums over the pixels of a picture, from which a loss and its derivative follow.
struct loss_sums {
  double v[4];
};

// A loss: `load(x, t)` what one pixel adds, `value(sums)`, `derivative(x, t, sums)` of the value by x.
// x is the prediction, t the target; where the loss ignores pixels, t < 0 says so.

/// Mean over valid pixels of softplus(x) - t * x: binary cross-entropy of logits.
struct bce_with_logits {
  FSIS_HD loss_sums load(double x, double t) const {
    return t < 0 ? loss_sums{} : loss_sums{{softplus(x) - t * x, 1.0, 0.0, 0.0}};
  }
  FSIS_HD double value(loss_sums const& s) const { return s.v[1] > 0 ? s.v[0] / s.v[1] : 0.0; }
  FSIS_HD double derivative(double x, double t, loss_sums const& s) const {
    return t < 0 ? 0.0 : (stable_sigmoid(x) - t) / s.v[1];
  }
};

/// Normalised focal loss of logits (Sofiiuk et al. 2019, "AdaptIS", eq. 8; facts G18):
/// w = (1-p_t)^gamma, mean over valid pixels of -alpha_t * m * w * log(p_t) with m = valid / (sum(w) + eps), a constant
/// for the gradient; alpha_t is alpha on the object and 1 - alpha elsewhere.
struct normalized_focal {
  double alpha, gamma, epsilon;
  FSIS_HD double sided(double x, double t) const { return t > 0.5 ? x : -x; }
  FSIS_HD double weight_of(double t) const { return t > 0.5 ? alpha : 1 - alpha; }
  FSIS_HD loss_sums load(double x, double t) const {
    if (t < 0) return loss_sums{};
    double const s = sided(x, t), w = std::pow(stable_sigmoid(-s), gamma);
    return loss_sums{{weight_of(t) * w * softplus(-s), 1.0, w, 0.0}};
  }
  FSIS_HD double value(loss_sums const& s) const { return s.v[1] > 0 ? s.v[0] / (s.v[2] + epsilon) : 0.0; }
  FSIS_HD double derivative(double x, double t, loss_sums const& sums) const {
    if (t < 0) return 0.0;
    double const s = sided(x, t), p = stable_sigmoid(s), q = stable_sigmoid(-s);
    double const d = std::pow(q, gamma) * (-gamma * p * softplus(-s) - q);
    return (t > 0.5 ? d : -d) * weight_of(t) / (sums.v[2] + epsilon);
  }
};

/// 1 - sum(p*t) / sum(max(p,t)) for probabilities p.
struct soft_iou {
  FSIS_HD loss_sums load(double p, double t) const {
    return t < 0 ? loss_sums{} : loss_sums{{p * t, hd_max(p, t), 0.0, 0.0}};
  }
  // no pixel, or no object and none predicted: nothing to be wrong about. NaN is not zero and stays NaN.
  FSIS_HD static bool is_empty(loss_sums const& s) { return s.v[1] == 0; }
  FSIS_HD double value(loss_sums const& s) const { return is_empty(s) ? 0.0 : 1 - s.v[0] / s.v[1]; }
  FSIS_HD double derivative(double p, double t, loss_sums const& s) const {
    if (t < 0 || is_empty(s)) return 0.0;
    return -(t * s.v[1] - (p > t ? s.v[0] : 0.0)) / (s.v[1] * s.v[1]);
  }
};

/// 1 - (2*sum(p*t) + smooth) / (sum(p) + sum(t) + smooth) for probabilities p.
struct dice {
  double smooth;
  FSIS_HD loss_sums load(double p, double t) const {
    return t < 0 ? loss_sums{} : loss_sums{{p * t, p + t, 0.0, 0.0}};
  }
  FSIS_HD double value(loss_sums const& s) const { return 1 - (2 * s.v[0] + smooth) / (s.v[1] + smooth); }
  FSIS_HD double derivative(double, double t, loss_sums const& s) const {
    if (t < 0) return 0.0;
    double const d = s.v[1] + smooth;
    return -(2 * t * d - (2 * s.v[0] + smooth)) / (d * d);
  }
};

/// Mean of (x - t)^2; nothing is ignored.
struct mean_squared_error {
  FSIS_HD loss_sums load(double x, double t) const { return {{(x - t) * (x - t), 1.0, 0.0, 0.0}}; }
  FSIS_HD double value(loss_sums const& s) const { return s.v[1] > 0 ? s.v[0] / s.v[1] : 0.0; }
  FSIS_HD double derivative(double x, double t, loss_sums const& s) const { return 2 * (x - t) / s.v[1]; }
};

/// The click loss of f-BRS (Sofiiuk et al. 2020, eq. 4, as released):
/// sum((1-p)^2 * pos) / (sum(pos) + eps) + sum(p^2 * neg) / (sum(neg) + eps).
/// t says what a pixel is asked for: 0 nothing, 1 object, 2 background, 3 both (squares of clicks that overlap).
struct click_loss {
  double epsilon;
  FSIS_HD static bool wants_object(double t) { return t == 1 || t == 3; }
  FSIS_HD static bool wants_background(double t) { return t == 2 || t == 3; }
  FSIS_HD loss_sums load(double p, double t) const {
    loss_sums s{};
    if (wants_object(t)) {
      s.v[0] = (1 - p) * (1 - p);
      s.v[1] = 1;
    }
    if (wants_background(t)) {
      s.v[2] = p * p;
      s.v[3] = 1;
    }
    return s;
  }
  FSIS_HD double value(loss_sums const& s) const {
    return s.v[0] / (s.v[1] + epsilon) + s.v[2] / (s.v[3] + epsilon);
  }
  FSIS_HD double derivative(double p, double t, loss_sums const& s) const {
    return (wants_object(t) ? -2 * (1 - p) / (s.v[1] + epsilon) : 0.0) +
           (wants_background(t) ? 2 * p / (s.v[3] + epsilon) : 0.0);
  }
};

/// The sums of a loss over the elements of each of `outer` groups.
template <class T, class Loss>
struct sums_of_loss {
  using value_type = loss_sums;
  loss_sums* out;
  T const* x;
  T const* t;
  index_t axis;
  Loss loss;
  FSIS_HD loss_sums identity() const { return {}; }
  FSIS_HD loss_sums combine(loss_sums const& a, loss_sums const& b) const {
    return {{a.v[0] + b.v[0], a.v[1] + b.v[1], a.v[2] + b.v[2], a.v[3] + b.v[3]}};
  }
  FSIS_HD loss_sums load(index_t o, index_t a, index_t) const {
    return loss.load(static_cast<double>(x[o * axis + a]), static_cast<double>(t[o * axis + a]));
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

/// dx = g * d(mean over groups of the loss) / dx
template <class T, class Loss>
struct loss_backward {
  T* dx;
  T const* g;
  T const* x;
  T const* t;
  loss_sums const* sums;
  index_t groups, axis;
  Loss loss;
  FSIS_HD void operator()(index_t i) const {
    double const d = loss.derivative(static_cast<double>(x[i]), static_cast<double>(t[i]), sums[i / axis]);
    dx[i] = static_cast<T>(static_cast<double>(*g) * d / static_cast<double>(groups));
  }
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

template <class T>
struct nll_backward {
  T* dx;
  T const* g;
  T const* log_probability;
  std::int32_t const* label;
  loss_sums const* sums;
  index_t C;
  std::int32_t ignored;
  FSIS_HD void operator()(index_t row, index_t c) const {
    std::int32_t const l = label[row];
    T const p = std::exp(log_probability[row * C + c]);
    T const d = p - (c == l ? T(1) : T(0));
    dx[row * C + c] = l == ignored ? T(0) : *g * d / static_cast<T>(sums->v[1]);
  }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
