// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/interactive/engine.hpp>
#include <fsis/interactive/history.hpp>
#include <fsis/model/load.hpp>

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
/// Borrows context and network, which must outlive it; the network is not changed and may serve other sessions on
/// other threads. One session is for one thread at a time. A copy goes its own way from there (one for each of several
/// objects of a photo, say) and shares what was computed. Masks of results hold 1 for the object and 0.
///
/// After an exception the session is as it was before the call.
template <class Architecture, class Context = cpu_context, class T = float>
class session {
 public:
  /// Throws `value_error` naming an option outside its range.
  session(Context const& ctx, loaded_network<Architecture, Context, T> const& net,
          session_options const& options = {})
      : engine_(ctx, net, net.settings, checked(options, net.settings), threshold_of(options, net.settings)),
        history_(options.history_limit) {}

  // A session borrows: give context and network names, so that they live on.
  session(Context const&&, loaded_network<Architecture, Context, T> const&, session_options const& = {}) = delete;
  session(Context const&, loaded_network<Architecture, Context, T> const&&, session_options const& = {}) = delete;
  session(Context const&&, loaded_network<Architecture, Context, T> const&&, session_options const& = {}) = delete;

  session_options const& options() const { return engine_.options(); }

  /// Above this probability a pixel is object.
  double threshold() const { return engine_.threshold(); }

  /// The examples of the class, one or more, of any sizes. Clicks, start mask and history are forgotten. Throws
  /// `value_error` or `shape_error` when there is no shot, a picture is empty or too large, or a mask has another size
  /// than its picture or shows no object.
  void set_support(std::vector<shot> const& shots) {
    if (!engine_.has_query()) return engine_.set_support(shots);
    beginning b(mask_.height(), mask_.width());
    engine_.set_support(shots);
    begin(std::move(b));
  }

  /// The photo. Everything that clicks do not change is computed here, or in `set_support` if that comes later; nothing
  /// of the photo is borrowed. Clicks, start mask and history are forgotten. Throws `value_error` when it is too large.
  void set_query(image_view const& photo) {
    engine_.check_photo(photo);
    beginning b(photo.height(), photo.width());
    engine_.set_query(photo);
    begin(std::move(b));
  }

  /// The mask after one more click. Throws `value_error` for a click outside the photo or not finite, and when support
  /// or photo is missing.
  mask click(fsis::click const& c) {
    check_ready("click");
    double const bottom = static_cast<double>(mask_.height() - 1), right = static_cast<double>(mask_.width() - 1);
    require<value_error>(c.y >= 0 && c.x >= 0 && c.y <= bottom && c.x <= right, "click: (", c.y, ", ", c.x,
                         ") is outside the photo, wanted y in 0..", bottom, ", x in 0..", right);
    interactive::stopwatch const watch;
    state const& now = history_.current();
    state next;
    next.clicks = now.clicks;
    next.clicks.push_back(c);
    next.start = now.start;
    next.region = engine_.region_for(now, mask_, next.clicks);
    // variables belong to the weights they were found with
    bool const same_network = now.network_version == engine_.learned().version();
    if (same_network && options().start == warm_start::best) next.applied = now.applied;
    if (same_network && options().start == warm_start::last) next.applied = now.last;
    // offsets of click maps belong to the pixels of one frame
    if (options().refine == refinement::brs && next.region != now.region) next.applied = tensor_type();
    return advance(std::move(next), watch);
  }

