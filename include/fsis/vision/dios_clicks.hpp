// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/vision/distance_transform.hpp>
#include <fsis/vision/samplers.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace vision {

/// Where negative clicks lie in the training of DIOS (Xu et al. 2016, section 4.1).
enum class dios_strategy {
  near_object = 1,   ///< at random around the object
  on_others = 2,     ///< on each of the other objects
  round_object = 3,  ///< each as far as possible from object and clicks before, so that they surround it
};

/// The numbers of DIOS; lengths in pixels. How many clicks an example has is uniform, up to these.
struct dios_options {
  index_t max_positive = 5;   ///< and at least one
  index_t max_near = 10;      ///< strategy 1
  index_t max_per_other = 5;  ///< strategy 2
  index_t round = 10;         ///< strategy 3, always so many
  double step = 10;           ///< least distance between two clicks of a sign
  double margin = 5;          ///< least distance between a click and the object's edge
  double ring = 40;           ///< negatives of strategies 1 and 3 are nearer than this to the object
};

namespace detail {

inline void check_options(char const* op, dios_options const& o) {
  require<value_error>(o.max_positive >= 1, op, ": at most ", o.max_positive, " positive clicks, wanted at least 1");
  for (index_t n : {o.max_near, o.max_per_other, o.round})
    require<value_error>(n >= 0, op, ": at most ", n, " negative clicks, wanted 0 or more");
  for (double d : {o.step, o.margin, o.ring})
    require<value_error>(d >= 0 && std::isfinite(d), op, ": a distance of ", d, " pixels, wanted 0 or more");
}

/// The pixels whose squared distance is in [least, less).
inline mask within(plane<index_t> const& squared, double least, double less) {
  mask out = mask::blank(squared.height(), squared.width());
  for (index_t i = 0; i < out.size(); ++i) {
    double const d2 = static_cast<double>(squared.data()[i]);
    out.data()[i] = d2 >= least * least && d2 < less * less;
  }
  return out;
}

/// Up to `count` random pixels of a mask, each at least `step` from the others; fewer where no more fit.
inline std::vector<click> spread_clicks(mask allowed, index_t count, double step, bool is_positive,
                                        random_stream& random) {
  std::vector<click> clicks;
  while (static_cast<index_t>(clicks.size()) < count) {
    click_places const places(allowed);
    if (places.empty()) break;
    click const c = places.draw(is_positive, random);
    clicks.push_back(c);
    for (index_t y = 0; y < allowed.height(); ++y)
      for (index_t x = 0; x < allowed.width(); ++x) {
        double const dy = static_cast<double>(y) - c.y, dx = static_cast<double>(x) - c.x;
        if (dy * dy + dx * dx < step * step) allowed(y, x) = 0;
      }
    allowed(static_cast<index_t>(c.y), static_cast<index_t>(c.x)) = 0;
  }
  return clicks;
}

/// The first click, then up to `count` in all on the ring, each the farthest from those before and from what is not
/// ring; of equally far ones the first in reading order.
inline std::vector<click> surrounding_clicks(mask const& ring, mask const& unlabelled, click const& first,
                                             index_t count) {
  std::vector<click> clicks{first};
  mask taken = mask::blank(ring.height(), ring.width());
  for (index_t i = 0; i < taken.size(); ++i) taken.data()[i] = !ring.data()[i];
  while (static_cast<index_t>(clicks.size()) < count) {
    taken(static_cast<index_t>(clicks.back().y), static_cast<index_t>(clicks.back().x)) = 1;
    auto distance = squared_distance_to_object(taken);
    if (!unlabelled.empty())
      for (index_t i = 0; i < taken.size(); ++i)
        if (unlabelled.data()[i]) distance.data()[i] = 0;
    index_t const at = std::max_element(distance.data(), distance.data() + distance.size()) - distance.data();
    if (distance.data()[at] == 0) break;
    clicks.push_back({static_cast<double>(at / ring.width()), static_cast<double>(at % ring.width()), false});
  }
  return clicks;
}

/// The objects of a map whose values tell them apart.
inline std::vector<mask> objects_of(mask const& others) {
  std::array<bool, 256> present{};
  for (index_t i = 0; i < others.size(); ++i) present[others.data()[i]] = true;
  std::vector<mask> objects;
  for (std::size_t v = 1; v < present.size(); ++v) {
    if (!present[v]) continue;
    mask one = mask::blank(others.height(), others.width());
    for (index_t i = 0; i < others.size(); ++i) one.data()[i] = others.data()[i] == v;
    objects.push_back(one);
  }
  return objects;
}

/// Clicks inside an object, away from its edge unless it is too thin for that.
inline std::vector<click> clicks_inside(mask const& object, mask const& unlabelled, index_t count, bool is_positive,
                                        dios_options const& o, random_stream& random) {
  mask core = without(
      within(squared_distance_to_background(object), o.margin, std::numeric_limits<double>::infinity()), unlabelled);
  for (index_t i = 0; i < core.size(); ++i) core.data()[i] = core.data()[i] && object.data()[i];
  if (core.count() == 0) core = without(object, unlabelled);
  return spread_clicks(std::move(core), count, o.step, is_positive, random);
}

}  // namespace detail

