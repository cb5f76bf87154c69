// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/functions/elementwise.hpp>
#include <fsis/autograd/functions/loss.hpp>
#include <fsis/autograd/functions/reduce.hpp>
#include <fsis/backend/repeated.hpp>
#include <fsis/interactive/session_options.hpp>
#include <fsis/kernels/click_error.hpp>
#include <fsis/optim/lbfgs_options.hpp>
#include <fsis/tensor/transfer.hpp>

#include <cmath>
#include <memory>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace interactive {

/// What a refinement wants of the probabilities (N,H,W,1).
template <class Tensor>
struct wishes {
  Tensor squares;  ///< of the clicks, as `click_targets`
  Tensor keep;     ///< 0 or 1 where a start mask is to be kept, -1 elsewhere; undefined without start mask
  double keep_weight = 0;
  click_cost cost = click_cost::margin;
  double logit_margin = 0.5;  ///< beyond the logit of the threshold, of `click_cost::margin`
};

/// When an evaluation is good enough.
struct stop_limits {
  stop_rule rule = stop_rule::clicks_right;
  double threshold = 0.5;
  double margin = 0;
  double settled_above = 0.99;
};

/// Errors of the worst clicked pixels on the device of a context; see `kernels::click_error`.
template <class T, class Context>
class click_errors {
 public:
  explicit click_errors(Context const& ctx) : memory_(ctx.allocate(sizeof(kernels::click_error))) {}

  void measure(Context const& ctx, tensor<T, Context> const& probability, tensor<T, Context> const& squares) {
    ops::check_same_shape("click_errors", probability, squares);
    backend::reduce(ctx, 1, probability.size(), 1,
                    kernels::worst_click_error<T>{on_device(), probability.data(), squares.data()});
  }

  /// Waits for what was measured.
  kernels::click_error read(Context const& ctx) const {
    kernels::click_error e{};
    ctx.copy_to_host(&e, on_device(), sizeof e);
    return e;
  }

 private:
  kernels::click_error* on_device() const { return static_cast<kernels::click_error*>(memory_.get()); }

  std::shared_ptr<void> memory_;
};

/// The loss that a refinement lowers, for L-BFGS:
///
///     z    = replay(x), p = sigmoid(z)                                (N,H,W,1)
///     loss = sum e^2 / positives + sum e^2 / negatives                over the clicks' squares
///          + sum penalty x^2
///          + keep_weight * cross-entropy(p, keep)                     where there is a start mask
///
/// With `click_cost::probability` the error e is 1 - p and p, as f-BRS and BRS have it (Sofiiuk et al. 2020, eq. 4 to 6;
/// Jang and Kim 2019, eq. 1): nearly flat where the network is sure and wrong. With `click_cost::margin` it is what z
/// lacks of being beyond the threshold by a margin, as in a support vector machine: with few clicks the penalty finds a
/// smaller change, with many all of them become right (models/README.md).
///
/// `replay(tape, x)` computes logits from the optimised variables x: everything behind the place where x acts. It is
/// called once per evaluation. It may compute patches of the logits only, with the wishes for these patches, when they
/// hold all that is wished for; `mean_iou` of `stop_rule::mask_settled` needs the whole.
template <class Tensor, class Replay>
class click_objective {
 public:
  using T = typename Tensor::scalar;
  using context = typename Tensor::context;

  /// `penalty` has the shape of x. Everything is shared, nothing copied.
  click_objective(wishes<Tensor> wanted, Tensor penalty, Replay replay, stop_limits const& limits)
      : wanted_(std::move(wanted)), penalty_(std::move(penalty)), replay_(std::move(replay)), limits_(limits) {}

  /// Value, gradient and verdict at x, whose shape is the same at every call.
  optim::evaluation operator()(context const& ctx, Tensor const& x, Tensor& gradient) {
    if (now_ == nullptr) now_ = std::make_unique<memory>(ctx, x.extents());
    ops::copy(ctx, x, now_->x);
    evaluate_(ctx, [&] { evaluate(ctx); });
    gradient = ops::clone(ctx, now_->gradient);
    double const value = static_cast<double>(item(ctx, now_->value));
    judge(ctx);
    return {value, (clicks_right_ && good_enough(ctx, x, value)) || settled_};
  }

  Replay const& replay() const { return replay_; }

  /// Did the last evaluation find every click right? No with `stop_rule::never`, which does not look.
  bool all_right() const { return clicks_right_; }

  /// Did the last evaluation find that the mask hardly changed?
  bool settled() const { return settled_; }

