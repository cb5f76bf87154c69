// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/optim/adam.hpp>
#include <fsis/optim/sgd.hpp>
#include <fsis/training/batch_loader.hpp>
#include <fsis/training/checkpoint_file.hpp>
#include <fsis/training/segmentation_options.hpp>
#include <fsis/training/step.hpp>

#include <functional>
#include <type_traits>
#include <utility>
#include <variant>

namespace fsis {
inline namespace v0 {
namespace training {
namespace detail {

template <class T, class Context>
std::variant<optim::adam<T, Context>, optim::sgd<T, Context>> optimiser_of(segmentation_options const& o) {
  if (o.optimiser == optimiser_kind::sgd) {
    optim::sgd_options s;
    s.momentum = o.momentum;
    s.weight_decay = o.weight_decay;
    return optim::sgd<T, Context>(s);
  }
  optim::adam_options a;
  a.weight_decay = o.weight_decay;
  return optim::adam<T, Context>(a);
}

/// Adds a batch's gradients to those of the batches before it, all times `share`.
template <class T, class Context>
void accumulate(Context const& ctx, optim::parameter_slots<T, Context>& sum,
                optim::parameter_slots<T, Context> const& more, double share) {
  if (sum.empty()) {
    sum = more;
    for (auto& slot : sum)
      if (slot.gradient.defined()) slot.gradient = ops::affine(ctx, slot.gradient, share, 0);
    return;
  }
  for (std::size_t i = 0; i < sum.size(); ++i) {
    if (!more[i].gradient.defined()) continue;
    if (sum[i].gradient.defined())
      ops::axpby(ctx, static_cast<T>(share), more[i].gradient, T(1), sum[i].gradient);
    else
      sum[i].gradient = ops::affine(ctx, more[i].gradient, share, 0);
  }
}

/// Do clicks enter a network?
template <class Network, class = void>
struct sees_clicks : std::false_type {};
template <class Network>
struct sees_clicks<Network, std::void_t<typename Network::inputs>> : std::true_type {};

/// A batch with what the network's own masks change of it, drawn from (seed, number of the batch): the clicks that
/// correct them, 0 to `corrections` of them (RITM, Sofiiuk et al. 2021), the same number for all examples; and for a
/// network that looks twice the self-support of its first answer, in `second_looks` of the batches.
template <class Network, class T>
episode_batch<typename Network::tensor_type> answered(typename Network::context const& ctx, Network const& net,
                                                      batch_builder<T> builder, index_t number,
                                                      network_settings const& settings,
                                                      segmentation_options const& o) {
  using Tensor = typename Network::tensor_type;
  auto batch = builder.on(ctx);
  if constexpr (sees_clicks<Network>::value) {
    constexpr bool likes_clicks = Network::click_prior_channels > 0, looks_twice = Network::self_support_channels > 0;
    random_stream random(~o.seed, static_cast<std::uint64_t>(number));  // examples are drawn from `seed`
    index_t const times = random.below(o.corrections + 1);
    bool const twice = looks_twice && random.chance(o.second_looks);
    if (times == 0 && !twice) return batch;
    no_tape<Tensor> t(ctx);
    if constexpr (Network::architecture::has_prior || likes_clicks) batch.seen = net.frozen(ctx, batch.images);
    auto in = episode_inputs(t, net, batch, settings.prior);
    for (index_t i = 0; i < times; ++i) {
      builder.correct(to_host(ctx, net(t, in).value), o.correct_above, random, settings);
      in.maps = batch.maps = builder.maps_on(ctx);
      batch.clicks = builder.clicks();
      if constexpr (likes_clicks) in.click_prior = episode_click_prior(ctx, batch.seen, batch);
    }
    batch.prior = in.prior.value;
    if constexpr (looks_twice)
      if (twice) batch.self_support = model::self_support(ctx, batch.seen, net(t, in).value);
  } else {
    require<value_error>(o.corrections == 0, "train: up to ", o.corrections,
                         " corrections, but no click enters this network");
  }
  return batch;
}

}  // namespace detail

/// What `train_segmentation` says after each step.
struct training_progress {
  index_t step = 0;  ///< done
  double loss = 0;   ///< mean of the step's batches
  double rate = 0;
};

/// Trains a network on episodes from `state` on. A network is whatever has
/// `episode_logits` and a `middle_trunk`, which learns at its own rate. `report(progress)` after
/// every step may save the state. With `average` the network has its last weights in the end, and the state their
/// averages, for `use_average`. Throws `value_error` on options out of range, and naming operation or
/// parameter when something is not finite.
template <class Network>
void train_segmentation(typename Network::context const& ctx, Network& net, episode_mixture const& from,
                        network_settings const& settings, segmentation_options const& o,
                        training_state<typename Network::tensor_type::scalar, typename Network::context>& state,
                        std::function<void(training_progress const&)> const& report) {
  using Tensor = typename Network::tensor_type;
  check(o);
  nn::set_rate_factor(net.middle_trunk(), o.trunk_rate);
  auto optimiser = detail::optimiser_of<typename Tensor::scalar, typename Tensor::context>(o);
  if (state.step > 0) std::visit([&](auto& method) { method.restore(ctx, state.optimiser); }, optimiser);
  batch_loader<batch_builder<typename Tensor::scalar>> loader(
      state.step * o.accumulate, o.steps * o.accumulate, o.loader_threads, [&](index_t number) {
        return draw_episodes<typename Tensor::scalar>(from, o.batch, o.shots, o.seed, number, settings, o.examples);
      });
  while (state.step < o.steps) {
    training_progress now{state.step + 1, 0, o.rate_at(state.step)};
    optim::parameter_slots<typename Tensor::scalar, typename Tensor::context> slots;
    for (index_t a = 0; a < o.accumulate; ++a) {
      auto const batch = detail::answered(ctx, net, loader.next(), state.step * o.accumulate + a, settings, o);
      auto const loss_on = [&](auto& t) {
        return loss_of(t, episode_logits(t, net, batch, settings.prior), batch.targets, o.loss);
      };
      tape<Tensor> t(ctx);
      auto const loss = loss_on(t);
      double const value = static_cast<double>(item(ctx, loss.value));
      t.backward(loss);
      if (!is_finite(t, net, value)) fail_not_finite<Tensor>(ctx, net, state.step, loss_on);
      now.loss += value / static_cast<double>(o.accumulate);
      if (o.accumulate == 1)
        slots = slots_of(t, net);
      else
        detail::accumulate(ctx, slots, slots_of(t, net), 1.0 / static_cast<double>(o.accumulate));
      nn::update_running_averages(t, net);
    }
    optim::clip_gradients(ctx, slots, o.largest_gradient);
    std::visit(
        [&](auto& method) {
          method.step(ctx, slots, now.rate);
          state.optimiser = method.state();
        },
        optimiser);
    if (o.average > 0) average_weights(ctx, net, o.average, state.step, state.averages);
    ++state.step;
    report(now);
  }
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
