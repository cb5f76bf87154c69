// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/interactive/answer.hpp>
#include <fsis/interactive/history.hpp>
#include <fsis/interactive/result_map.hpp>
#include <fsis/interactive/start_mask.hpp>
#include <fsis/model/load.hpp>
#include <fsis/vision/run_length.hpp>

#include <cmath>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {

/// Segments one object of one photo by clicks, with examples of its class.
///
///     fsis::session session{ctx, net};
///     session.set_support(shots);
///     session.set_query(photo);
///     fsis::mask m = session.click(fsis::positive(120, 88));
///
/// Borrows context and network, which must outlive it; the network is not changed and may serve other sessions on other
/// threads. One session is for one thread at a time. Masks of results hold 1 for the object and 0.
///
/// After an exception the session is as it was before the call.
template <class Architecture, class Context = cpu_context, class T = float>
class session {
 public:
  /// Throws `value_error` naming an option outside its range.
  session(Context const& ctx, loaded_network<Architecture, Context, T> const& net, session_options const& options = {})
      : ctx_(&ctx), net_(&net), options_(options), history_(checked(options).history_limit) {
    threshold_ = options.threshold.value_or(net.settings.threshold);
    require<value_error>(options.click_margin < threshold_ && options.click_margin < 1 - threshold_,
                         "session: click_margin ", options.click_margin, " around the threshold ", threshold_,
                         " leaves [0, 1]");
  }

  // A session borrows: give context and network names, so that they live on.
  session(Context const&&, loaded_network<Architecture, Context, T> const&, session_options const& = {}) = delete;
  session(Context const&, loaded_network<Architecture, Context, T> const&&, session_options const& = {}) = delete;
  session(Context const&&, loaded_network<Architecture, Context, T> const&&, session_options const& = {}) = delete;

  session_options const& options() const { return options_; }

  /// The examples of the class, one or more, of any sizes. Clicks, start mask and history are forgotten. Throws
  /// `value_error` or `shape_error` when there is no shot, a picture is empty or too large, a mask has another size than
  /// its picture, or shows no object.
  void set_support(std::vector<shot> const& shots) {
    auto support = interactive::remember(*ctx_, base(), settings(), shots, options_.max_pixels);
    tensor_type prior;
    if constexpr (has_prior)
      if (has_query()) prior = interactive::prior_on<base_network>(*ctx_, settings(), whole_, support);
    if (has_query()) restart();
    support_ = std::move(support);
    whole_.prior = std::move(prior);
    zoomed_.reset();
  }

  /// The photo. Everything that clicks do not change is computed here, or in `set_support` if that comes later; nothing
  /// of the photo is borrowed. Clicks, start mask and history are forgotten. Throws `value_error` when it is too large.
  void set_query(image_view const& photo) {
    index_t const H = photo.height(), W = photo.width();
    require<value_error>(W <= options_.max_pixels / H, "set_query: the photo is ", H, "x", W, ", wanted at most ",
                         options_.max_pixels, " pixels (session_options::max_pixels)");
    auto const frame = interactive::whole_frame(H, W, settings().longest_side, base_network::input_multiple);
    auto whole = interactive::look_at<base_network>(*ctx_, settings(), frame, photo, copies());
    if constexpr (has_prior) {
      whole.high = net_->high(*ctx_, whole.image);
      if (support_.shots > 0) whole.prior = interactive::prior_on<base_network>(*ctx_, settings(), whole, support_);
    }
    image kept = options_.zoom_in ? image(photo) : image();
    mask nothing = mask::blank(H, W);
    history_.restart(blank_state(nothing));
    photo_ = std::move(kept);
    whole_ = std::move(whole);
    zoomed_.reset();
    show(std::move(nothing));
  }

  /// The mask after one more click. Throws `value_error` for a click outside the photo or not finite, and when support
  /// or photo is missing.
  mask click(fsis::click const& c) {
    check_ready("click");
    index_t const H = mask_.height(), W = mask_.width();
    require<value_error>(std::isfinite(c.y) && std::isfinite(c.x) && c.y >= 0 && c.x >= 0 &&
                             c.y <= static_cast<double>(H - 1) && c.x <= static_cast<double>(W - 1),
                         "click: (", c.y, ", ", c.x, ") is outside the photo, wanted y in 0..", H - 1, ", x in 0..",
                         W - 1);
    interactive::stopwatch const watch;
    state const& now = history_.current();
    state next;
    next.clicks = now.clicks;
    next.clicks.push_back(c);
    next.start = now.start;
    next.region = region_for(now, next.clicks);
    if (options_.start == warm_start::best) next.applied = now.applied;
    if (options_.start == warm_start::last) next.applied = now.last;
    // offsets of click maps belong to the pixels of one frame
    if (options_.refine == refinement::brs && next.region != now.region) next.applied = tensor_type();
    return advance(std::move(next), watch);
  }

