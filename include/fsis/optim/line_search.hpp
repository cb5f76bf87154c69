// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/optim/cubic_step.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace fsis {
inline namespace v0 {
namespace optim {

/// What a line search knows before its first trial.
struct search_start {
  double value = 0;           ///< phi(0)
  double slope = 0;           ///< phi'(0) < 0
  double first = 1;           ///< first trial step
  double smallest = 0;        ///< below it a step changes nothing
  double largest = 1e10;      ///< above it no step is tried
  double value_rounding = 0;  ///< values closer than this cannot be told apart
  double certain_rise = 0;    ///< a rise above it is no error of rounding, however ill-conditioned the function
};

struct search_options {
  double sufficient_decrease = 1e-3;  ///< c1
  double curvature = 0.9;             ///< c2
  int max_evaluations = 20;
};

enum class search_state {
  trying,    ///< wants `report` or `report_non_finite` for `step()`
  accepted,  ///< `step()`, reported last, satisfies the conditions, or descends up to the largest step allowed
  exhausted  ///< ran out of trials or of room
};

/// Finds a step a > 0 with the strong Wolfe conditions
///   phi(a) <= phi(0) + c1 a phi'(0),   |phi'(a)| <= c2 |phi'(0)|
/// by the interval reduction of More and Thuente (ACM TOMS 20, 1994, section 2), as a machine that is told values:
///
///     strong_wolfe_search search(start, options);
///     while (search.state() == search_state::trying) search.report(phi(search.step()), slope(search.step()));
///
/// Values that differ from phi(0) by rounding alone are replaced by what the two slopes say, phi(0) +
/// a (phi'(0) + phi'(a)) / 2; the first condition then becomes the approximate Wolfe condition of Hager and Zhang
/// (SIAM J. Optim. 16, 2005, section 4), and the search works on where values no longer tell better from worse.
class strong_wolfe_search {
 public:
  /// Expects start.slope < 0 and start.first > 0.
  strong_wolfe_search(search_start const& start, search_options const& options)
      : start_(start),
        options_(options),
        low_{0.0, start.value, start.slope},
        high_{0.0, start.value, start.slope},
        step_((std::min)(start.first, start.largest)),
        room_low_(0.0),
        room_high_(step_ + growth * step_),
        width_(start.largest),
        width_before_(2.0 * start.largest) {}

  search_state state() const { return state_; }
  double step() const { return step_; }
  int evaluations() const { return evaluations_; }

  /// Did the value rise for certain although the slope at both ends said it would fall? Asked after a search without
  /// success: then value and gradient belong to different functions.
  bool contradicted() const { return rise_.step > 0 && rise_.slope < 0; }

  /// Was every trial outside the domain of the function?
  bool walled_in() const { return evaluations_ > 0 && finite_evaluations_ == 0; }

  /// phi(step()) and phi'(step()), both finite.
  void report(double value, double slope) {
    ++evaluations_;
    ++finite_evaluations_;
    watch_rise(value, slope);
    search_point const here{step_, resolved(value, slope), slope};
    double const wanted = options_.sufficient_decrease * start_.slope;
    double const line = start_.value + step_ * wanted;
    bool const decreased = here.value <= line;
    if (decreased && std::abs(slope) <= options_.curvature * -start_.slope) return finish(search_state::accepted);
    if (decreased && slope <= wanted && step_ >= start_.largest) return finish(search_state::accepted);
    if (decreased && slope >= 0) below_line_ = true;
    choose_step(here, !below_line_ && !decreased && here.value <= low_.value ? wanted : 0.0);
    give_up_without_room();
  }

  /// phi(step()) or its slope is not finite: the step was too long, and none as long is tried again.
  void report_non_finite() {
    ++evaluations_;
    double const reach = step_ - low_.step;
    if (bracketed_ && high_.step < low_.step) {
      exhaust();  // both ends are finite, so is what lies between them, or nothing can be relied upon
      return;
    }
    start_.largest = low_.step + retreat_limit * reach;
    bracketed_ = bracketed_ && high_.step <= start_.largest;
    step_ = low_.step + retreat * reach;
    width_ = start_.largest - low_.step;
    width_before_ = 2.0 * width_;
    set_room();
    give_up_without_room();
  }

 private:
  static constexpr double growth = 4.0;         // at most, from one trial to the next
  static constexpr double retreat = 0.2;        // next trial after a non-finite one, as a part of its reach
  static constexpr double retreat_limit = 0.5;  // and the longest one allowed
  static constexpr double shrink = 2.0 / 3.0;   // two trials must shrink the interval to this
  static constexpr int flat_limit = 3;          // trials inside the bracket without a visible change of the value

  void finish(search_state s) { state_ = s; }
  void exhaust() { state_ = search_state::exhausted; }

  double resolved(double value, double slope) {
    bool const same = std::abs(value - start_.value) <= start_.value_rounding;
    flat_evaluations_ += same && bracketed_ ? 1 : 0;
    return same ? start_.value + 0.5 * step_ * (start_.slope + slope) : value;
  }

  void watch_rise(double value, double slope) {
    bool const rises = value - start_.value > start_.certain_rise;
    if (rises && (rise_.step == 0 || step_ < rise_.step)) rise_ = {step_, value, slope};
  }

  /// `tilt` is c1 phi'(0) while no step below the line of sufficient decrease is known, and the interval is then that
  /// of psi(a) = phi(a) - phi(0) - tilt a, whose minimiser satisfies the conditions; 0 afterwards.
  void choose_step(search_point const& here, double tilt) {
    auto const tilted = [tilt](search_point p) {
      return search_point{p.step, p.value - tilt * p.step, p.slope - tilt};
    };
    interval_step const next =
        next_interval(tilted(low_), tilted(high_), tilted(here), bracketed_, {room_low_, room_high_});
    auto const pick = [&](interval_end e) {
      return e == interval_end::low ? low_ : e == interval_end::high ? high_ : here;
    };
    search_point const low = pick(next.low), high = pick(next.high);
    low_ = low;
    high_ = high;
    bracketed_ = next.bracketed;
    step_ = next.step;
    if (bracketed_) {
      double const width = std::abs(high_.step - low_.step);
      if (width >= shrink * width_before_ || !std::isfinite(step_))
        step_ = low_.step + 0.5 * (high_.step - low_.step);
      width_before_ = width_;
      width_ = width;
    }
    step_ = (std::min)((std::max)(step_, start_.smallest), start_.largest);
    set_room();
  }

  void set_room() {
    room_low_ = bracketed_ ? (std::min)(low_.step, high_.step) : step_ + 1.1 * (step_ - low_.step);
    room_high_ = bracketed_ ? (std::max)(low_.step, high_.step) : step_ + growth * (step_ - low_.step);
  }

  void give_up_without_room() {
    double const eps = std::numeric_limits<double>::epsilon();
    bool const between = room_low_ < step_ && step_ < room_high_;
    bool const no_room = bracketed_ && (!between || room_high_ - room_low_ <= 4.0 * eps * room_high_ ||
                                        room_high_ - room_low_ <= start_.smallest);
    bool const no_step = step_ <= start_.smallest && !(low_.step > 0);
    bool const no_sign = flat_evaluations_ >= flat_limit;  // the slopes are noise, too
    if (evaluations_ >= options_.max_evaluations || no_room || no_step || no_sign) exhaust();
  }

  search_start start_;
  search_options options_;
  search_point low_, high_;  // low_: least value so far, high_: the other end once bracketed
  search_point rise_{0.0, 0.0, 0.0};
  double step_;
  double room_low_, room_high_;  // the next step is taken from here
  double width_, width_before_;
  int evaluations_ = 0, finite_evaluations_ = 0, flat_evaluations_ = 0;
  bool bracketed_ = false;
  bool below_line_ = false;
  search_state state_ = search_state::trying;
};

}  // namespace optim
}  // namespace v0
}  // namespace fsis
