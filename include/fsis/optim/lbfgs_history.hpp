// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/kernels/optimiser.hpp>
#include <fsis/ops/elementwise.hpp>
#include <fsis/ops/reduce.hpp>

#include <cmath>
#include <limits>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace optim {

/// The last m correction pairs s = x' - x, y = g' - g and the inverse Hessian they stand for (Nocedal and Wright,
/// Numerical Optimization, section 7.2). The recursion runs on the device; the host waits once per pair, never in it.
template <class T, class Context = cpu_context>
class lbfgs_history {
 public:
  lbfgs_history(Context const& ctx, shape const& extents, int pairs)
      : size_(extents.size()),
        s_(static_cast<std::size_t>(pairs)),
        y_(static_cast<std::size_t>(pairs)),
        inverse_sy_(static_cast<std::size_t>(pairs)),
        alpha_(ctx, {pairs}),
        beta_(ctx, {1}),
        products_(ctx, {3}) {
    for (auto& s : s_) s = tensor<T, Context>(ctx, extents);
    for (auto& y : y_) y = tensor<T, Context>(ctx, extents);
  }

  int capacity() const { return static_cast<int>(s_.size()); }
  bool empty() const { return kept_ == 0; }

  void clear() {
    kept_ = 0;
    next_ = 0;
  }

  /// Takes the pair between two points, or drops it where it carries no positive curvature beyond rounding: then the
  /// matrix would not stay positive definite. Returns |s|.
  double push(Context const& ctx, tensor<T, Context> const& x, tensor<T, Context> const& g,
              tensor<T, Context> const& x_new, tensor<T, Context> const& g_new) {
    tensor<T, Context>& s = s_[next_];
    tensor<T, Context>& y = y_[next_];
    backend::for_each(ctx, size_, kernels::difference<T>{s.data(), x_new.data(), x.data()});
    backend::for_each(ctx, size_, kernels::difference<T>{y.data(), g_new.data(), g.data()});
    backend::reduce(ctx, 1, size_, 1, kernels::pair_products<T>{products_.data(), s.data(), y.data()});
    double p[3];
    ctx.copy_to_host(p, products_.data(), sizeof p);
    double const ss = p[0], sy = p[1], yy = p[2];
    double const eps = static_cast<double>(std::numeric_limits<T>::epsilon());
    bool const curved = std::isfinite(yy) && std::isfinite(1.0 / sy) && sy > eps * std::sqrt(ss) * std::sqrt(yy);
    if (curved) {
      inverse_sy_[next_] = 1.0 / sy;
      gamma_ = sy / yy;
      next_ = (next_ + 1) % s_.size();
      if (kept_ < s_.size()) ++kept_;
    }
    return std::sqrt(ss);
  }

  /// d = -H g. Needs at least one pair.
  void direction(Context const& ctx, tensor<T, Context> const& g, tensor<double, Context>& d) const {
    backend::for_each(ctx, size_, kernels::scale_into<T>{d.data(), g.data(), -1.0});
    for (std::size_t age = 0; age < kept_; ++age) {
      std::size_t const i = newest(age);
      double* const alpha = alpha_.data() + i;
      backend::reduce(ctx, 1, size_, 1, kernels::scaled_dot<T>{{}, alpha, s_[i].data(), d.data(), inverse_sy_[i]});
      backend::for_each(ctx, size_, kernels::subtract_multiple<T>{d.data(), y_[i].data(), alpha});
    }
    backend::for_each(ctx, size_, kernels::scale_in_place<double>{d.data(), gamma_});
    for (std::size_t age = kept_; age-- > 0;) {
      std::size_t const i = newest(age);
      backend::reduce(ctx, 1, size_, 1,
                      kernels::scaled_dot<T>{{}, beta_.data(), y_[i].data(), d.data(), inverse_sy_[i]});
      backend::for_each(ctx, size_,
                        kernels::add_multiple<T>{d.data(), s_[i].data(), alpha_.data() + i, beta_.data()});
    }
  }

 private:
  std::size_t newest(std::size_t age) const { return (next_ + s_.size() - 1 - age) % s_.size(); }

  index_t size_;
  std::vector<tensor<T, Context>> s_, y_;  // a ring; next_ is written next
  std::vector<double> inverse_sy_;
  tensor<double, Context> alpha_, beta_, products_;
  std::size_t next_ = 0, kept_ = 0;
  double gamma_ = 1;
};

}  // namespace optim
}  // namespace v0
}  // namespace fsis