  /// The mask without click number `i` (from 0, as in `clicks()`): one refinement for all that remain, from the
  /// network's own answer, for the old variables were found with the click. Throws `value_error` when there is none.
  mask remove_click(index_t i) {
    check_ready("remove_click");
    state const& now = history_.current();
    index_t const count = static_cast<index_t>(now.clicks.size());
    require<value_error>(i >= 0 && i < count, "remove_click: click ", i, " of ", count, ", wanted 0..", count - 1);
    interactive::stopwatch const watch;
    state next;
    next.clicks = now.clicks;
    next.clicks.erase(next.clicks.begin() + static_cast<std::ptrdiff_t>(i));
    next.start = now.start;
    if (!next.clicks.empty()) {
      next.region = now.region;
      return advance(std::move(next), watch);
    }
    mask untouched = next.start ? next.start->decode() : mask::blank(mask_.height(), mask_.width());
    return take(std::move(next), std::move(untouched));
  }

  /// Forgets all clicks and the start mask; can be undone.
  void reset_clicks() {
    check_query("reset_clicks");
    take(state(), mask::blank(mask_.height(), mask_.width()));
  }

  /// Begins anew from a mask of the object (nonzero), which becomes the result; can be undone. The network has no input
  /// for a mask, so this is what it does: as long as there is no positive click, the network is given one at the
  /// deepest point of the mask; refinements try to keep the mask away from the clicks (`keep_weight`); and a result
  /// differs from the mask only in connected pieces that hold a click asking for the change. Throws `shape_error` when
  /// the mask is not of the photo's size, `value_error` when it shows no object or there is no photo.
  void start_from(mask const& m) {
    check_query("start_from");
    require<shape_error>(m.height() == mask_.height() && m.width() == mask_.width(), "start_from: the mask is ",
                         m.height(), "x", m.width(), ", the photo ", mask_.height(), "x", mask_.width());
    require<value_error>(m.count() > 0, "start_from: the mask has no object among ", m.size(),
                         " pixels; begin with a click instead");
    mask object = interactive::object_of(m);
    state next;
    next.start = std::make_shared<vision::run_length_mask const>(object);
    take(std::move(next), std::move(object));
  }

  /// Goes one step back, without running the network: mask, clicks, optimised variables and zoom region are as before
  /// the last click, removal, reset or start mask. False when there is nothing to undo.
  bool undo() { return walk(history_.before(), &history_type::step_back); }

  /// Takes back the last `undo`, without running the network. False when there is nothing to redo.
  bool redo() { return walk(history_.after(), &history_type::step_forward); }

  /// The mask now: without clicks nothing, or the start mask. Stays until the session changes. Throws `value_error` without photo.
  mask const& result() const {
    check_query("result");
    return mask_;
  }

  /// The clicks that count now. Throws `value_error` without photo.
  std::vector<fsis::click> clicks() const {
    check_query("clicks");
    return history_.current().clicks;
  }

  /// What the click that made the current result cost and reached. Throws `value_error` without photo.
  session_report report() const {
    check_query("report");
    return history_.current().report;
  }

  /// Probability of the object for each pixel of the photo; a pixel above the threshold is object in `result()`. 0
  /// outside a zoomed region; 0 or 1 where a start mask was kept against the network. The history holds no maps: after
  /// undo and redo the network computes it again, the same bytes. Stays until the session changes. Throws
  /// `value_error` without photo.
  vision::plane<float> const& probability() {
    check_query("probability");
    if (!probability_) {
      state const& now = history_.current();
      if (now.clicks.empty()) {
        probability_.emplace(mask_.height(), mask_.width());
        interactive::agree_with(mask_, threshold_, *probability_);
      } else {
        auto out = compute(now, false, forever());
        if (out.zoomed) zoomed_ = std::move(out.zoomed);
        probability_ = std::move(out.probability);
      }
    }
    return *probability_;
  }

  /// Above this probability a pixel is object.
  double threshold() const { return threshold_; }

