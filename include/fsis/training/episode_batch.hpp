// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/functions/reduce.hpp>
#include <fsis/model/network.hpp>
#include <fsis/model/preprocess.hpp>
#include <fsis/training/episode.hpp>
#include <fsis/vision/click_maps.hpp>
#include <fsis/vision/samplers.hpp>

#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// How episodes become training examples.
struct episode_options {
  index_t side = 224;  ///< of the square crops, a multiple of 16
  double min_scale = 0.6, max_scale = 1.0;  ///< of the stored pictures
  double one_click_share = 0.5;  ///< of examples with a single click near the middle of the object; the others have
                                 ///< clicks of both signs as f-BRS draws them
  vision::click_sampler_options clicks;
  index_t smallest_object = 32;  ///< pixels that a crop must keep
};

/// Episodes as tensors: B queries, B*k supports in the order of their queries.
template <class Tensor>
struct episode_batch {
  Tensor images;         // (B,S,S,3) normalised
  Tensor maps;           // (B,S,S,2) click maps
  Tensor targets;        // (B,S,S,1) 1 object, 0 background, -1 void
  Tensor support;        // (B*k,S,S,3) normalised
  Tensor support_masks;  // (B*k,S,S,1) 0 or 1
  index_t shots = 1;
};

namespace detail {

/// A crop of a picture that keeps some of the object; the last try is taken when none does, and may have none.
inline vision::labelled_image draw_crop(image const& picture, mask const& target, random_stream& random,
                                        episode_options const& o) {
  vision::augment_options a;
  a.height = a.width = o.side;
  a.min_scale = o.min_scale;
  a.max_scale = o.max_scale;
  a.label_fill = mask::void_label;
  vision::labelled_image out;
  for (int attempt = 0; attempt < 4; ++attempt) {
    out = vision::augment(picture, target, random, a);
    if (std::count(out.labels.data(), out.labels.data() + out.labels.size(), std::uint8_t{1}) >= o.smallest_object)
      break;
  }
  return out;
}

inline std::vector<click> draw_clicks(mask const& target, random_stream& random, episode_options const& o) {
  mask const nothing = mask::blank(target.height(), target.width());
  if (random.chance(o.one_click_share)) {
    auto const one = vision::correcting_click(target, nothing, random);
    return one ? std::vector<click>{*one} : std::vector<click>{};
  }
  mask object = nothing, unlabelled = nothing;
  for (index_t i = 0; i < target.size(); ++i) {
    object.data()[i] = target.data()[i] == 1;
    unlabelled.data()[i] = target.data()[i] == mask::void_label;
  }
  if (object.count() == 0) return {};
  vision::click_scene scene;
  scene.objects.push_back(object);
  scene.unlabelled = unlabelled;
  return vision::sample_clicks(scene, random, o.clicks);
}

}  // namespace detail

/// Makes the examples of one step; draws depend on (seed, step, position) alone, so a resumed run goes on the same.
template <class Tensor>
episode_batch<Tensor> draw_episodes(typename Tensor::context const& ctx, segmentation_set const& set,
                                    episode_source const& source, index_t batch, index_t shots, std::uint64_t seed,
                                    index_t step, network_settings const& settings, episode_options const& o) {
  using T = typename Tensor::scalar;
  index_t const S = o.side, pixels = S * S;
  auto const values = [&](index_t n, index_t channels) {
    return std::vector<T>(static_cast<std::size_t>(n * pixels * channels));
  };
  auto images = values(batch, 3), maps = values(batch, 2), targets = values(batch, 1);
  auto support = values(batch * shots, 3), support_masks = values(batch * shots, 1);

  ctx.parallel(batch, [&](index_t b) {
    random_stream random(seed, static_cast<std::uint64_t>(step * batch + b));
    episode const e = source.draw(random);
    auto const query = set.read(e.query.picture);
    auto const crop =
        detail::draw_crop(query.picture, segmentation_set::target_of(query.labels, e.query), random, o);
    model::write_normalized(images.data() + b * pixels * 3, crop.picture, settings.pixels);
    vision::write_click_maps(maps.data() + b * pixels * 2, S, S, detail::draw_clicks(crop.labels, random, o),
                             settings.clicks);
    for (index_t i = 0; i < pixels; ++i) {
      std::uint8_t const l = crop.labels.data()[i];
      targets[static_cast<std::size_t>(b * pixels + i)] = l == mask::void_label ? T(-1) : static_cast<T>(l);
    }
    for (index_t k = 0; k < shots; ++k) {
      auto const shown = set.read(e.supports[static_cast<std::size_t>(k)]);
      auto const shot =
          detail::draw_crop(shown.picture, segmentation_set::class_of(shown.labels, e.query.label), random, o);
      index_t const at = b * shots + k;
      model::write_normalized(support.data() + at * pixels * 3, shot.picture, settings.pixels);
      for (index_t i = 0; i < pixels; ++i)
        support_masks[static_cast<std::size_t>(at * pixels + i)] = shot.labels.data()[i] == 1 ? T(1) : T(0);
    }
  });
  return {from_host<T>(ctx, {batch, S, S, 3}, images),
          from_host<T>(ctx, {batch, S, S, 2}, maps),
          from_host<T>(ctx, {batch, S, S, 1}, targets),
          from_host<T>(ctx, {batch * shots, S, S, 3}, support),
          from_host<T>(ctx, {batch * shots, S, S, 1}, support_masks),
          shots};
}

/// Logits of a network for a batch of episodes, (B,S,S,1): the three branches from pictures on.
template <class Tape, class Network, class Tensor>
variable<Tensor> episode_logits(Tape& t, Network const& net, episode_batch<Tensor> const& e,
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
      in.support = reshape(t, mean(t, reshape(t, features, {B, k, h * w * Network::width}), 1),
                           {B, h, w, Network::width});
    }
  }
  if constexpr (architecture::has_prior) {
    Tensor const query_high = net.high(ctx, e.images), support_high = net.high(ctx, e.support);
    auto const coverage = model::cell_coverage(ctx, e.support_masks, Network::input_multiple);
    std::vector<Tensor> priors;
    for (index_t b = 0; b < B; ++b) {
      std::vector<model::support_view<Tensor>> views;
      for (index_t s = b * k; s < (b + 1) * k; ++s)
        views.push_back({support_high.slice(s, 1), model::core_cells(ctx, coverage.slice(s, 1))});
      priors.push_back(model::prior_of(ctx, query_high.slice(b, 1), views, prior));
    }
    in.prior = ops::concatenate(ctx, priors, 0);
  }
  return net(t, in);
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