  /// An evaluation.
  struct point {
    Tensor x;  // undefined: there was none
    double value = 0;
  };

  /// The lowest of the evaluations that found every click right; none with `stop_rule::never`, which does not look.
  point const& best_right() const { return best_right_; }

 private:
  static constexpr double small_fall = 0.01;  // of the loss, relative

  /// The logit of the threshold.
  double boundary() const { return std::log(limits_.threshold / (1 - limits_.threshold)); }

  bool keeps_mask() const { return wanted_.keep.defined() && wanted_.keep_weight > 0; }

  /// Of an evaluation that found every click right. Where a mask is to be kept, the loss must have stopped falling,
  /// too.
  bool good_enough(context const& ctx, Tensor const& x, double value) {
    if (!std::isfinite(value)) return false;
    bool const first = !best_right_.x.defined();
    double const before = best_right_.value;
    if (first || value < before) best_right_ = {ops::clone(ctx, x), value};
    return !keeps_mask() || (!first && value <= before && value >= (1 - small_fall) * before);
  }

  /// What an evaluation reads and writes: the same memory every time.
  struct memory {
    Tensor x, gradient, value;
    click_errors<T, context> errors;
    Tensor probability;  // undefined where nobody compares whole masks

    memory(context const& ctx, shape const& of_x)
        : x(ctx, of_x), gradient(ctx, of_x), value(ctx, shape{}), errors(ctx) {}
  };

  /// From `now_->x` to everything else there. Nothing is read back, so that a device may be given it as a whole.
  void evaluate(context const& ctx) {
    now_->probability = Tensor();  // each time the same memory is free
    tape<Tensor> t(ctx, frozen_);
    auto const v = t.input(now_->x);
    auto const logits = replay_(t, v);
    auto const p = sigmoid(t, logits);
    auto const at_clicks = wanted_.cost == click_cost::margin
                               ? click_margin_loss(t, logits, wanted_.squares, boundary(), wanted_.logit_margin)
                               : click_loss(t, p, wanted_.squares);
    auto loss = add(t, at_clicks, sum(t, multiply(t, square(t, v), {penalty_})));
    if (keeps_mask())
      loss = add(t, loss, affine(t, bce_with_logits(t, logits, wanted_.keep), wanted_.keep_weight, 0));
    t.backward(loss);
    ops::copy(ctx, t.gradient(v), now_->gradient);
    ops::copy(ctx, loss.value, now_->value);
    if (limits_.rule != stop_rule::never) now_->errors.measure(ctx, p.value, wanted_.squares);
    if (limits_.rule == stop_rule::mask_settled) now_->probability = p.value;
  }

  void judge(context const& ctx) {
    if (limits_.rule == stop_rule::never) return;
    auto const e = now_->errors.read(ctx);
    clicks_right_ =
        e.object < 1 - limits_.threshold - limits_.margin && e.background < limits_.threshold - limits_.margin;
    if (limits_.rule == stop_rule::mask_settled) {
      auto const now = to_host(ctx, now_->probability);
      settled_ = !before_.empty() && mean_iou(now, now_->probability.extent(0)) > limits_.settled_above;
      before_ = now;
    }
  }

  /// Of the masks of this evaluation and the one before, mean over the copies. 0 where both are empty in a copy.
  double mean_iou(std::vector<T> const& now, index_t copies) const {
    std::size_t const pixels = now.size() / static_cast<std::size_t>(copies);
    double sum = 0;
    for (std::size_t n = 0; n < static_cast<std::size_t>(copies); ++n) {
      index_t both = 0, either = 0;
      for (std::size_t i = n * pixels; i < (n + 1) * pixels; ++i) {
        bool const a = static_cast<double>(now[i]) > limits_.threshold;
        bool const b = static_cast<double>(before_[i]) > limits_.threshold;
        both += a && b;
        either += a || b;
      }
      if (either > 0) sum += static_cast<double>(both) / static_cast<double>(either);
    }
    return sum / static_cast<double>(copies);
  }

  wishes<Tensor> wanted_;
  Tensor penalty_;
  Replay replay_;
  stop_limits limits_;
  frozen_parameters<Tensor> frozen_;  // a network is not changed while it is refined
  std::unique_ptr<memory> now_;
  backend::repeated<context> evaluate_;
  std::vector<T> before_;
  point best_right_;
  bool clicks_right_ = false, settled_ = false;
};

}  // namespace interactive
}  // namespace v0
}  // namespace fsis