  /// Bytes that the history holds. Each step takes at most one bit per pixel of the photo (run lengths take less), its
  /// clicks, and the optimised variables: 2 C numbers for `aj` and `bj`, two per pixel of the network's input for
  /// `brs`, doubled with `warm_start::last`. There are at most `history_limit` + 1 steps.
  index_t history_bytes() const {
    index_t bytes = 0;
    for (state const& s : history_) {
      bytes += s.result.bytes() + (s.start ? s.start->bytes() : 0);
      bytes += static_cast<index_t>(sizeof(state) + s.clicks.size() * sizeof(fsis::click));
      bytes += s.applied.size() * static_cast<index_t>(sizeof(T));
      if (s.last.data() != s.applied.data()) bytes += s.last.size() * static_cast<index_t>(sizeof(T));
    }
    return bytes;
  }

 private:
  using base_network = network<Architecture, Context, T>;
  using tensor_type = tensor<T, Context>;
  using view_type = interactive::query_view<base_network>;
  using time_point = std::chrono::steady_clock::time_point;
  static constexpr bool has_prior = base_network::prior_channels > 0;

  /// Everything that undo restores.
  struct state {
    std::vector<fsis::click> clicks;
    std::shared_ptr<vision::run_length_mask const> start;
    std::optional<vision::region> region;  // empty: the whole photo
    tensor_type applied, last;
    vision::run_length_mask result;
    session_report report;
  };
  using history_type = interactive::history<state>;

  static session_options const& checked(session_options const& options) {
    check(options);
    return options;
  }
  static time_point forever() { return (time_point::max)(); }

  base_network const& base() const { return *net_; }
  network_settings const& settings() const { return net_->settings; }
  index_t copies() const { return options_.flip_averaging ? 2 : 1; }
  bool has_query() const { return !history_.empty(); }

  void check_query(char const* op) const {
    require<value_error>(has_query(), op, ": no photo yet, call set_query first");
  }

  void check_ready(char const* op) const {
    bool const no_support = interactive::needs_support<base_network> && support_.shots == 0;
    require<value_error>(has_query() || !no_support, op,
                         ": no support and no photo yet, call set_support and set_query first");
    require<value_error>(!no_support, op, ": no support yet, call set_support first");
    check_query(op);
  }

  static state blank_state(mask const& nothing) {
    state s;
    s.result = vision::run_length_mask(nothing);
    return s;
  }

  void restart() {
    mask nothing = mask::blank(mask_.height(), mask_.width());
    history_.restart(blank_state(nothing));
    show(std::move(nothing));
  }

  /// Makes a mask the shown one; its probability is computed when it is asked for.
  void show(mask m) noexcept {
    mask_ = std::move(m);
    probability_.reset();
  }

  /// A step that needs no network.
  mask take(state next, mask result) {
    next.result = vision::run_length_mask(result);
    next.report.clicks = static_cast<index_t>(next.clicks.size());
    mask out = result;
    history_.push(std::move(next));
    show(std::move(result));
    return out;
  }

  bool walk(state const* to, void (history_type::*step)() noexcept) {
    if (to == nullptr) return false;
    mask m = to->result.decode();
    (history_.*step)();
    show(std::move(m));
    return true;
  }

  /// The part of the photo that the network is to see next (f-BRS, zoom-in); empty for all of it.
  std::optional<vision::region> region_for(state const& now, std::vector<fsis::click> const& clicks) const {
    bool const knows_object = now.start || static_cast<index_t>(now.clicks.size()) >= options_.zoom_skip_clicks;
    if (!options_.zoom_in || !knows_object) return std::nullopt;
    vision::zoom_options z;
    z.ratio = options_.zoom_ratio;
    z.min_size = options_.zoom_min_size;
    z.adopt_below = options_.zoom_adopt_below;
    auto region = vision::propose_region(mask_, clicks, z);
    if (!region) return std::nullopt;
    if (!vision::adopts(now.region, *region, clicks, z)) region = now.region;
    if (*region == vision::whole(mask_.height(), mask_.width())) return std::nullopt;
    return region;
  }

  view_type view_of(vision::region const& r) const {
    index_t const target = options_.zoom_target > 0 ? options_.zoom_target : settings().longest_side;
    auto const frame = interactive::region_frame(r, target, base_network::input_multiple);
    auto view = interactive::look_at<base_network>(*ctx_, settings(), frame, interactive::cropped(photo_, r), copies());
    if constexpr (has_prior)
      view.prior =
          interactive::prior_in(*ctx_, whole_.prior, whole_.frame, frame, base_network::input_multiple);
    return view;
  }

