// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/functions/reduce.hpp>
#include <fsis/model/network.hpp>
#include <fsis/model/preprocess.hpp>
#include <fsis/training/episode.hpp>
#include <fsis/training/training_crop.hpp>
#include <fsis/vision/click_maps.hpp>

#include <cmath>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// Episodes as tensors: B queries, B*k supports in the order of their queries.
template <class Tensor>
struct episode_batch {
  Tensor images;         // (B,S,S,3) normalised
  Tensor maps;           // (B,S,S,2) click maps
  Tensor targets;        // (B,S,S,1) 1 object, 0 background, -1 void
  Tensor support;        // (B*k,S,S,3) normalised
  Tensor support_masks;  // (B*k,S,S,1) 0 or 1
  index_t shots = 1;
  std::vector<std::vector<click>> clicks;  // of every query
  // What the frozen trunk says of it, which neither clicks nor training change; undefined: not computed yet.
  model::frozen_features<Tensor> seen;  // in the queries
  Tensor prior;                         // (B,S/16,S/16,1)
  Tensor self_support;                  // as in network::inputs; undefined: the first look
};

/// Fills the tensors of a batch on the host, example after example.
template <class T>
class batch_builder {
 public:
  batch_builder(index_t batch, index_t shots, index_t side)
      : batch_(batch),
        shots_(shots),
        side_(side),
        images_(numbers(batch, 3)),
        maps_(numbers(batch, 2)),
        support_(numbers(batch * shots, 3)),
        support_masks_(numbers(batch * shots, 1)),
        targets_(static_cast<std::size_t>(batch)),
        clicks_(static_cast<std::size_t>(batch)) {}

  /// The query of example `b`: a crop and the clicks into it.
  void put_query(index_t b, target_in_picture const& crop, std::vector<click> const& clicks,
                 network_settings const& settings) {
    model::write_normalized(images_.data() + b * pixels() * 3, crop.picture, settings.pixels);
    targets_[static_cast<std::size_t>(b)] = crop.target;
    put_clicks(b, clicks, settings);
  }

  /// The support picture `k` of example `b`.
  void put_support(index_t b, index_t k, target_in_picture const& crop, network_settings const& settings) {
    index_t const at = b * shots_ + k;
    model::write_normalized(support_.data() + at * pixels() * 3, crop.picture, settings.pixels);
    for (index_t i = 0; i < pixels(); ++i)
      support_masks_[static_cast<std::size_t>(at * pixels() + i)] = crop.target.data()[i] == 1 ? T(1) : T(0);
  }

  /// Adds to every example the click that corrects what the network says with those so far: where the probability is
  /// above `threshold` is object (RITM, Sofiiuk et al. 2021, iterative sampling; 0.49). `logits` are (B,S,S,1).
  void correct(std::vector<T> const& logits, double threshold, random_stream& random,
               network_settings const& settings) {
    double const above = std::log(threshold / (1 - threshold));
    for (index_t b = 0; b < batch_; ++b) {
      mask said = mask::blank(side_, side_);
      for (index_t i = 0; i < pixels(); ++i)
        said.data()[i] = static_cast<double>(logits[static_cast<std::size_t>(b * pixels() + i)]) > above;
      auto const next = vision::correcting_click(targets_[static_cast<std::size_t>(b)], said, random);
      if (!next) continue;
      auto clicks = clicks_[static_cast<std::size_t>(b)];
      clicks.push_back(*next);
      put_clicks(b, clicks, settings);
    }
  }

  std::vector<click> const& clicks(index_t b) const { return clicks_[static_cast<std::size_t>(b)]; }
  std::vector<std::vector<click>> const& clicks() const { return clicks_; }

  template <class Context>
  episode_batch<tensor<T, Context>> on(Context const& ctx) const {
    index_t const S = side_;
    auto targets = numbers(batch_, 1);
    for (index_t b = 0; b < batch_; ++b)
      for (index_t i = 0; i < pixels(); ++i) {
        std::uint8_t const l = targets_[static_cast<std::size_t>(b)].data()[i];
        targets[static_cast<std::size_t>(b * pixels() + i)] = l == mask::void_label ? T(-1) : static_cast<T>(l);
      }
    return {from_host<T>(ctx, {batch_, S, S, 3}, images_),
            maps_on(ctx),
            from_host<T>(ctx, {batch_, S, S, 1}, targets),
            from_host<T>(ctx, {batch_ * shots_, S, S, 3}, support_),
            from_host<T>(ctx, {batch_ * shots_, S, S, 1}, support_masks_),
            shots_,
            clicks_,
            {},
            {},
            {}};
  }

  template <class Context>
  tensor<T, Context> maps_on(Context const& ctx) const {
    return from_host<T>(ctx, {batch_, side_, side_, 2}, maps_);
  }

 private:
  index_t pixels() const { return side_ * side_; }

  std::vector<T> numbers(index_t pictures, index_t channels) const {
    return std::vector<T>(static_cast<std::size_t>(pictures * pixels() * channels));
  }

  void put_clicks(index_t b, std::vector<click> const& clicks, network_settings const& settings) {
    vision::write_click_maps(maps_.data() + b * pixels() * 2, side_, side_, clicks, settings.clicks);
    clicks_[static_cast<std::size_t>(b)] = clicks;
  }

