// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/tape.hpp>
#include <fsis/ops/loss.hpp>

namespace fsis {
inline namespace v0 {

/// A pixel loss of kernels/loss.hpp as a variable of rank 0; the target is a constant of the same shape.
template <class Tape, class Tensor, class Loss>
variable<Tensor> pixel_loss(Tape& t, char const* op, variable<Tensor> const& x, Tensor const& target, Loss loss,
                            loss_scope scope) {
  auto const r = ops::pixel_loss(t.context(), op, x.value, target, loss, scope);
  return t.record(
      r.value,
      [x, target, r, loss](auto& tape, Tensor const& g) {
        tape.add(x.slot, ops::pixel_loss_backward(tape.context(), g, x.value, target, r, loss));
      },
      x);
}

/// Binary cross-entropy of logits, mean over pixels with target >= 0; targets in [0, 1].
template <class Tape, class Tensor>
variable<Tensor> bce_with_logits(Tape& t, variable<Tensor> const& logits, Tensor const& target) {
  return pixel_loss(t, "bce_with_logits", logits, target, kernels::bce_with_logits{}, loss_scope::batch);
}

struct focal_options {
  double alpha = 0.5, gamma = 2, epsilon = 1e-12;
};

/// Normalised focal loss of logits (N,...), normalised within each picture; pixels with target < 0 are ignored.
/// Source: AdaptIS (Sofiiuk et al. 2019), as used by f-BRS and RITM.
template <class Tape, class Tensor>
variable<Tensor> normalized_focal_loss(Tape& t, variable<Tensor> const& logits, Tensor const& target,
                                       focal_options const& o = {}) {
  return pixel_loss(t, "normalized_focal_loss", logits, target,
                    kernels::normalized_focal{o.alpha, o.gamma, o.epsilon}, loss_scope::picture);
}

/// 1 - sum(p*t)/sum(max(p,t)) of probabilities, mean over pictures; pixels with target < 0 are ignored.
template <class Tape, class Tensor>
variable<Tensor> soft_iou_loss(Tape& t, variable<Tensor> const& probability, Tensor const& target) {
  return pixel_loss(t, "soft_iou_loss", probability, target, kernels::soft_iou{}, loss_scope::picture);
}

/// 1 - (2 sum(p*t) + s)/(sum(p) + sum(t) + s) of probabilities over the batch; pixels with target < 0 are ignored.
template <class Tape, class Tensor>
variable<Tensor> dice_loss(Tape& t, variable<Tensor> const& probability, Tensor const& target,
                           double smooth = 1e-3) {
  return pixel_loss(t, "dice_loss", probability, target, kernels::dice{smooth}, loss_scope::batch);
}

/// Mean of (x - target)^2.
template <class Tape, class Tensor>
variable<Tensor> mse_loss(Tape& t, variable<Tensor> const& x, Tensor const& target) {
  return pixel_loss(t, "mse_loss", x, target, kernels::mean_squared_error{}, loss_scope::batch);
}

/// The f-BRS click loss of probabilities (Sofiiuk et al. 2020, eq. 4). `wanted`: 0 nothing, 1 object, 2 background,
/// 3 both. Sums run over the whole batch (both flipped copies).
template <class Tape, class Tensor>
variable<Tensor> click_loss(Tape& t, variable<Tensor> const& probability, Tensor const& wanted,
                            double epsilon = 1e-5) {
  return pixel_loss(t, "click_loss", probability, wanted, kernels::click_loss{epsilon}, loss_scope::batch);
}

/// What logits lack of being on the wanted side of `boundary` by `margin`, squared; `wanted` and sums as `click_loss`.
template <class Tape, class Tensor>
variable<Tensor> click_margin_loss(Tape& t, variable<Tensor> const& logits, Tensor const& wanted, double boundary,
                                   double margin, double epsilon = 1e-5) {
  return pixel_loss(t, "click_margin_loss", logits, wanted, kernels::click_margin_loss{boundary, margin, epsilon},
                    loss_scope::batch);
}

/// Cross-entropy of logits (...,C) with one label per row, mean over the rows whose label is not `ignored`.
template <class Tape, class Tensor>
variable<Tensor> cross_entropy(Tape& t, variable<Tensor> const& logits,
                               tensor<std::int32_t, typename Tensor::context> const& labels,
                               std::int32_t ignored = 255) {
  Tensor const log_probability = ops::log_softmax(t.context(), logits.value);
  auto const r = ops::negative_log_likelihood(t.context(), log_probability, labels, ignored);
  return t.record(
      r.value,
      [slot = logits.slot, log_probability, labels, r, ignored](auto& tape, Tensor const& g) {
        tape.add(slot, ops::cross_entropy_backward(tape.context(), g, log_probability, labels, r, ignored));
      },
      logits);
}

}  // namespace v0
}  // namespace fsis
