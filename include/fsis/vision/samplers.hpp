// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/click.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/core/random.hpp>
#include <fsis/vision/check.hpp>
#include <fsis/vision/error_distance.hpp>
#include <fsis/vision/morphology.hpp>

#include <cmath>
#include <optional>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace vision {

/// Does one kind of place serve all negative clicks of a sample, or is it drawn for each?
enum class negative_mixture { per_sample, per_click };

/// How training clicks are drawn. The defaults are those of f-BRS; `ritm()` gives RITM's.
struct click_sampler_options {
  index_t max_clicks = 10;         ///< of each sign
  double gamma = 0.7;              ///< each further click is `gamma` times as likely
  double erode_probability = 0.9;  ///< positive clicks keep away from the edge
  index_t erode_steps = 3;         ///< 3x3 erosions then
  index_t eroded_area = 10;        ///< the eroded object is used where it has more pixels than this
  double background_weight = 0.1;  ///< negatives anywhere off the object
  double others_weight = 0.4;      ///< negatives on other objects; off the object where there are none
  double border_weight = 0.5;      ///< negatives in the ring around the object
  double border_ratio = 0.1;       ///< ring width over the square root of the area
  negative_mixture mixture = negative_mixture::per_sample;

  static click_sampler_options ritm() {
    click_sampler_options o;
    o.max_clicks = 24;
    o.gamma = 0.8;
    o.mixture = negative_mixture::per_click;
    return o;
  }
};

/// What clicks are drawn for. Several objects are clicked as one, each at least once.
struct click_scene {
  std::vector<mask> objects;  ///< nonzero is object; all of one size
  mask others;                ///< objects not wanted, told apart by their values; 0x0 if there are none
  mask unlabelled;            ///< pixels never clicked (void); 0x0 if there are none
};

/// Probabilities of n outcomes, each `gamma` times as likely as the one before. Throws `value_error` on n < 1
/// or a gamma outside (0, 1].
inline std::vector<double> geometric_probabilities(index_t n, double gamma) {
  require<value_error>(n >= 1, "geometric_probabilities: ", n, " outcomes, wanted at least 1");
  require<value_error>(gamma > 0 && gamma <= 1, "geometric_probabilities: gamma ", gamma,
                       ", wanted in (0, 1]");
  std::vector<double> p(static_cast<std::size_t>(n));
  double weight = 1, sum = 0;
  for (double& v : p) {
    v = weight;
    sum += weight;
    weight *= gamma;
  }
  for (double& v : p) v /= sum;
  return p;
}

/// Index of an outcome, drawn with the given weights. Throws `value_error` on a negative weight or when
/// nothing is possible.
inline index_t draw_outcome(std::vector<double> const& weights, random_stream& random) {
  double sum = 0;
  for (double w : weights) {
    require<value_error>(w >= 0 && std::isfinite(w), "draw_outcome: weight ", w, ", wanted 0 or more");
    sum += w;
  }
  require<value_error>(sum > 0, "draw_outcome: the weights of ", weights.size(), " outcomes are all 0");
  double left = random.uniform() * sum;
  index_t last = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0) continue;
    last = static_cast<index_t>(i);
    left -= weights[i];
    if (left < 0) break;
  }
  return last;
}

namespace detail {

/// The pixels of a mask as places to click.
class click_places {
 public:
  explicit click_places(mask const& m) : width_(m.width()) {
    for (index_t i = 0; i < m.size(); ++i)
      if (m.data()[i]) at_.push_back(i);
  }

  bool empty() const { return at_.empty(); }

  click draw(bool is_positive, random_stream& random) const {
    index_t const i = at_[static_cast<std::size_t>(random.below(static_cast<index_t>(at_.size())))];
    return {static_cast<double>(i / width_), static_cast<double>(i % width_), is_positive};
  }

