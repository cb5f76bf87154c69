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
  index_t side = 224;                       ///< of the square crops, a multiple of 16
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
        targets_(numbers(batch, 1)),
        support_(numbers(batch * shots, 3)),
        support_masks_(numbers(batch * shots, 1)) {}

  /// Labels of the crop: 1 the object, 255 void.
  void put_query(index_t b, vision::labelled_image const& crop, std::vector<click> const& clicks,
                 network_settings const& settings) {
    index_t const pixels = side_ * side_;
    model::write_normalized(images_.data() + b * pixels * 3, crop.picture, settings.pixels);
    vision::write_click_maps(maps_.data() + b * pixels * 2, side_, side_, clicks, settings.clicks);
    for (index_t i = 0; i < pixels; ++i) {
      std::uint8_t const l = crop.labels.data()[i];
      targets_[static_cast<std::size_t>(b * pixels + i)] = l == mask::void_label ? T(-1) : static_cast<T>(l);
    }
  }

  /// The support picture `k` of example `b`.
  void put_support(index_t b, index_t k, vision::labelled_image const& crop, network_settings const& settings) {
    index_t const pixels = side_ * side_, at = b * shots_ + k;
    model::write_normalized(support_.data() + at * pixels * 3, crop.picture, settings.pixels);
    for (index_t i = 0; i < pixels; ++i)
      support_masks_[static_cast<std::size_t>(at * pixels + i)] = crop.labels.data()[i] == 1 ? T(1) : T(0);
  }

  template <class Context>
  episode_batch<tensor<T, Context>> on(Context const& ctx) const {
    index_t const S = side_;
    return {from_host<T>(ctx, {batch_, S, S, 3}, images_),
            from_host<T>(ctx, {batch_, S, S, 2}, maps_),
            from_host<T>(ctx, {batch_, S, S, 1}, targets_),
            from_host<T>(ctx, {batch_ * shots_, S, S, 3}, support_),
            from_host<T>(ctx, {batch_ * shots_, S, S, 1}, support_masks_),
            shots_};
  }

 private:
  std::vector<T> numbers(index_t pictures, index_t channels) const {
    return std::vector<T>(static_cast<std::size_t>(pictures * side_ * side_ * channels));
  }

  index_t batch_, shots_, side_;
  std::vector<T> images_, maps_, targets_, support_, support_masks_;
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
    auto const query = set.read(e.query.picture);
    mask const target = segmentation_set::target_of(query, e.query);
    auto const crop = detail::draw_crop(query.picture, target, random, o);
    builder.put_query(b, crop, detail::draw_clicks(crop.labels, random, o), settings);
    for (index_t k = 0; k < shots; ++k) {
      if (e.supports_itself) {
        builder.put_support(b, k, detail::draw_crop(query.picture, target, random, o), settings);
        continue;
      }
      auto const shown = set.read(e.supports[static_cast<std::size_t>(k)]);
      auto const labels = segmentation_set::class_of(shown.labels, e.query.label);
      builder.put_support(b, k, detail::draw_crop(shown.picture, labels, random, o), settings);
    }
  }
  return builder;
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
      in.support =
          reshape(t, mean(t, reshape(t, features, {B, k, h * w * Network::width}), 1), {B, h, w, Network::width});
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
