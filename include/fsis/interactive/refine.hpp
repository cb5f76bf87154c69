// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/interactive/click_objective.hpp>
#include <fsis/interactive/report.hpp>
#include <fsis/optim/lbfgs.hpp>

#include <chrono>

namespace fsis {
inline namespace v0 {
namespace interactive {

/// What a refinement found.
template <class Tensor>
struct refined {
  Tensor x;     ///< of the result
  Tensor last;  ///< evaluated last
  double loss = 0;
  index_t evaluations = 0;
  click_status status = click_status::not_refined;
};

inline click_status status_of(optim::lbfgs_status s, bool settled) {
  switch (s) {
    case optim::lbfgs_status::stopped_by_objective:
      return settled ? click_status::mask_settled : click_status::clicks_right;
    case optim::lbfgs_status::max_evaluations:
    case optim::lbfgs_status::max_iterations: return click_status::max_evaluations;
    case optim::lbfgs_status::deadline: return click_status::deadline;
    case optim::lbfgs_status::line_search_failed:
    case optim::lbfgs_status::non_finite_start: return click_status::failed;
    case optim::lbfgs_status::gradient_converged:
    case optim::lbfgs_status::value_converged:
    case optim::lbfgs_status::stagnated_at_precision: break;
  }
  return click_status::converged;
}

/// The limits of a refinement, of a session's options.
inline optim::lbfgs_options lbfgs_options_of(session_options const& o,
                                             std::chrono::steady_clock::time_point deadline) {
  optim::lbfgs_options l;
  l.history = static_cast<int>(o.history_pairs);
  l.max_evaluations = o.max_evaluations;
  l.deadline = deadline;
  return l;
}

/// Halves the way from x0, where some click is wrong, to the result, where none is, and takes the nearest point to x0
/// that was found right: a first step is as long as the optimiser likes, and what it changes beyond need is the mask's
/// loss. At most `evaluations`, none after the deadline.
template <class T, class Context, class Objective>
void shrink(Context const& ctx, tensor<T, Context> const& x0, Objective& objective, index_t evaluations,
            std::chrono::steady_clock::time_point deadline, refined<tensor<T, Context>>& found) {
  double wrong = 0, right = 1;
  auto const far = found.x;
  for (index_t i = 0; i < evaluations && std::chrono::steady_clock::now() < deadline; ++i) {
    double const share = (wrong + right) / 2;
    auto const x = ops::add(ctx, ops::affine(ctx, x0, 1 - share, 0), ops::affine(ctx, far, share, 0));
    tensor<T, Context> gradient;
    double const loss = objective(ctx, x, gradient).value;
    ++found.evaluations;
    if (objective.all_right()) {
      right = share;
      found.x = x;
      found.loss = loss;
    } else {
      wrong = share;
    }
  }
}

/// Lowers a `click_objective` from x0. The result is the lowest of the evaluations that found every click right, or,
/// where none did, the lowest of all, penalty included. Never more evaluations than the options say; the first one takes
/// place whatever the deadline. Up to `shrinking` of the evaluations that are left then find a smaller change.
template <class T, class Context, class Objective>
refined<tensor<T, Context>> refine(Context const& ctx, tensor<T, Context> const& x0, Objective& objective,
                                   optim::lbfgs_options const& options, index_t shrinking = 0) {
  using tensor_type = tensor<T, Context>;
  auto const r = optim::minimize(
      ctx, x0, [&](tensor_type const& x, tensor_type& g) { return objective(ctx, x, g); }, options);
  auto const& right = objective.best_right();
  refined<tensor_type> out;
  bool const started_wrong = right.x.defined() && r.evaluations > 1;
  out.x = right.x.defined() ? right.x : r.x;
  out.last = r.last_x;
  out.loss = right.x.defined() ? right.value : r.value;
  out.evaluations = r.evaluations;
  out.status = status_of(r.status, objective.settled());
  if (started_wrong)
    shrink(ctx, x0, objective, hd_min(shrinking, options.max_evaluations - r.evaluations), options.deadline, out);
  return out;
}

}  // namespace interactive
}  // namespace v0
}  // namespace fsis