 private:
  std::vector<index_t> at_;
  index_t width_;
};

/// The first mask without the pixels of the second, which may be 0x0.
inline mask without(mask m, mask const& removed) {
  if (removed.empty()) return m;
  for (index_t i = 0; i < m.size(); ++i)
    if (removed.data()[i]) m.data()[i] = 0;
  return m;
}

inline mask union_of(std::vector<mask> const& objects) {
  mask all = objects.front();
  for (mask const& m : objects)
    for (index_t i = 0; i < m.size(); ++i) all.data()[i] = all.data()[i] || m.data()[i];
  return all;
}

inline void check_scene(char const* op, click_scene const& scene) {
  require<value_error>(!scene.objects.empty(), op, ": no object");
  mask const& first = scene.objects.front();
  for (mask const& object : scene.objects) check_same_size(op, "first object", first, "object", object);
  if (!scene.others.empty()) check_same_size(op, "first object", first, "mask of others", scene.others);
  if (!scene.unlabelled.empty())
    check_same_size(op, "first object", first, "unlabelled mask", scene.unlabelled);
  for (std::size_t i = 0; i < scene.objects.size(); ++i)
    require<value_error>(without(scene.objects[i], scene.unlabelled).count() > 0, op, ": object ", i, " of ",
                         scene.objects.size(), " has no pixel to click");
}

inline void check_options(char const* op, click_sampler_options const& o) {
  require<value_error>(o.max_clicks >= 1, op, ": at most ", o.max_clicks, " clicks, wanted at least 1");
  require<value_error>(o.erode_steps >= 0, op, ": ", o.erode_steps, " erosions, wanted 0 or more");
  require<value_error>(o.gamma > 0 && o.gamma <= 1, op, ": gamma ", o.gamma, ", wanted in (0, 1]");
  check_probability(op, "erode_probability", o.erode_probability);
  check_positive(op, "border_ratio", o.border_ratio);
  for (double w : {o.background_weight, o.others_weight, o.border_weight})
    require<value_error>(w >= 0 && std::isfinite(w), op, ": weight ", w, ", wanted 0 or more");
  check_positive(op, "sum of weights", o.background_weight + o.others_weight + o.border_weight);
}

inline std::vector<click> positive_clicks(click_scene const& scene, click_sampler_options const& o,
                                          random_stream& random) {
  std::vector<double> const counts = geometric_probabilities(o.max_clicks, o.gamma);
  std::vector<click> chosen, spare;
  for (mask const& object : scene.objects) {
    mask area = without(object, scene.unlabelled);
    if (random.chance(o.erode_probability)) {
      mask core = without(erode(object, o.erode_steps), scene.unlabelled);
      if (core.count() > o.eroded_area) area = core;
    }
    click_places const places(area);
    index_t const n = 1 + draw_outcome(counts, random);
    chosen.push_back(places.draw(true, random));
    for (index_t i = 1; i < n; ++i) spare.push_back(places.draw(true, random));
  }
  if (scene.objects.size() > 1) random.shuffle(spare);
  for (click const& c : spare)
    if (static_cast<index_t>(chosen.size()) < o.max_clicks) chosen.push_back(c);
  if (scene.objects.size() > 1) random.shuffle(chosen);
  return chosen;
}

inline std::vector<click> negative_clicks(click_scene const& scene, click_sampler_options const& o,
                                          random_stream& random) {
  mask const object = union_of(scene.objects);
  mask const off = without(mask::blank(object.height(), object.width(), 1), object);
  mask others = scene.others.empty() ? mask{} : without(scene.others, object);
  if (others.empty() || others.count() == 0) others = off;
  mask const ring = border_ring(object, o.border_ratio);
  click_places const places[3] = {click_places(without(off, scene.unlabelled)),
                                  click_places(without(others, scene.unlabelled)),
                                  click_places(without(ring, scene.unlabelled))};
  std::vector<double> const weights{o.background_weight, o.others_weight, o.border_weight};
  index_t const n = draw_outcome(geometric_probabilities(o.max_clicks + 1, o.gamma), random);
  std::vector<click> clicks;
  index_t kind = draw_outcome(weights, random);
  for (index_t i = 0; i < n; ++i) {
    if (i > 0 && o.mixture == negative_mixture::per_click) kind = draw_outcome(weights, random);
    if (!places[kind].empty()) clicks.push_back(places[kind].draw(false, random));
  }
  return clicks;
}

}  // namespace detail

/// Training clicks for a scene, positive ones first. 1 to `max_clicks` positive ones, uniform with
/// replacement inside the object, mostly away from its edge; of several objects each gets one, and what more
/// was drawn for them is pooled, shuffled and cut to `max_clicks` (never below one per object). 0 to
/// `max_clicks` negative ones off the object; none where the drawn kind of place has no pixel. The same
/// stream position gives the same clicks.
/// Throws `value_error` on an object without pixels, `shape_error` on sizes that differ.
/// Sofiiuk et al. 2020 (f-BRS) and 2021 (RITM), training.
inline std::vector<click> sample_clicks(click_scene const& scene, random_stream& random,
                                        click_sampler_options const& options = {}) {
  detail::check_options("sample_clicks", options);
  detail::check_scene("sample_clicks", scene);
  std::vector<click> clicks = detail::positive_clicks(scene, options, random);
  for (click const& c : detail::negative_clicks(scene, options, random)) clicks.push_back(c);
  return clicks;
}

/// A click that corrects a prediction in training: positive if the deepest missed pixel lies strictly deeper
/// than the deepest spilled one, uniform among the pixels deeper than half the greatest depth. The
/// prediction is a mask; RITM cuts its probabilities at 0.49. Empty when nothing is wrong. The truth may
/// have no object. Sofiiuk et al. 2021 (RITM), iterative sampling.
/// Throws `value_error` on a 0x0 truth, `shape_error` on different sizes.
inline std::optional<click> correcting_click(mask const& truth, mask const& prediction, random_stream& random,
                                             truth_reading reading = truth_reading::labels) {
  using detail::error_distance;
  error_distance const errors = detail::measure_errors("correcting_click", truth, prediction, reading);
  index_t const missed = error_distance::depth(errors.missed);
  index_t const spilled = error_distance::depth(errors.spilled);
  if (missed == 0 && spilled == 0) return std::nullopt;
  bool const is_positive = missed > spilled;
  plane<index_t> const& depth = is_positive ? errors.missed : errors.spilled;
  index_t const deepest = is_positive ? missed : spilled;
  mask deep = mask::blank(truth.height(), truth.width());
  for (index_t i = 0; i < deep.size(); ++i) deep.data()[i] = 4 * depth.data()[i] > deepest;
  return detail::click_places(deep).draw(is_positive, random);
}

}  // namespace vision
}  // namespace v0
}  // namespace fsis
