// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/functions/elementwise.hpp>
#include <fsis/autograd/functions/loss.hpp>
#include <fsis/optim/adam.hpp>
#include <fsis/optim/schedule.hpp>
#include <fsis/training/checkpoint_file.hpp>
#include <fsis/training/episode_batch.hpp>
#include <fsis/training/step.hpp>

#include <functional>

namespace fsis {
inline namespace v0 {
namespace training {

/// What is minimised: the normalised focal loss of f-BRS (AdaptIS, Sofiiuk et al. 2019), or binary cross-entropy plus
/// soft IoU of the probabilities, which moves a small network faster at the start.
enum class segmentation_loss { normalized_focal, cross_entropy_and_iou };

struct segmentation_options {
  index_t steps = 10000, batch = 4, shots = 1;
  double rate = 5e-4;             ///< of Adam; cosine schedule after a warm-up
  double weight_decay = 1e-4;
  double largest_gradient = 5;    ///< common norm to which gradients are cut
  index_t warm_up = 200;
  segmentation_loss loss = segmentation_loss::cross_entropy_and_iou;
  std::uint64_t seed = 1;
  episode_options examples;
};

/// The loss of logits (B,S,S,1) for targets of 1, 0 and -1 (void).
template <class Tape, class Tensor>
variable<Tensor> loss_of(Tape& t, variable<Tensor> const& logits, Tensor const& targets, segmentation_loss kind) {
  if (kind == segmentation_loss::normalized_focal) return normalized_focal_loss(t, logits, targets);
  return add(t, bce_with_logits(t, logits, targets), soft_iou_loss(t, sigmoid(t, logits), targets));
}

/// Trains a network on episodes from `state` on with Adam. `report(step, loss, rate)` after every step may save the
/// state. Throws `value_error` naming loss or parameter when something is not finite.
template <class Network>
void train_segmentation(typename Network::context const& ctx, Network& net, segmentation_set const& set,
                        episode_source const& source, network_settings const& settings,
                        segmentation_options const& o,
                        training_state<typename Network::tensor_type::scalar, typename Network::context>& state,
                        std::function<void(index_t, double, double)> const& report) {
  using Tensor = typename Network::tensor_type;
  optim::adam_options ao;
  ao.weight_decay = o.weight_decay;
  optim::adam<typename Tensor::scalar, typename Tensor::context> optimiser(ao);
  if (state.step > 0) optimiser.restore(ctx, state.optimiser);
  optim::warm_up<optim::cosine_schedule> const rate(o.warm_up, optim::cosine_schedule(o.rate, o.steps));
  while (state.step < o.steps) {
    auto const batch =
        draw_episodes<Tensor>(ctx, set, source, o.batch, o.shots, o.seed, state.step, settings, o.examples);
    tape<Tensor> t(ctx);
    auto const logits = episode_logits(t, net, batch, settings.prior);
    auto const loss = loss_of(t, logits, batch.targets, o.loss);
    double const value = static_cast<double>(item(ctx, loss.value));
    t.backward(loss);
    check_finite(t, net, value, state.step);
    auto const slots = slots_of(t, net);
    optim::clip_gradients(ctx, slots, o.largest_gradient);
    double const r = rate(state.step);
    optimiser.step(ctx, slots, r);
    nn::update_running_averages(t, net);
    ++state.step;
    state.optimiser = optimiser.state();
    report(state.step, value, r);
  }
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
