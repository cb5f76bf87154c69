// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/functions/elementwise.hpp>
#include <fsis/autograd/functions/loss.hpp>
#include <fsis/optim/schedule.hpp>
#include <fsis/training/episode_batch.hpp>

#include <cmath>

namespace fsis {
inline namespace v0 {
namespace training {

/// What is minimised: the normalised focal loss of f-BRS (AdaptIS, Sofiiuk et al. 2019), plain binary cross-entropy, or
/// that plus soft IoU of the probabilities, which moves a small network faster at the start.
enum class segmentation_loss { normalized_focal, cross_entropy, cross_entropy_and_iou };

enum class optimiser_kind { adam, sgd };

/// How the rate falls over the steps: not at all, as DeepLab's (1 - i/n)^0.9, as half a cosine, or to a tenth after
/// five sixths of them (f-BRS: after 100 of 120 epochs).
enum class rate_schedule { constant, poly, cosine, last_sixth };

struct segmentation_options {
  index_t steps = 12000;   ///< of the optimiser
  index_t batch = 4;       ///< episodes whose gradients are computed at once
  index_t accumulate = 1;  ///< batches whose gradients are averaged into a step
  index_t shots = 1;
  optimiser_kind optimiser = optimiser_kind::adam;
  rate_schedule schedule = rate_schedule::cosine;
  double rate = 1e-3;       ///< behind the warm-up
  double trunk_rate = 0.1;  ///< of the pretrained trunk, as a part of `rate` (f-BRS: 0.1)
  double momentum = 0.9;    ///< of SGD
  double weight_decay = 1e-4;
  double average = 0;           ///< decay of the averages of the weights (`average_weights`), below 1; 0: none
  double largest_gradient = 5;  ///< common norm to which gradients are cut
  index_t warm_up = 200;
  segmentation_loss loss = segmentation_loss::cross_entropy_and_iou;
  std::uint64_t seed = 1;
  episode_options examples;
  index_t corrections = 3;  ///< most clicks added where the network is wrong, before a batch is learned from; each
                            ///< costs a pass (RITM: 3); 0 for networks that no click enters
  double correct_above = 0.49;    ///< probability that counts as object for that
  double second_looks = 2.0 / 3;  ///< share of the batches in which a network that looks twice learns to do so
  int loader_threads = 1;  ///< that read and prepare pictures beside the training; results do not depend on them

  double rate_at(index_t step) const {
    switch (schedule) {
      case rate_schedule::poly: return optim::warm_up(warm_up, optim::poly_schedule(rate, steps))(step);
      case rate_schedule::cosine: return optim::warm_up(warm_up, optim::cosine_schedule(rate, steps))(step);
      case rate_schedule::last_sixth: {
        index_t const change = hd_max(steps - steps / 6, index_t{1});
        return optim::warm_up(warm_up, optim::step_schedule(rate, change))(step);
      }
      case rate_schedule::constant: break;
    }
    return optim::warm_up(warm_up, optim::constant_schedule{rate})(step);
  }
};

/// Steps in which every picture is the query about `epochs` times.
inline index_t steps_for(index_t epochs, index_t pictures, segmentation_options const& o) {
  return ceil_div(epochs * pictures, o.batch * o.accumulate);
}

/// As the thesis trained (chapter 2): SGD with momentum 0.9 and weight decay 1e-4, 150 epochs. What it leaves open is
/// binary cross-entropy, batches of 8, a rate of 0.01 that falls by a polynomial, as PFENet's, and a tenth of it for the
/// trunk.
inline segmentation_options thesis_training(index_t pictures) {
  segmentation_options o;
  o.optimiser = optimiser_kind::sgd;
  o.schedule = rate_schedule::poly;
  o.rate = 0.01;
  o.accumulate = 2;
  o.loss = segmentation_loss::cross_entropy;
  o.corrections = 0;
  o.steps = steps_for(150, pictures, o);
  return o;
}

/// As f-BRS was trained (Sofiiuk et al. 2020, and its code): Adam, the normalised focal loss, batches of 28, 120 epochs,
/// a tenth of the rate for the last 20, and for the trunk.
inline segmentation_options fbrs_training(index_t pictures) {
  segmentation_options o;
  o.schedule = rate_schedule::last_sixth;
  o.rate = 5e-4;
  o.accumulate = 7;
  o.weight_decay = 0;
  o.loss = segmentation_loss::normalized_focal;
  o.corrections = 0;
  o.steps = steps_for(120, pictures, o);
  return o;
}

/// The loss of logits (B,S,S,1) for targets of 1, 0 and -1 (void).
template <class Tape, class Tensor>
variable<Tensor> loss_of(Tape& t, variable<Tensor> const& logits, Tensor const& targets, segmentation_loss kind) {
  if (kind == segmentation_loss::normalized_focal) return normalized_focal_loss(t, logits, targets);
  auto const entropy = bce_with_logits(t, logits, targets);
  if (kind == segmentation_loss::cross_entropy) return entropy;
  return add(t, entropy, soft_iou_loss(t, sigmoid(t, logits), targets));
}

/// Throws `value_error` naming the option that is outside its range.
inline void check(segmentation_options const& o) {
  auto const at_least = [](char const* name, index_t value, index_t least) {
    require<value_error>(value >= least, "train: ", name, " ", value, ", wanted at least ", least);
  };
  at_least("steps", o.steps, 0);
  at_least("batch", o.batch, 1);
  at_least("accumulate", o.accumulate, 1);
  at_least("shots", o.shots, 1);
  at_least("warm_up", o.warm_up, 0);
  at_least("corrections", o.corrections, 0);
  require<value_error>(o.correct_above > 0 && o.correct_above < 1, "train: correct_above ", o.correct_above,
                       ", wanted between 0 and 1");
  require<value_error>(o.second_looks >= 0 && o.second_looks <= 1, "train: second_looks ", o.second_looks,
                       ", wanted 0 to 1");
  require<value_error>(std::isfinite(o.rate) && o.rate >= 0, "train: rate ", o.rate, ", wanted 0 or more");
  require<value_error>(std::isfinite(o.trunk_rate) && o.trunk_rate >= 0, "train: trunk_rate ", o.trunk_rate,
                       ", wanted 0 or more");
  require<value_error>(o.average >= 0 && o.average < 1, "train: average ", o.average, ", wanted 0 or more, below 1");
  require<value_error>(o.examples.side >= 16 && o.examples.side % 16 == 0, "train: crop of ", o.examples.side,
                       ", wanted a multiple of 16");
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
