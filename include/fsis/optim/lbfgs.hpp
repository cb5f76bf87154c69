// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/optim/lbfgs_history.hpp>
#include <fsis/optim/lbfgs_options.hpp>
#include <fsis/optim/line_search.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

namespace fsis {
inline namespace v0 {
namespace optim {

/// Minimises a smooth function of a tensor by limited-memory BFGS with a strong Wolfe search (Nocedal and Wright,
/// Numerical Optimization, algorithm 7.5). Memory is taken once; a workspace serves any number of runs of its shape.
///
/// The objective is called as `evaluation f(tensor<T, Context> const& x, tensor<T, Context>& g)`: it writes the
/// gradient at x over the elements of g, or assigns g another tensor of the same shape, and returns the value and its
/// verdict. The elements of x are there for the duration of the call: to keep them, clone them. Being called once per
/// evaluation it is also the place to watch a run from. What it throws goes through to the caller, and the workspace
/// may be used again. One run at a time.
///
/// Nothing numerical throws: `lbfgs_result::status` says how a run ended. Values, products, directions and steps are
/// double for every T. Where value or gradient is not finite the step is shortened. A failed search forgets the
/// history and tries the steepest descent once before the run ends.
template <class T, class Context = cpu_context>
class lbfgs {
  static_assert(std::is_floating_point<T>::value, "L-BFGS moves real numbers: use a tensor of float or double");

 public:
  /// Throws `value_error` on options outside their range, `shape_error` on an empty shape.
  lbfgs(Context const& ctx, shape const& extents, lbfgs_options const& options = {})
      : options_(checked(options)),
        extents_(checked(extents)),
        history_(ctx, extents, options.history),
        now_(ctx, extents),
        trial_(ctx, extents),
        best_(ctx, extents),
        direction_(ctx, extents),
        facts_(ctx, {3}) {}
  lbfgs(lbfgs const&) = delete;  // a copy would share the memory
  lbfgs& operator=(lbfgs const&) = delete;
  lbfgs(lbfgs&&) = default;
  lbfgs& operator=(lbfgs&&) = default;

  lbfgs_options const& options() const { return options_; }

  /// Options of the runs to come, `history` as at construction. Throws `value_error` otherwise.
  void set_options(lbfgs_options const& options) {
    require<value_error>(options.history == history_.capacity(), "lbfgs: history ", options.history,
                         " for a workspace with ", history_.capacity());
    options_ = checked(options);
  }

  /// Runs from x0 (left as it is). The result's tensors are the caller's: while he holds them a later run takes new
  /// memory for its own. Throws `shape_error` when x0 or a gradient has another shape than the workspace.
  template <class Objective>
  lbfgs_result<T, Context> run(Context const& ctx, tensor<T, Context> const& x0, Objective&& objective) {
    require<shape_error>(x0.defined() && x0.extents() == extents_, "lbfgs: start of shape ", x0.extents(),
                         " for a workspace of ", extents_);
    begin(ctx, x0);
    lbfgs_result<T, Context> result;
    result.status = iterate(ctx, objective);
    result.x = best_.x;
    result.value = best_.value;
    result.gradient_norm = best_.gradient_norm;
    result.last_x = last_is_trial_ ? trial_.x : now_.x;
    result.last_value = last_is_trial_ ? trial_.value : now_.value;
    result.iterations = iterations_;
    result.evaluations = evaluations_;
    return result;
  }

 private:
  using maybe_status = std::optional<lbfgs_status>;
  using clock = std::chrono::steady_clock;

  static constexpr double rounding_factor = 4.0;  // roundings between two values that may be equal
  static constexpr double growth_limit = 1e10;    // longest step, in first steps
  static constexpr int flat_steps_allowed = 8;    // without a visible decrease or a clearly smaller gradient

  struct point {
    point(Context const& ctx, shape const& extents) : x(ctx, extents), g(ctx, extents) {}
    tensor<T, Context> x, g;
    double value = 0;
    double slope = 0;  // along direction_
    double gradient_norm = 0;
    double rounding = 0;  // what rounding x and f leaves unknown of f
    bool finite() const { return std::isfinite(value) && std::isfinite(gradient_norm); }
  };

  static lbfgs_options const& checked(lbfgs_options const& options) {
    check(options);
    return options;
  }
  static shape const& checked(shape const& extents) {
    require<shape_error>(extents.size() > 0, "lbfgs: shape ", extents, " has no elements to move");
    return extents;
  }

  void begin(Context const& ctx, tensor<T, Context> const& x0) {
    for (point* p : {&now_, &trial_, &best_})
      if (!p->x.unique()) p->x = tensor<T, Context>(ctx, extents_);  // a result of an earlier run lives on
    ops::copy(ctx, x0, now_.x);
    ops::copy(ctx, x0, best_.x);
    ops::fill(ctx, direction_, 0.0);  // no slope is asked for at the start
    history_.clear();
    iterations_ = evaluations_ = 0;
    last_is_trial_ = false;
    flat_steps_ = 0;
    deadline_ = options_.deadline;
    auto const start = clock::now();
    double const left = std::chrono::duration<double, std::milli>(deadline_ - start).count();
    if (options_.time_budget < left)
      deadline_ = start + std::chrono::duration_cast<clock::duration>(
                              std::chrono::duration<double, std::milli>(options_.time_budget));
  }

  template <class Objective>
  lbfgs_status iterate(Context const& ctx, Objective& objective) {
    maybe_status end = evaluate(ctx, objective, now_);
    copy(ctx, now_, best_);
    if (end) return *end;
    if (!now_.finite()) return lbfgs_status::non_finite_start;
    if (now_.gradient_norm <= options_.gradient_tolerance) return lbfgs_status::gradient_converged;
    for (;;) {
      if (iterations_ >= options_.max_iterations) return lbfgs_status::max_iterations;
      outcome found;
      if (!history_.empty()) {
        found = follow_history(ctx, objective);
        if (found.nothing()) history_.clear();
      }
      if (found.nothing()) found = descend(ctx, objective);
      if (found.end) return *found.end;
      if (found.nothing()) return at_odds_ ? lbfgs_status::line_search_failed : lbfgs_status::stagnated_at_precision;
      end = move_to(ctx, *found.next);
      if (end) return *end;
    }
  }

  /// Of one line search: a reason to end the run, or the next point, or neither.
  struct outcome {
    maybe_status end;
    point* next = nullptr;
    bool nothing() const { return !end && next == nullptr; }
  };

  /// direction_ as seen from now_.
  struct line_facts {
    double slope, length, relative;  // g*d, |d|, largest |d/x|
  };

  /// Searches along -H g.
  template <class Objective>
  outcome follow_history(Context const& ctx, Objective& objective) {
    history_.direction(ctx, now_.g, direction_);
    return search(ctx, objective, facts_of_direction(ctx), 1.0);
  }

  /// Searches along -g: at first by the length that the options name, later by that of the last step.
  template <class Objective>
  outcome descend(Context const& ctx, Objective& objective) {
    double const largest = now_.gradient_norm;
    at_odds_ = false;
    if (!(largest > 0)) return {};
    // the largest component is 1, so that squares neither overflow nor vanish
    backend::for_each(ctx, extents_.size(), kernels::scale_into<T>{direction_.data(), now_.g.data(), -1.0 / largest});
    line_facts const facts = facts_of_direction(ctx);
    double const unit = options_.first == first_step::unit_length ? 1.0 : (std::min)(1.0, largest * facts.length);
    return search(ctx, objective, facts, (iterations_ > 0 ? last_length_ : unit) / facts.length);
  }

  line_facts facts_of_direction(Context const& ctx) const {
    backend::reduce(ctx, 1, extents_.size(), 1,
                    kernels::direction_facts<T>{facts_.data(), now_.x.data(), now_.g.data(), direction_.data()});
    double f[3];
    ctx.copy_to_host(f, facts_.data(), sizeof f);
    return {f[0], std::sqrt(f[1]), f[2]};
  }

  template <class Objective>
  outcome search(Context const& ctx, Objective& objective, line_facts const& facts, double first) {
    at_odds_ = !std::isfinite(facts.slope) || !std::isfinite(facts.length);
    search_start start;
    start.value = now_.value;
    start.slope = facts.slope;
    start.first = first;
    start.smallest = 0.5 * epsilon() / facts.relative;
    start.largest = growth_limit * first;
    start.value_rounding = now_.rounding;
    start.certain_rise = now_.rounding / std::sqrt(epsilon());  // half of the digits
    if (at_odds_ || !(start.slope < 0) || !(start.first > start.smallest)) return {};

    strong_wolfe_search line(start,
                             {options_.sufficient_decrease, options_.curvature, options_.max_search_evaluations});
    while (line.state() == search_state::trying) {
      if (maybe_status const end = budget_spent()) return {end, nullptr};
      backend::for_each(ctx, extents_.size(),
                        kernels::step_along<T>{trial_.x.data(), now_.x.data(), direction_.data(), line.step()});
      maybe_status const end = evaluate(ctx, objective, trial_);
      if (trial_.finite() && trial_.value < best_.value) copy(ctx, trial_, best_);
      if (end) return {end, nullptr};
      if (trial_.finite() && trial_.gradient_norm <= options_.gradient_tolerance &&
          trial_.value <= best_.value + best_.rounding) {
        copy(ctx, trial_, best_);  // of values that only rounding tells apart, the one with the small gradient
        return {lbfgs_status::gradient_converged, nullptr};
      }
      if (trial_.finite())
        line.report(trial_.value, trial_.slope);
      else
        line.report_non_finite();
    }
    if (line.state() == search_state::accepted) return {{}, &trial_};
    if (best_.value < now_.value - now_.rounding) return {{}, &best_};  // lower all the same
    at_odds_ = line.contradicted() || line.walled_in();
    return {};
  }

  /// Makes `next` the current point. Returns the reason to end here, if there is one.
  maybe_status move_to(Context const& ctx, point& next) {
    double const before = now_.value;
    last_length_ = history_.push(ctx, now_.x, now_.g, next.x, next.g);
    if (&next == &trial_) {
      std::swap(now_, trial_);
      last_is_trial_ = false;
    } else {
      copy(ctx, next, now_);
    }
    ++iterations_;
    double const fall = before - now_.value;
    double const scale = (std::max)(std::abs(before), std::abs(now_.value));
    if (options_.value_tolerance > 0 && fall >= 0 && fall <= options_.value_tolerance * scale)
      return lbfgs_status::value_converged;
    if (std::abs(fall) > now_.rounding) {
      flat_steps_ = 0;
      return {};
    }
    // the gradient may go on shrinking where the value cannot
    if (flat_steps_ == 0 || now_.gradient_norm < 0.5 * flat_gradient_) {
      flat_gradient_ = now_.gradient_norm;
      flat_steps_ = 0;
    }
    if (++flat_steps_ > flat_steps_allowed) return lbfgs_status::stagnated_at_precision;
    return {};
  }

  /// Asked before every evaluation but the first, which a result needs.
  maybe_status budget_spent() const {
    if (evaluations_ >= options_.max_evaluations) return lbfgs_status::max_evaluations;
    if (deadline_ != (clock::time_point::max)() && clock::now() >= deadline_) return lbfgs_status::deadline;
    return {};
  }

  /// Calls the objective at p.x. Returns the reason to end, if it gives one.
  template <class Objective>
  maybe_status evaluate(Context const& ctx, Objective& objective, point& p) {
    static_assert(std::is_convertible<decltype(objective(std::declval<tensor<T, Context> const&>(),
                                                         std::declval<tensor<T, Context>&>())),
                                      evaluation>::value,
                  "the objective is called as f(x, g), writes the gradient to g and returns optim::evaluation");
    ++evaluations_;
    last_is_trial_ = &p == &trial_;
    tensor<T, Context> g = p.g;
    evaluation const said = objective(static_cast<tensor<T, Context> const&>(p.x), g);
    require<shape_error>(g.extents() == extents_, "lbfgs: gradient of shape ", g.extents(), " for a point of ",
                         extents_);
    if (g.data() != p.g.data()) ops::copy(ctx, g, p.g);
    backend::reduce(ctx, 1, extents_.size(), 1,
                    kernels::gradient_facts<T>{facts_.data(), p.x.data(), p.g.data(), direction_.data()});
    double f[3];
    ctx.copy_to_host(f, facts_.data(), sizeof f);
    p.value = said.value;
    p.slope = f[0];
    p.gradient_norm = f[1];
    p.rounding = rounding_factor * epsilon() * (std::abs(said.value) + f[2]);
    if (said.stop) return lbfgs_status::stopped_by_objective;
    return {};
  }

  static double epsilon() { return static_cast<double>(std::numeric_limits<T>::epsilon()); }

  static void copy(Context const& ctx, point const& from, point& to) {
    ops::copy(ctx, from.x, to.x);
    ops::copy(ctx, from.g, to.g);
    to.value = from.value;
    to.slope = from.slope;
    to.gradient_norm = from.gradient_norm;
    to.rounding = from.rounding;
  }

  lbfgs_options options_;
  shape extents_;
  lbfgs_history<T, Context> history_;
  point now_, trial_, best_;
  tensor<double, Context> direction_, facts_;
  clock::time_point deadline_;
  index_t iterations_ = 0, evaluations_ = 0;
  double last_length_ = 1;
  double flat_gradient_ = 0;
  int flat_steps_ = 0;
  bool last_is_trial_ = false;
  bool at_odds_ = false;  // do values and gradients contradict each other?
};

/// Minimises `objective` from x0 with a workspace of its own; see `lbfgs`.
template <class T, class Context, class Objective>
lbfgs_result<T, Context> minimize(Context const& ctx, tensor<T, Context> const& x0, Objective&& objective,
                                  lbfgs_options const& options = {}) {
  return lbfgs<T, Context>(ctx, x0.extents(), options).run(ctx, x0, objective);
}

}  // namespace optim
}  // namespace v0
}  // namespace fsis