  index_t batch_, shots_, side_;
  std::vector<T> images_, maps_, support_, support_masks_;
  std::vector<mask> targets_;
  std::vector<std::vector<click>> clicks_;
};

/// Makes batch `number`; draws depend on (seed, number, position) alone, so a resumed run goes on the same.
template <class T>
batch_builder<T> draw_episodes(episode_mixture const& from, index_t batch, index_t shots, std::uint64_t seed,
                               index_t number, network_settings const& settings, episode_options const& o) {
  batch_builder<T> builder(batch, shots, o.side);
  for (index_t b = 0; b < batch; ++b) {
    random_stream random(seed, static_cast<std::uint64_t>(number * batch + b));
    bool const is_thing = from.things != nullptr && random.chance(from.things_share);
    segmentation_set const& set = is_thing ? from.things->set() : *from.set;
    episode const e = is_thing ? from.things->draw(random) : from.episodes->draw(random);
    auto const shown = set.read(e.query.picture);
    target_in_picture const query{shown.picture, segmentation_set::target_of(shown, e.query),
                                  segmentation_set::others_of(shown, e.query)};
    auto const crop = draw_crop(query, random, o);
    builder.put_query(b, crop, draw_clicks(crop, random, o), settings);
    for (index_t k = 0; k < shots; ++k) {
      if (e.supports_itself) {
        builder.put_support(b, k, draw_crop({query.picture, query.target, {}}, random, o), settings);
        continue;
      }
      auto const support = set.read(e.supports[static_cast<std::size_t>(k)]);
      auto const labels = segmentation_set::class_of(support.labels, e.query.label);
      builder.put_support(b, k, draw_crop({support.picture, labels, {}}, random, o), settings);
    }
  }
  return builder;
}

/// The prior of the class on every query of a batch, (B,h,w,1): of the frozen trunk alone.
template <class Network, class Tensor>
Tensor episode_prior(typename Network::context const& ctx, Network const& net, Tensor const& query_high,
                     episode_batch<Tensor> const& e, prior_options const& options) {
  Tensor const support_high = net.high(ctx, e.support);
  auto const coverage = model::cell_coverage(ctx, e.support_masks, Network::input_multiple);
  std::vector<Tensor> priors;
  for (index_t b = 0; b < e.images.extent(0); ++b) {
    std::vector<model::support_view<Tensor>> views;
    for (index_t s = b * e.shots; s < (b + 1) * e.shots; ++s)
      views.push_back({support_high.slice(s, 1), model::core_cells(ctx, coverage.slice(s, 1))});
    priors.push_back(model::prior_of(ctx, query_high.slice(b, 1), views, options));
  }
  return ops::concatenate(ctx, priors, 0);
}

/// The click prior of every query of a batch, (B,h,w,2 levels), from what the frozen trunk sees in them.
template <class Context, class Tensor>
Tensor episode_click_prior(Context const& ctx, model::frozen_features<Tensor> const& seen,
                           episode_batch<Tensor> const& e) {
  std::vector<Tensor> all;
  for (index_t b = 0; b < e.images.extent(0); ++b)
    all.push_back(model::click_prior(ctx, seen, b, e.clicks[static_cast<std::size_t>(b)], e.images.extent(1),
                                     e.images.extent(2)));
  return ops::concatenate(ctx, all, 0);
}

/// What a network is given for a batch of episodes; the support path has gradients.
template <class Tape, class Network, class Tensor>
typename Network::inputs episode_inputs(Tape& t, Network const& net, episode_batch<Tensor> const& e,
                                        prior_options const& prior) {
  using architecture = typename Network::architecture;
  auto const& ctx = t.context();
  index_t const B = e.images.extent(0), k = e.shots;
  typename Network::inputs in;
  in.image = e.images;
  in.maps = e.maps;
  if constexpr (architecture::support != support_path::none) {
    auto const features = net.middle(t, variable<Tensor>(e.support));  // (B*k,h,w,width)
    index_t const h = features.value.extent(1), w = features.value.extent(2);
    if constexpr (architecture::support == support_path::prototype) {
      auto const coverage = model::cell_coverage(ctx, e.support_masks, Network::stride);
      auto const prototype = masked_average(t, features, coverage);  // (B*k,1,1,width)
      in.support = reshape(t, mean(t, reshape(t, prototype, {B, k, Network::width}), 1), {B, 1, 1, Network::width});
    } else {
      in.support =
          reshape(t, mean(t, reshape(t, features, {B, k, h * w * Network::width}), 1), {B, h, w, Network::width});
    }
  }
  if constexpr (architecture::has_prior || Network::click_prior_channels > 0) {
    auto const seen = e.seen.high.defined() ? e.seen : net.frozen(ctx, e.images);
    if constexpr (architecture::has_prior)
      in.prior = e.prior.defined() ? e.prior : episode_prior(ctx, net, seen.high, e, prior);
    if constexpr (Network::click_prior_channels > 0) in.click_prior = episode_click_prior(ctx, seen, e);
  }
  in.self_support = e.self_support;
  return in;
}

/// Logits of a network for a batch of episodes, (B,S,S,1): the three branches from pictures on.
template <class Tape, class Network, class Tensor>
variable<Tensor> episode_logits(Tape& t, Network const& net, episode_batch<Tensor> const& e,
                                prior_options const& prior) {
  return net(t, episode_inputs(t, net, e, prior));
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
