// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/core/error.hpp>
#include <fsis/core/math.hpp>

#include <cmath>
#include <utility>

namespace fsis {
inline namespace v0 {
namespace optim {

// Schedules are functions of the number of steps done: rate = schedule(i). They have no state, so a resumed training
// needs nothing but i. Steps below 0 count as 0.

/// Always `base`.
struct constant_schedule {
  double base;
  double operator()(index_t) const { return base; }
};

/// base * factor^floor(i / every)
class step_schedule {
 public:
  /// Throws `value_error` unless every >= 1.
  step_schedule(double base, index_t every, double factor = 0.1) : base_(base), every_(every), factor_(factor) {
    require<value_error>(every >= 1, "step_schedule: a change every ", every, " steps, wanted at least 1");
  }
  double operator()(index_t i) const {
    return base_ * std::pow(factor_, static_cast<double>(hd_max(i, index_t{0}) / every_));
  }

 private:
  double base_;
  index_t every_;
  double factor_;
};

namespace detail {

/// i / total in [0, 1].
class progress {
 public:
  progress(char const* schedule, index_t total) : total_(total) {
    require<value_error>(total >= 1, schedule, ": ", total, " steps in all, wanted at least 1");
  }
  double operator()(index_t i) const {
    return static_cast<double>(hd_clamp(i, index_t{0}, total_)) / static_cast<double>(total_);
  }

 private:
  index_t total_;
};

}  // namespace detail

/// base * (1 - i / total)^power, and 0 from `total` on. The power 0.9 is DeepLab's (Chen et al., TPAMI 2018).
class poly_schedule {
 public:
  /// Throws `value_error` unless total >= 1.
  poly_schedule(double base, index_t total, double power = 0.9)
      : base_(base), part_("poly_schedule", total), power_(power) {}
  double operator()(index_t i) const { return base_ * std::pow(1.0 - part_(i), power_); }

 private:
  double base_;
  detail::progress part_;
  double power_;
};

/// Half a cosine from base down to `last`, kept from `total` on (Loshchilov and Hutter, ICLR 2017, equation 5).
class cosine_schedule {
 public:
  /// Throws `value_error` unless total >= 1.
  cosine_schedule(double base, index_t total, double last = 0)
      : base_(base), part_("cosine_schedule", total), last_(last) {}
  double operator()(index_t i) const {
    constexpr double pi = 3.14159265358979323846;
    return last_ + 0.5 * (base_ - last_) * (1.0 + std::cos(pi * part_(i)));
  }

 private:
  double base_;
  detail::progress part_;
  double last_;
};

/// Another schedule times (i + 1) / steps during the first `steps` steps: never 0, and whole from the last of them
/// on. The other schedule counts these steps, too.
template <class Schedule>
class warm_up {
 public:
  /// Throws `value_error` unless steps >= 0.
  warm_up(index_t steps, Schedule schedule) : steps_(steps), schedule_(std::move(schedule)) {
    require<value_error>(steps >= 0, "warm_up: ", steps, " steps, wanted at least 0");
  }
  double operator()(index_t i) const {
    index_t const done = hd_max(i, index_t{0});
    double const part = done < steps_ ? static_cast<double>(done + 1) / static_cast<double>(steps_) : 1.0;
    return part * schedule_(done);
  }

 private:
  index_t steps_;
  Schedule schedule_;
};

}  // namespace optim
}  // namespace v0
}  // namespace fsis
