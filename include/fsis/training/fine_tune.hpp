// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/interactive/shot.hpp>
#include <fsis/model/load.hpp>
#include <fsis/training/evaluation.hpp>
#include <fsis/training/segmentation.hpp>
#include <fsis/vision/components.hpp>

#include <memory>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// How a network is tuned to the support pictures of one episode: few steps, or it forgets what it knew.
struct fine_tune_options {
  index_t steps = 10, batch = 2;
  double rate = 1e-4;       ///< of Adam, constant
  double trunk_rate = 0.1;  ///< of the trunk, as a part of `rate`
  double largest_gradient = 5;
  segmentation_loss loss = segmentation_loss::cross_entropy_and_iou;
  std::uint64_t seed = 1;
  episode_options examples;
};

namespace detail {

/// A support picture as a query: one of its connected things at random, of at least a hundredth of the picture where
/// there is one.
inline mask draw_thing(shot const& s, random_stream& random) {
  mask object = interactive::object_of(s.object, s.reading);
  auto const pieces = vision::connected_components(object, vision::connectivity::eight);
  std::vector<index_t> large;
  for (std::size_t i = 0; i < pieces.components.size(); ++i)
    if (100 * pieces.components[i].size >= object.size()) large.push_back(static_cast<index_t>(i));
  if (!large.empty())
    object = pieces.piece(large[static_cast<std::size_t>(random.below(static_cast<index_t>(large.size())))]);
  for (index_t i = 0; i < object.size(); ++i)
    if (vision::is_void(s.object.data()[i], s.reading)) object.data()[i] = mask::void_label;
  return object;
}

}  // namespace detail

/// A copy of a network, tuned to find things in the support pictures from clicks as in training, each picture being
/// query and support at once. Batch norms keep their statistics, the prior trunk its weights. The network given is
/// unchanged. Throws as `fail_not_finite`.
template <class Architecture, class Context, class T>
std::unique_ptr<loaded_network<Architecture, Context, T>> fine_tuned(
    Context const& ctx, loaded_network<Architecture, Context, T> const& net, std::vector<shot> const& shots,
    fine_tune_options const& o) {
  using Tensor = tensor<T, Context>;
  auto tuned = std::make_unique<loaded_network<Architecture, Context, T>>();
  nn::copy_parameters(ctx, net, *tuned);
  tuned->settings = net.settings;
  tuned->freeze_prior();
  nn::set_rate_factor(tuned->middle_trunk(), o.trunk_rate);
  nn::freeze_statistics(*tuned);
  optim::adam<T, Context> optimiser;
  for (index_t step = 0; step < o.steps; ++step) {
    batch_builder<T> builder(o.batch, 1, o.examples.side);
    for (index_t b = 0; b < o.batch; ++b) {
      random_stream random(o.seed, static_cast<std::uint64_t>(step * o.batch + b));
      shot const& s = shots[static_cast<std::size_t>(random.below(static_cast<index_t>(shots.size())))];
      auto const crop = draw_crop({s.picture, detail::draw_thing(s, random), {}}, random, o.examples);
      builder.put_query(b, crop, draw_clicks(crop, random, o.examples), net.settings);
      mask const all = interactive::object_of(s.object, s.reading);
      builder.put_support(b, 0, draw_crop({s.picture, all, {}}, random, o.examples), net.settings);
    }
    auto const batch = builder.on(ctx);
    auto const loss_on = [&](auto& t) {
      return loss_of(t, episode_logits(t, *tuned, batch, net.settings.prior), batch.targets, o.loss);
    };
    tape<Tensor> t(ctx);
    auto const loss = loss_on(t);
    t.backward(loss);
    if (!is_finite(t, *tuned, static_cast<double>(item(ctx, loss.value))))
      fail_not_finite<Tensor>(ctx, *tuned, step, loss_on);
    auto const slots = slots_of(t, *tuned);
    optim::clip_gradients(ctx, slots, o.largest_gradient);
    optimiser.step(ctx, slots, o.rate);
  }
  return tuned;
}

/// `evaluate` with a network that is tuned to the support of every episode first.
template <class Architecture, class Context, class T>
evaluation evaluate_fine_tuned(Context const& ctx, loaded_network<Architecture, Context, T> const& net,
                               segmentation_set const& set, std::vector<episode> const& episodes,
                               session_options const& options, index_t clicks, fine_tune_options const& tuning,
                               after_episode const& each = {}) {
  auto const answer = [&](episode const& e, posed_episode const& p) {
    auto const tuned = fine_tuned(ctx, net, p.shots, tuning);
    session s{ctx, *tuned, options};
    return click_through(s, e, p, clicks);
  };
  return evaluate_by(set, episodes, clicks, answer, each);
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
