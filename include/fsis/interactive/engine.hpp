// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/interactive/answer.hpp>
#include <fsis/interactive/click_targets.hpp>
#include <fsis/interactive/learner.hpp>
#include <fsis/interactive/local_correction.hpp>
#include <fsis/interactive/result_map.hpp>
#include <fsis/interactive/session_state.hpp>
#include <fsis/interactive/start_mask.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace interactive {

/// What clicks lead to.
template <class Tensor>
struct click_result {
  vision::plane<float> probability;
  mask result;
  Tensor applied, last;  // variables, as in `session_state`
  session_report report;
  index_t network_version = 0;
};

/// The part of a session that runs the network: remembers support and photo, and computes the result of a state. Knows
/// nothing of undo. Whatever is thrown, nothing it remembers has changed.
template <class Network>
class engine {
 public:
  using context = typename Network::context;
  using tensor_type = typename Network::tensor_type;
  using state = session_state<tensor_type>;
  using learner_type = learner<Network>;
  using time_point = std::chrono::steady_clock::time_point;

  /// Context, network and settings must outlive the engine.
  engine(context const& ctx, Network const& net, network_settings const& settings, session_options const& options,
         double threshold)
      : ctx_(&ctx), settings_(&settings), options_(options), threshold_(threshold), learner_(ctx, net) {}

  session_options const& options() const { return options_; }
  double threshold() const { return threshold_; }
  bool lacks_support() const { return needs_support<Network> && support_.shots == 0; }
  bool has_query() const { return whole_.image.defined(); }

  /// Throws as `check_shots`.
  void set_support(std::vector<shot> const& shots) {
    auto support = remember(*ctx_, net(), *settings_, shots, options_.max_pixels);
    tensor_type prior;
    if constexpr (has_prior)
      if (has_query()) prior = prior_on<Network>(*ctx_, *settings_, whole_, support);
    support_ = std::move(support);
    whole_.prior = std::move(prior);
    zoomed_.reset();
  }

  /// Throws `value_error` when the photo is too large.
  void check_photo(image_view const& photo) const {
    index_t const H = photo.height(), W = photo.width();
    require<value_error>(W <= options_.max_pixels / H, "set_query: the photo is ", H, "x", W, ", wanted at most ",
                         options_.max_pixels, " pixels (session_options::max_pixels)");
  }

  /// Throws as `check_photo`.
  void set_query(image_view const& photo) {
    check_photo(photo);
    auto const frame = whole_frame(photo.height(), photo.width(), settings_->longest_side, Network::input_multiple);
    auto whole = look_at<Network>(*ctx_, *settings_, frame, photo, options_);
    if constexpr (has_prior || has_click_prior) whole.frozen = net().frozen(*ctx_, whole.image);
    if constexpr (has_prior) {
      if (support_.shots > 0) whole.prior = prior_on<Network>(*ctx_, *settings_, whole, support_);
    }
    image kept = options_.zoom_in ? image(photo) : image();
    photo_ = std::move(kept);
    whole_ = std::move(whole);
    zoomed_.reset();
  }

  /// The part of the photo that the network is to see after a state with mask `shown`, for one more click (f-BRS,
  /// zoom-in); empty for all of it.
  std::optional<vision::region> region_for(state const& now, mask const& shown,
                                           std::vector<click> const& clicks) const {
    bool const knows_object = now.start || static_cast<index_t>(now.clicks.size()) >= options_.zoom_skip_clicks;
    if (!options_.zoom_in || !knows_object) return std::nullopt;
    vision::zoom_options z;
    z.ratio = options_.zoom_ratio;
    z.min_size = options_.zoom_min_size;
    z.adopt_below = options_.zoom_adopt_below;
    auto region = vision::propose_region(shown, clicks, z);
    if (!region) return std::nullopt;
    if (!vision::adopts(now.region, *region, clicks, z)) region = now.region;
    if (*region == whole_.frame.from) return std::nullopt;
    return region;
  }

  /// Runs the network for the clicks, start mask, region and variables of a state; refines until `deadline`, or applies
  /// the variables as they are.
  click_result<tensor_type> compute(state const& s, bool refines, time_point deadline) {
    stopwatch watch;
    auto const& view = view_of(s.region);
    question<Network> q{view, support_, view.frame.to_crop(s.clicks), {}, {}, s.applied, refines, deadline};
    mask start;
    if (s.start) {
      start = s.start->decode();
      mask const labels = kept_labels(start, s.clicks);
      q.keep = kept_in(labels, view.frame);
      auto const asks_for_object = [](click const& c) { return c.is_positive; };
      if (std::none_of(s.clicks.begin(), s.clicks.end(), asks_for_object))
        if (auto const guide = guide_click(labels)) q.guide = view.frame.to_crop(*guide);
    }
    double const zoom_ms = watch.lap();
    auto a = answer_of(*ctx_, net(), *settings_, options_, threshold_, q);
    watch.lap();
    click_result<tensor_type> out;
    out.probability = probability_on(*ctx_, a.logits, view.frame, height(), width());
    if (options_.correction_radius > 0 && wants_refinement(options_, static_cast<index_t>(s.clicks.size())))
      correct_locally(s.clicks, threshold_, correction_radius(view.frame), view.frame.from, out.probability);
    out.result = mask_above(out.probability, threshold_);
    if (!s.start && a.own.defined() && options_.merge) {
      auto const own = mask_above(probability_on(*ctx_, a.own, view.frame, height(), width()), threshold_);
      out.result = merged(own, near_clicks(own, out.result, s.clicks), s.clicks);
      agree_with(out.result, threshold_, out.probability);
    }
    if (s.start) {
      out.result = merged(start, out.result, s.clicks);
      agree_with(out.result, threshold_, out.probability);
    }
    out.applied = std::move(a.applied);
    out.last = std::move(a.last);
    out.report = a.report;
    out.report.milliseconds.zoom = zoom_ms;
    out.report.milliseconds.result += watch.lap();
    out.network_version = learner_.version();
    out.report.clicks = static_cast<index_t>(s.clicks.size());
    out.report.satisfied_clicks = count_satisfied(out.result, s.clicks);
    return out;
  }