  /// The mask without click number `i` (from 0, as in `clicks()`): one refinement for all that remain, from the
  /// network's own answer, for the old variables were found with the click. Throws `value_error` when there is none.
  mask remove_click(index_t i) {
    check_ready("remove_click");
    state const& now = history_.current();
    index_t const count = static_cast<index_t>(now.clicks.size());
    require<value_error>(i >= 0 && i < count, "remove_click: click ", i, " of ", count, " clicks (from 0)");
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

  /// Forgets all clicks and the start mask; can be undone. Throws `value_error` without photo.
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

  /// Goes one step back without running the network: mask, clicks, optimised variables and zoom region are as before
  /// the last click, removal, reset or start mask. False when there is nothing to undo.
  bool undo() { return walk(history_.before(), &history_type::step_back); }

  /// Takes back the last `undo` without running the network. False when there is nothing to redo.
  bool redo() { return walk(history_.after(), &history_type::step_forward); }

  /// The mask now: without clicks nothing, or the start mask. Stays until the session changes. Throws `value_error`
  /// without photo.
  mask const& result() const {
    check_query("result");
    return mask_;
  }

  /// The clicks that count now. Throws `value_error` without photo.
  std::vector<fsis::click> clicks() const {
    check_query("clicks");
    return history_.current().clicks;
  }

  /// The part of the photo that the network saw for the current result; empty for all of it. Throws `value_error`
  /// without photo.
  std::optional<vision::region> zoomed_region() const {
    check_query("zoomed_region");
    return history_.current().region;
  }

  /// What the click that made the current result cost and reached. Throws `value_error` without photo.
  session_report report() const {
    check_query("report");
    return history_.current().report;
  }

  /// Probability of the object for each pixel of the photo; a pixel above the threshold is object in `result()`. 0
  /// outside a zoomed region; 0 or 1 where a start mask was kept against the network. The history holds no maps: after
  /// undo and redo the network computes it again, the same bytes unless it has learned since. Stays until the session
  /// changes. Throws `value_error` without photo.
  vision::plane<float> const& probability() {
    check_query("probability");
    if (!probability_) {
      state const& now = history_.current();
      if (now.clicks.empty()) {
        vision::plane<float> p(mask_.height(), mask_.width());
        interactive::agree_with(mask_, threshold(), p);
        probability_ = std::move(p);
      } else {
        auto again = engine_.compute(now, false, forever());
        // a network that has learned since then may say something else
        if (again.network_version != now.network_version)
          interactive::agree_with(mask_, threshold(), again.probability);
        probability_ = std::move(again.probability);
      }
    }
    return *probability_;
  }

  /// The user accepts the mask: with `learning::after_object` the network learns to give it from its first positive
  /// click. Does nothing with other options, or without such a click. Throws `value_error` without photo, and when the
  /// weights come out not finite.
  void finish_object() {
    check_query("finish_object");
    if (options().learn == learning::after_object)
      engine_.adopt(engine_.taught(history_.current(), mask_, learning::after_object));
  }

  /// What the network has learned in this session. It stays through `set_support`, `set_query` and `undo`.
  learning_report learned() const { return {engine_.learned().updates(), engine_.learned().drift()}; }

  /// Back to the network as it was given. Masks, clicks and history stay.
  void forget_learned() noexcept { engine_.forget_learned(); }

  /// Bytes that the history holds: at most `history_limit` + 1 steps, each at most one bit per pixel of the photo (run
  /// lengths take less) for its mask and as much for a start mask, its clicks, and its optimised variables: 2 C numbers
  /// for `aj` and `bj`, two per pixel of the network's input for `brs`, twice that where a run did not end at its best.
  index_t history_bytes() const {
    index_t bytes = 0;
    for (state const& s : history_) bytes += s.bytes();
    return bytes;
  }

 private:
  using engine_type = interactive::engine<network<Architecture, Context, T>>;
  using tensor_type = typename engine_type::tensor_type;
  using state = typename engine_type::state;
  using history_type = interactive::history<state>;
  using time_point = typename engine_type::time_point;

  /// A session before its first click.
  struct beginning {
    state first;
    mask nothing;
    beginning(index_t height, index_t width) : nothing(mask::blank(height, width)) {
      first.result = vision::run_length_mask(nothing);
    }
  };

  static double threshold_of(session_options const& options, network_settings const& settings) {
    return options.threshold.value_or(settings.threshold);
  }

  static session_options const& checked(session_options const& options, network_settings const& settings) {
    check(options);
    double const threshold = threshold_of(options, settings);
    require<value_error>(options.click_margin < threshold && options.click_margin < 1 - threshold,
                         "session: click_margin ", options.click_margin, " around the threshold ", threshold,
                         " leaves [0, 1]");
    return options;
  }

  static time_point forever() { return (time_point::max)(); }

  void check_query(char const* op) const {
    require<value_error>(engine_.has_query(), op, ": no photo yet, call set_query first");
  }

  void check_ready(char const* op) const {
    require<value_error>(engine_.has_query() || !engine_.lacks_support(), op,
                         ": no support and no photo yet, call set_support and set_query first");
    require<value_error>(!engine_.lacks_support(), op, ": no support yet, call set_support first");
    check_query(op);
  }

  void begin(beginning b) noexcept {
    history_.restart(std::move(b.first));
    show(std::move(b.nothing));
  }

  /// Makes a mask the shown one; its probability is computed when it is asked for.
  void show(mask m) noexcept {
    mask_ = std::move(m);
    probability_.reset();
  }

  /// A step that needs no network.
  mask take(state next, mask result) {
    next.result = vision::run_length_mask(result);
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

  /// Computes the result of a state and makes it current.
  mask advance(state next, interactive::stopwatch const& watch) {
    bool const refined = wants_refinement(options(), static_cast<index_t>(next.clicks.size()));
    auto out = engine_.compute(next, refined, deadline_after(watch.start()));
    next.applied = std::move(out.applied);
    next.last = std::move(out.last);
    next.result = vision::run_length_mask(out.result);
    next.report = out.report;
    next.network_version = out.network_version;
    mask answer = out.result;
    std::optional<typename engine_type::learner_type> learned;
    if (options().learn == learning::after_click) {
      interactive::stopwatch learning_time;
      learned = engine_.taught(next, out.result, learning::after_click);
      next.report.milliseconds.learn = learning_time.lap();
    }
    next.report.milliseconds.total = watch.total();
    history_.push(std::move(next));
    if (learned) engine_.adopt(std::move(*learned));
    mask_ = std::move(out.result);
    probability_ = std::move(out.probability);
    return answer;
  }

  time_point deadline_after(time_point start) const {
    std::chrono::duration<double, std::milli> const budget(options().time_budget_ms);
    // a budget longer than the clock can count is none
    if (!(budget.count() > 0) || budget >= forever() - start) return forever();
    return start + std::chrono::duration_cast<typename time_point::duration>(budget);
  }

  engine_type engine_;
  history_type history_;
  mask mask_;                                        // shown now
  std::optional<vision::plane<float>> probability_;  // of mask_, once somebody asked
};

/// The session of an architecture on a kind of context, for class members: `session_for<compact, cpu_context>`.
template <class Architecture, class Context = cpu_context, class T = float>
using session_for = session<Architecture, Context, T>;

}  // namespace v0
}  // namespace fsis
