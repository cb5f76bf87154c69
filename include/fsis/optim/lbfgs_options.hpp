// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>
#include <fsis/tensor/tensor.hpp>

#include <chrono>
#include <cmath>
#include <limits>
#include <string>

namespace fsis {
inline namespace v0 {
namespace optim {

/// What an objective says about one point.
struct evaluation {
  double value = 0;   ///< f(x)
  bool stop = false;  ///< the verdict: this is good enough, evaluate nothing more
};

/// Length of the first trial step of a run, when nothing is known of the curvature yet.
enum class first_step {
  unit_length,         ///< x0 - g / |g|, also where |g| < 1 (what L-BFGS-B does)
  at_most_unit_length  ///< x0 - g * min(1, 1 / |g|)
};

struct lbfgs_options {
  int history = 10;  ///< correction pairs kept, >= 1

  index_t max_evaluations = 15000;  ///< calls of the objective, never exceeded, >= 1
  index_t max_iterations = 15000;   ///< accepted steps, >= 0
  /// Milliseconds from the start of a run. No evaluation begins later, save the one of the starting point.
  double time_budget = std::numeric_limits<double>::infinity();
  /// The same as a point in time; the earlier of the two holds.
  std::chrono::steady_clock::time_point deadline = (std::chrono::steady_clock::time_point::max)();

  double gradient_tolerance = 1e-8;  ///< converged when the largest |g| is not above it, >= 0
  double value_tolerance = 0;        ///< converged when f falls by no more than this part of |f|; 0: never

  first_step first = first_step::unit_length;
  double sufficient_decrease = 1e-3;  ///< c1 of the strong Wolfe conditions, 0 < c1 < c2
  double curvature = 0.9;             ///< c2, < 1
  int max_search_evaluations = 20;    ///< of one line search, >= 1
};

/// Throws `value_error` naming the option that is outside its range.
inline void check(lbfgs_options const& o) {
  require<value_error>(o.history >= 1, "lbfgs: history ", o.history, ", wanted at least 1");
  require<value_error>(o.max_evaluations >= 1, "lbfgs: max_evaluations ", o.max_evaluations, ", wanted at least 1");
  require<value_error>(o.max_iterations >= 0, "lbfgs: max_iterations ", o.max_iterations, ", wanted at least 0");
  require<value_error>(o.time_budget >= 0, "lbfgs: time_budget ", o.time_budget, " ms, wanted at least 0");
  require<value_error>(o.gradient_tolerance >= 0, "lbfgs: gradient_tolerance ", o.gradient_tolerance,
                       ", wanted at least 0");
  require<value_error>(o.value_tolerance >= 0, "lbfgs: value_tolerance ", o.value_tolerance, ", wanted at least 0");
  require<value_error>(0 < o.sufficient_decrease && o.sufficient_decrease < o.curvature && o.curvature < 1,
                       "lbfgs: sufficient_decrease ", o.sufficient_decrease, " and curvature ", o.curvature,
                       ", wanted 0 < sufficient_decrease < curvature < 1");
  require<value_error>(o.max_search_evaluations >= 1, "lbfgs: max_search_evaluations ", o.max_search_evaluations,
                       ", wanted at least 1");
}

/// Why a run ended.
enum class lbfgs_status {
  gradient_converged,      ///< the largest |g| is within `gradient_tolerance`
  value_converged,         ///< f fell by no more than `value_tolerance`
  stagnated_at_precision,  ///< f cannot be lowered visibly in the number type of x
  stopped_by_objective,    ///< the objective's verdict
  max_evaluations,
  max_iterations,
  deadline,
  line_search_failed,  ///< no lower point along the steepest descent: value and gradient disagree, or f has a wall
  non_finite_start     ///< f or its gradient is not finite at the starting point
};

inline char const* to_string(lbfgs_status s) {
  switch (s) {
    case lbfgs_status::gradient_converged: return "gradient_converged";
    case lbfgs_status::value_converged: return "value_converged";
    case lbfgs_status::stagnated_at_precision: return "stagnated_at_precision";
    case lbfgs_status::stopped_by_objective: return "stopped_by_objective";
    case lbfgs_status::max_evaluations: return "max_evaluations";
    case lbfgs_status::max_iterations: return "max_iterations";
    case lbfgs_status::deadline: return "deadline";
    case lbfgs_status::line_search_failed: return "line_search_failed";
    case lbfgs_status::non_finite_start: return "non_finite_start";
  }
  return "unknown";
}

/// Lets a status stand in an error message.
inline std::string text_of(lbfgs_status s) { return to_string(s); }

template <class T, class Context = cpu_context>
struct lbfgs_result {
  tensor<T, Context> x;       ///< the best point seen: the lowest value, to rounding, of all evaluations
  double value = 0;           ///< f(x)
  double gradient_norm = 0;   ///< largest |g| at x
  tensor<T, Context> last_x;  ///< the point evaluated last, where a verdict was given
  double last_value = 0;
  index_t iterations = 0;   ///< accepted steps
  index_t evaluations = 0;  ///< calls of the objective
  lbfgs_status status = lbfgs_status::non_finite_start;
};

}  // namespace optim
}  // namespace v0
}  // namespace fsis