/// Training clicks of DIOS for one object (several count as one), positive ones first: 1 to `max_positive` inside it,
/// and negative ones by the strategy. Void pixels are never clicked. `scene.others` tells other objects apart by its
/// values. Where the paper is silent: a click count is uniform from 0 (1 for positive ones) to its bound, an object
/// thinner than the margin is clicked anywhere, and the border of the picture is no edge.
/// Throws `value_error` on an object without pixels and on options out of range, `shape_error` on sizes that differ.
/// Xu et al. 2016 (Deep Interactive Object Selection), section 4.1.
inline std::vector<click> sample_dios_clicks(click_scene const& scene, dios_strategy strategy, random_stream& random,
                                             dios_options const& o = {}) {
  char const* op = "sample_dios_clicks";
  detail::check_options(op, o);
  detail::check_scene(op, scene);
  mask const object = detail::union_of(scene.objects);
  auto clicks = detail::clicks_inside(object, scene.unlabelled, 1 + random.below(o.max_positive), true, o, random);
  auto const add = [&](std::vector<click> const& more) { clicks.insert(clicks.end(), more.begin(), more.end()); };
  if (strategy == dios_strategy::on_others) {
    if (scene.others.empty()) return clicks;
    for (mask const& other : detail::objects_of(detail::without(scene.others, object)))
      add(detail::clicks_inside(other, scene.unlabelled, random.below(o.max_per_other + 1), false, o, random));
    return clicks;
  }
  auto const distance = squared_distance_to_object(object);
  // 1 is the least distance of a pixel that is not object
  mask const ring = detail::within(distance, 1, o.ring);
  if (strategy == dios_strategy::near_object) {
    mask const allowed = detail::without(detail::within(distance, hd_max(o.margin, 1.0), o.ring), scene.unlabelled);
    add(detail::spread_clicks(allowed, random.below(o.max_near + 1), o.step, false, random));
    return clicks;
  }
  detail::click_places const places(detail::without(ring, scene.unlabelled));
  if (o.round > 0 && !places.empty())
    add(detail::surrounding_clicks(ring, scene.unlabelled, places.draw(false, random), o.round));
  return clicks;
}

/// By a strategy at random; the second one only where there are other objects.
inline std::vector<click> sample_dios_clicks(click_scene const& scene, random_stream& random,
                                             dios_options const& o = {}) {
  bool const alone = scene.others.empty() || scene.others.count() == 0;
  index_t const pick = random.below(alone ? 2 : 3);
  dios_strategy const strategies[] = {dios_strategy::near_object, dios_strategy::round_object,
                                      dios_strategy::on_others};
  return sample_dios_clicks(scene, strategies[pick], random, o);
}

}  // namespace vision
}  // namespace v0
}  // namespace fsis