  /// The wish to keep a start mask, in the pixels of a frame.
  tensor_type kept_in(mask const& labels, vision::zoom const& frame) const {
    mask const seen =
        vision::resize_mask(interactive::cropped(labels, frame.from), frame.height, frame.width);
    std::vector<T> values(static_cast<std::size_t>(seen.size()));
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = seen.data()[i] == interactive::free_label ? T(-1) : static_cast<T>(seen.data()[i]);
    return from_host<T>(*ctx_, {1, seen.height(), seen.width(), 1}, values);
  }

  struct computed {
    interactive::answer<tensor_type> answer;
    std::optional<view_type> zoomed;  // where a new one was made
    vision::plane<float> probability;
    mask result;
  };

  /// Runs the network for the clicks, start mask, region and variables of a state. Changes nothing.
  computed compute(state const& s, bool refines, time_point deadline) const {
    computed out;
    interactive::stopwatch watch;
    view_type const* view = &whole_;
    if (s.region) {
      if (!zoomed_ || zoomed_->frame.from != *s.region) out.zoomed = view_of(*s.region);
      view = out.zoomed ? &*out.zoomed : &*zoomed_;
    }
    interactive::question<base_network> q{*view,      support_,  view->frame.to_crop(s.clicks), {}, {},
                                          s.applied, refines, deadline};
    mask start;
    if (s.start) {
      start = s.start->decode();
      mask const labels = interactive::kept_labels(start, s.clicks);
      q.keep = kept_in(labels, view->frame);
      auto const is_positive = [](fsis::click const& c) { return c.is_positive; };
      if (std::none_of(s.clicks.begin(), s.clicks.end(), is_positive))
        if (auto const guide = interactive::guide_click(labels)) q.guide = view->frame.to_crop(*guide);
    }
    double const zoom_ms = watch.lap();
    out.answer = interactive::answer_of(*ctx_, base(), settings(), options_, threshold_, q);
    watch.lap();
    out.probability =
        interactive::probability_on(*ctx_, out.answer.logits, view->frame, mask_.height(), mask_.width());
    out.result = interactive::mask_above(out.probability, threshold_);
    if (s.start) {
      out.result = interactive::merged(start, out.result, s.clicks);
      interactive::agree_with(out.result, threshold_, out.probability);
    }
    session_report& r = out.answer.report;
    r.milliseconds.zoom = zoom_ms;
    r.milliseconds.result += watch.lap();
    r.clicks = static_cast<index_t>(s.clicks.size());
    r.satisfied_clicks = interactive::count_satisfied(out.result, s.clicks);
    return out;
  }

  /// Computes the result of a state and makes it current.
  mask advance(state next, interactive::stopwatch const& watch) {
    bool const refines = options_.refine != refinement::none &&
                         static_cast<index_t>(next.clicks.size()) > options_.refine_after;
    time_point deadline = forever();
    if (options_.time_budget_ms > 0) {
      std::chrono::duration<double, std::milli> const budget(options_.time_budget_ms);
      // a budget longer than the clock can count is none
      if (budget < forever() - watch.start())
        deadline = watch.start() + std::chrono::duration_cast<std::chrono::steady_clock::duration>(budget);
    }
    auto out = compute(next, refines, deadline);
    next.applied = std::move(out.answer.applied);
    next.last = std::move(out.answer.last);
    next.result = vision::run_length_mask(out.result);
    next.report = out.answer.report;
    mask answer = out.result;
    next.report.milliseconds.total = watch.total();
    history_.push(std::move(next));
    if (out.zoomed) zoomed_ = std::move(out.zoomed);
    mask_ = std::move(out.result);
    probability_ = std::move(out.probability);
    return answer;
  }

  Context const* ctx_;
  loaded_network<Architecture, Context, T> const* net_;
  session_options options_;
  double threshold_ = 0.5;

  interactive::support_memory<base_network> support_;
  image photo_;  // for zooming in, else empty
  view_type whole_;
  std::optional<view_type> zoomed_;

  history_type history_;
  mask mask_;
  std::optional<vision::plane<float>> probability_;  // of mask_, once somebody asked
};

/// The session of an architecture on a kind of context, for class members: `session_for<compact, cpu_context>`.
template <class Architecture, class Context = cpu_context, class T = float>
using session_for = session<Architecture, Context, T>;

}  // namespace v0
}  // namespace fsis
