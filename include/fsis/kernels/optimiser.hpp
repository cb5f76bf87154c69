// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/core/elementary.hpp>
#include <fsis/kernels/reduction.hpp>

#include <cmath>

namespace fsis {
inline namespace v0 {
namespace kernels {

// Directions, products and steps of an optimiser are double whatever the elements are: a search for a minimum lives
// on small differences of large numbers.

/// out[i] = factor * in[i]
template <class T>
struct scale_into {
  double* out;
  T const* in;
  double factor;
  FSIS_HD void operator()(index_t i) const { out[i] = factor * static_cast<double>(in[i]); }
};

/// q[i] -= a[0] * x[i], the factor being a number that the device has just computed
template <class T>
struct subtract_multiple {
  double* q;
  T const* x;
  double const* a;
  FSIS_HD void operator()(index_t i) const { q[i] -= a[0] * static_cast<double>(x[i]); }
};

/// q[i] += (a[0] - b[0]) * x[i]
template <class T>
struct add_multiple {
  double* q;
  T const* x;
  double const* a;
  double const* b;
  FSIS_HD void operator()(index_t i) const { q[i] += (a[0] - b[0]) * static_cast<double>(x[i]); }
};

/// out[i] = x[i] + step * direction[i]
template <class T>
struct step_along {
  T* out;
  T const* x;
  double const* direction;
  double step;
  FSIS_HD void operator()(index_t i) const {
    out[i] = static_cast<T>(static_cast<double>(x[i]) + step * direction[i]);
  }
};

/// out[i] = a[i] - b[i]
template <class T>
struct difference {
  T* out;
  T const* a;
  T const* b;
  FSIS_HD void operator()(index_t i) const { out[i] = a[i] - b[i]; }
};

/// out[0] = factor * sum_a x[a] * q[a]
template <class T>
struct scaled_dot : add_combine {
  double* out;
  T const* x;
  double const* q;
  double factor;
  FSIS_HD double load(index_t, index_t a, index_t) const { return static_cast<double>(x[a]) * q[a]; }
  FSIS_HD void store(index_t, index_t, double v) const { out[0] = factor * v; }
};

/// Three numbers reduced in one pass.
struct triple {
  double a, b, c;
};

/// out = (sum s*s, sum s*y, sum y*y) of a correction pair.
template <class T>
struct pair_products {
  using value_type = triple;
  double* out;
  T const* s;
  T const* y;
  FSIS_HD triple identity() const { return {0.0, 0.0, 0.0}; }
  FSIS_HD triple combine(triple x, triple z) const { return {x.a + z.a, x.b + z.b, x.c + z.c}; }
  FSIS_HD triple load(index_t, index_t i, index_t) const {
    double const u = static_cast<double>(s[i]), v = static_cast<double>(y[i]);
    return {u * u, u * v, v * v};
  }
  FSIS_HD void store(index_t, index_t, triple v) const {
    out[0] = v.a;
    out[1] = v.b;
    out[2] = v.c;
  }
};

/// out = (slope sum g*d, largest |g|, sum |g*x|) at a point x with gradient g, along d. NaN is kept in all three.
template <class T>
struct gradient_facts {
  using value_type = triple;
  double* out;
  T const* x;
  T const* g;
  double const* d;
  FSIS_HD triple identity() const { return {0.0, 0.0, 0.0}; }
  FSIS_HD triple combine(triple p, triple q) const {
    return {p.a + q.a, q.b > p.b || q.b != q.b ? q.b : p.b, p.c + q.c};
  }
  FSIS_HD triple load(index_t, index_t i, index_t) const {
    double const u = static_cast<double>(g[i]);
    return {u * d[i], std::abs(u), std::abs(u * static_cast<double>(x[i]))};
  }
  FSIS_HD void store(index_t, index_t, triple v) const {
    out[0] = v.a;
    out[1] = v.b;
    out[2] = v.c;
  }
};

/// out = (slope sum g*d, sum d*d, largest |d/x|); the last is infinite where x is 0 and d is not.
template <class T>
struct direction_facts {
  using value_type = triple;
  double* out;
  T const* x;
  T const* g;
  double const* d;
  FSIS_HD triple identity() const { return {0.0, 0.0, 0.0}; }
  FSIS_HD triple combine(triple p, triple q) const { return {p.a + q.a, p.b + q.b, hd_max(p.c, q.c)}; }
  FSIS_HD triple load(index_t, index_t i, index_t) const {
    double const at = std::abs(static_cast<double>(x[i])), by = std::abs(d[i]);
    double const relative = at > 0.0 ? by / at : (by > 0.0 ? HUGE_VAL : 0.0);
    return {static_cast<double>(g[i]) * d[i], d[i] * d[i], relative};
  }
  FSIS_HD void store(index_t, index_t, triple v) const {
    out[0] = v.a;
    out[1] = v.b;
    out[2] = v.c;
  }
};

/// Stochastic gradient step with momentum and coupled weight decay:
/// v = momentum * v + (g + decay * w);  w -= rate * v
template <class T>
struct sgd_step {
  T* w;
  T* v;
  T const* g;
  double rate, momentum, decay;
  FSIS_HD void operator()(index_t i) const {
    double const weight = static_cast<double>(w[i]);
    double const velocity = momentum * static_cast<double>(v[i]) + (static_cast<double>(g[i]) + decay * weight);
    v[i] = static_cast<T>(velocity);
    w[i] = static_cast<T>(weight - rate * velocity);
  }
};

/// Adam step. m and u are the running means of g and g*g; `first` and `second` are 1 - beta^t, their bias
/// corrections. `coupled` is added to the gradient as weight decay, `decoupled` shrinks the weight itself.
template <class T>
struct adam_step {
  T* w;
  T* m;
  T* u;
  T const* g;
  double rate, beta1, beta2, epsilon, first, second, coupled, decoupled;
  FSIS_HD void operator()(index_t i) const {
    double const weight = static_cast<double>(w[i]);
    double const slope = static_cast<double>(g[i]) + coupled * weight;
    double const mean = beta1 * static_cast<double>(m[i]) + (1.0 - beta1) * slope;
    double const square = beta2 * static_cast<double>(u[i]) + (1.0 - beta2) * slope * slope;
    m[i] = static_cast<T>(mean);
    u[i] = static_cast<T>(square);
    double const step = (mean / first) / (hd_sqrt(square / second) + epsilon);
    w[i] = static_cast<T>(weight - rate * decoupled * weight - rate * step);
  }
};

/// x[i] *= factor
template <class T>
struct scale_in_place {
  T* x;
  double factor;
  FSIS_HD void operator()(index_t i) const { x[i] = static_cast<T>(factor * static_cast<double>(x[i])); }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