  learner_type const& learned() const { return learner_; }

  /// The learner after a lesson from the result of a state: with all clicks in what the network saw, or with the first
  /// positive click in the whole photo. Unchanged where there is no such click. Throws as `learner::learn`.
  learner_type taught(state const& s, mask const& result, learning when) {
    bool const object = when == learning::after_object;
    std::vector<click> seen = s.clicks;
    if (object) {
      auto const first = std::find_if(seen.begin(), seen.end(), [](click const& c) { return c.is_positive; });
      if (first == seen.end()) return learner_;
      seen = {*first};
    }
    auto const& view = object ? whole_ : view_of(s.region);
    question<Network> const q{view, support_, view.frame.to_crop(seen), {}, {}, {}, false};
    lesson<tensor_type> l;
    l.joined = joined_of(*ctx_, net(), *settings_, options_, threshold_, q);
    l.labels = with_mirror_image(*ctx_, kept_in(result, view.frame), copies());
    l.clicked = with_mirror_image(*ctx_, clicked_in(view.frame, s.clicks), copies());
    auto next = learner_;
    next.learn(l, options_);
    return next;
  }

  void adopt(learner_type l) noexcept { learner_ = std::move(l); }
  void forget_learned() noexcept { learner_.forget(); }

 private:
  static constexpr bool has_prior = Network::prior_channels > 0;
  static constexpr bool has_click_prior = Network::click_prior_channels > 0;

  Network const& net() const { return learner_.network(); }
  index_t copies() const { return copies_of(options_); }
  index_t height() const { return whole_.frame.from.height(); }
  index_t width() const { return whole_.frame.from.width(); }

  query_view<Network> const& view_of(std::optional<vision::region> const& r) {
    if (!r) return whole_;
    if (zoomed_ && zoomed_->frame.from == *r) return *zoomed_;
    index_t const target = options_.zoom_target > 0 ? options_.zoom_target : settings_->longest_side;
    auto const frame = region_frame(*r, target, Network::input_multiple);
    auto view = look_at<Network>(*ctx_, *settings_, frame, cropped(photo_, *r), options_);
    if constexpr (has_click_prior) view.frozen = net().frozen(*ctx_, view.image);
    if constexpr (has_prior) view.prior = prior_in(*ctx_, whole_.prior, whole_.frame, frame, Network::input_multiple);
    zoomed_ = std::move(view);
    return *zoomed_;
  }

  /// In pixels of the photo.
  double correction_radius(vision::zoom const& frame) const {
    double const pixels = static_cast<double>(frame.from.height()) / static_cast<double>(frame.height);
    return hd_max(static_cast<double>(options_.correction_radius) * pixels, 1.0);
  }

  /// The wish to keep a start mask, in the pixels of a frame: (1,H,W,1).
  tensor_type kept_in(mask const& labels, vision::zoom const& frame) const {
    using T = typename tensor_type::scalar;
    mask const seen = vision::resize_mask(cropped(labels, frame.from), frame.height, frame.width);
    std::vector<T> values(static_cast<std::size_t>(seen.size()));
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = seen.data()[i] == free_label ? T(-1) : static_cast<T>(seen.data()[i]);
    return from_host<T>(*ctx_, {1, seen.height(), seen.width(), 1}, values);
  }

  /// What the clicks ask for in the pixels of a frame, -1 where they ask for nothing or for both: (1,H,W,1).
  tensor_type clicked_in(vision::zoom const& frame, std::vector<click> const& clicks) const {
    using T = typename tensor_type::scalar;
    auto values = click_targets<T>(frame.height, frame.width, frame.to_crop(clicks), options_.click_radius);
    for (T& v : values) v = v == T(1) ? T(1) : v == T(2) ? T(0) : T(-1);
    return from_host<T>(*ctx_, {1, frame.height, frame.width, 1}, values);
  }

  context const* ctx_;
  network_settings const* settings_;
  session_options options_;
  double threshold_;
  learner_type learner_;

  support_memory<Network> support_;
  image photo_;  // for zooming in, else empty
  query_view<Network> whole_;
  std::optional<query_view<Network>> zoomed_;  // the last one: clicks mostly stay in it
};

}  // namespace interactive
}  // namespace v0
}  // namespace fsis
