// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/interactive/click_patches.hpp>
#include <fsis/interactive/feature_brs.hpp>
#include <fsis/interactive/map_brs.hpp>
#include <fsis/interactive/query_memory.hpp>
#include <fsis/interactive/refine.hpp>
#include <fsis/interactive/stopwatch.hpp>
#include <fsis/interactive/support_memory.hpp>

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace interactive {

/// What the network is asked about one frame. Clicks are in pixels of the frame.
template <class Network>
struct question {
  using tensor_type = typename Network::tensor_type;

  query_view<Network> const& view;
  support_memory<Network> const& support;
  std::vector<click> clicks;
  std::optional<click> guide;  ///< seen by the network, asked for by nobody
  tensor_type keep;            ///< (1,H,W,1) of 0, 1 and -1; undefined: nothing is to be kept
  tensor_type variables;       ///< where the refinement starts, or what is applied without one; undefined: zeros
  bool refine = true;
  std::chrono::steady_clock::time_point deadline = (std::chrono::steady_clock::time_point::max)();
};

/// What it answered.
template <class Tensor>
struct answer {
  Tensor logits;   ///< (1,H,W,1), mirrored copies averaged
  Tensor own;      ///< the same before anything is refined; undefined with `refinement::none` or where nobody asks
  Tensor applied;  ///< variables behind the logits; undefined with `refinement::none`
  Tensor last;     ///< variables evaluated last
  session_report report;
};

/// Mean of a picture's logits and those of its mirror image, turned back: (N,H,W,1) -> (1,H,W,1).
template <class T, class Context>
tensor<T, Context> averaged_logits(Context const& ctx, tensor<T, Context> const& logits) {
  if (logits.extent(0) == 1) return logits;
  auto const both = ops::add(ctx, logits.slice(0, 1), ops::flip(ctx, logits.slice(1, 1), 2));
  return ops::affine(ctx, both, 0.5, 0);
}

namespace detail {

/// Runs a network on one question. Lives for one answer.
template <class Network>
class answering {
 public:
  using context = typename Network::context;
  using tensor_type = typename Network::tensor_type;
  using variable_type = typename Network::variable_type;
  using T = typename tensor_type::scalar;
  using patches = ops::patches<context>;
  using patch_pixels = ops::patch_pixels<context>;

  answering(context const& ctx, Network const& net, session_options const& options, double threshold,
            question<Network> const& q)
      : ctx_(ctx),
        net_(net),
        options_(options),
        threshold_(threshold),
        q_(q),
        height_(q.view.image.extent(1)),
        width_(q.view.image.extent(2)),
        copies_(q.view.image.extent(0)),
        click_prior_(click_prior()) {}

  answer<tensor_type> run(vision::click_encoding const& encoding) {
    stopwatch watch;
    result_.report.status = click_status::not_refined;
    auto const maps = drawn_clicks(encoding);
    if (options_.refine == refinement::brs) {
      no_tape<tensor_type> t(ctx_);
      if constexpr (looks_twice) {
        auto const in = inputs(with_mirror_image(ctx_, maps, copies_));
        self_support_ = first_look(t, net_.query(t, in.image, in.maps), in);
      }
      if (needs_own_answer()) ask_the_picture(net_(t, inputs(with_mirror_image(ctx_, maps, copies_))).value);
      auto const replay = replay_maps(maps, copies_, [this](auto& tape, variable_type const& m) {
        return with_evidence(tape, net_(tape, inputs(m)));
      });
      result_.report.milliseconds.features = watch.lap();
      // each copy has the offsets, and pays for them
      auto const weight = static_cast<T>(options_.regularisation * static_cast<double>(copies_));
      return solve(replay, ops::full(ctx_, replay.variables(), weight), watch);
    }
    no_tape<tensor_type> t(ctx_);
    auto const joined = joined_features(t, maps);
    if (options_.refine == refinement::bj) {
      result_.report.milliseconds.features = watch.lap();
      return solve_features(
          joined.value, Network::window_behind_joined,
          [this](auto& tape, variable_type const& f) {
            return net_.logits(tape, net_.joint(tape, f), height_, width_);
          },
          [this](auto& tape, variable_type const& f, patches at, patch_pixels const& pixels) {
            auto const joint = net_.joint_on(tape, f, at);
            return net_.logits_on(tape, joint, at, pixels);
          },
          watch);
    }
    auto const joint = net_.joint(t, joined);
    result_.report.milliseconds.features = watch.lap();
    auto const tail = [this](auto& tape, variable_type const& f) { return net_.logits(tape, f, height_, width_); };
    if (options_.refine == refinement::aj)
      return solve_features(
          joint.value, Network::window_behind_joint, tail,
          [this](auto& tape, variable_type const& f, patches const& at, patch_pixels const& pixels) {
            return net_.logits_on(tape, f, at, pixels);
          },
          watch);
    ask_the_picture(tail(t, joint).value);
    result_.logits = result_.own;
    result_.own = tensor_type();
    result_.report.milliseconds.result = watch.lap();
    return std::move(result_);
  }

  /// What junction and head see (N,h,w,C).
  tensor_type joined(vision::click_encoding const& encoding) const {
    no_tape<tensor_type> t(ctx_);
    return joined_features(t, drawn_clicks(encoding)).value;
  }

 private:
  static constexpr bool looks_twice = Network::self_support_channels > 0;

  /// What the junction sees, at the second look of a network that looks twice.
  template <class Tape>
  variable_type joined_features(Tape& t, tensor_type const& maps) const {
    auto in = inputs(with_mirror_image(ctx_, maps, copies_));
    auto const query = net_.query(t, in.image, in.maps);
    if constexpr (looks_twice) in.self_support = first_look(t, query, in);
    return net_.joined(t, query, in);
  }

  /// The self-support of the answer to inputs without one.
  template <class Tape>
  tensor_type first_look(Tape& t, variable_type const& query, typename Network::inputs const& in) const {
    auto const first = net_.logits(t, net_.joint(t, net_.joined(t, query, in)), height_, width_);
    return model::self_support(ctx_, q_.view.frozen, first.value);
  }

  /// The clicks that the network sees.
  std::vector<click> seen_clicks() const {
    std::vector<click> seen = q_.clicks;
    std::size_t const limit = static_cast<std::size_t>(options_.net_clicks_limit);
    if (limit > 0 && seen.size() > limit) seen.resize(limit);
    if (q_.guide) seen.push_back(*q_.guide);
    return seen;
  }

  /// The click maps (1,H,W,2) in front of the network.
  tensor_type drawn_clicks(vision::click_encoding const& encoding) const {
    return from_host<T>(ctx_, {1, height_, width_, 2},
                        vision::click_maps<T>(height_, width_, seen_clicks(), encoding));
  }

  /// The click prior of every copy; undefined in a network without one.
  tensor_type click_prior() const {
    if constexpr (Network::click_prior_channels == 0) {
      return {};
    } else {
      std::vector<tensor_type> copies;
      auto clicks = seen_clicks();
      for (index_t n = 0; n < copies_; ++n) {
        copies.push_back(model::click_prior(ctx_, q_.view.frozen, n, clicks, height_, width_));
        for (click& c : clicks) c.x = static_cast<double>(width_ - 1) - c.x;  // the second is the mirror image
      }
      return ops::concatenate(ctx_, copies, 0);
    }
  }

  typename Network::inputs inputs(variable_type maps) const {
    tensor_type support = q_.support.path;
    // one vector serves both copies, a map has a mirror image
    if constexpr (Network::architecture::support == support_path::feature_map)
      support = with_mirror_image(ctx_, support, copies_);
    return {q_.view.image, std::move(maps), support, q_.view.prior, click_prior_, self_support_};
  }

  /// `behind` is the window of `tail`, and `patch_tail(tape, features, at, pixels)` computes it on patches.
  template <class Tail, class PatchTail>
  answer<tensor_type> solve_features(tensor_type const& features, nn::window const& behind, Tail const& tail,
                                     PatchTail const& patch_tail, stopwatch& watch) {
    auto const penalty = feature_penalty<T>(ctx_, features.extent(3), options_.regularisation, options_.bias_factor);
    no_tape<tensor_type> t(ctx_);
    if (needs_own_answer()) ask_the_picture(tail(t, variable_type(features)).value);
    auto const replay = replay_features(
        features, [&](auto& tape, variable_type const& f) { return with_evidence(tape, tail(tape, f)); });
    if (wants_refinement() && may_use_patches()) {
      feature_frame const frame{height_, width_, features.extent(1), features.extent(2), copies_};
      auto const around = patches_around<T>(ctx_, q_.clicks, options_.click_radius, targets(), frame, behind);
      if (around) {
        auto const more = evidence_at(around->places);
        auto const on_patches = [&](auto& tape, variable_type const& f) {
          auto const z =
              patch_tail(tape, clear_outside(tape, f, around->positions), around->positions, around->pixels);
          return more.defined() ? add(tape, z, variable_type(more)) : z;
        };
        lower(replay_features(ops::gather_patches(ctx_, features, around->positions), on_patches),
              wanted_of(around->squares), penalty);
        result_.report.patches = around->positions.count();
        return applied(replay, watch);
      }
    }
    return solve(replay, penalty, watch);
  }

  template <class Replay>
  answer<tensor_type> solve(Replay const& replay, tensor_type const& penalty, stopwatch& watch) {
    if (wants_refinement()) lower(replay, wanted(), penalty);
    return applied(replay, watch);
  }

  /// Is the answer before a refinement asked for by anyone? Else the pass that computes it is saved.
  bool needs_own_answer() const { return q_.view.evidence || options_.merge; }

  /// Takes the network's own answer (N,H,W,1), and keeps it with what the picture says beyond it: a constant for what is
  /// refined on top of it.
  void ask_the_picture(tensor_type const& logits) {
    result_.own = averaged_logits(ctx_, logits);
    if (!q_.view.evidence) return;
    auto clicks = q_.clicks;
    if (q_.guide) clicks.push_back(*q_.guide);
    auto const more = q_.view.evidence.beyond(to_host(ctx_, result_.own), height_, width_, clicks);
    auto const one = from_host<T>(ctx_, {1, height_, width_, 1}, more);
    result_.own = ops::add(ctx_, result_.own, one);
    evidence_ = with_mirror_image(ctx_, one, copies_);
  }

  template <class Tape>
  variable_type with_evidence(Tape& t, variable_type const& logits) const {
    return evidence_.defined() ? add(t, logits, variable_type(evidence_)) : logits;
  }

  /// The evidence at single pixels: (pixels,1,1,1).
  tensor_type evidence_at(std::vector<index_t> const& places) const {
    if (!evidence_.defined()) return {};
    auto const all = to_host(ctx_, evidence_);
    std::vector<T> some;
    for (index_t i : places) some.push_back(all[static_cast<std::size_t>(i)]);
    return from_host<T>(ctx_, {static_cast<index_t>(some.size()), 1, 1, 1}, some);
  }

  bool wants_refinement() const { return q_.refine && std::chrono::steady_clock::now() < q_.deadline; }

  bool may_use_patches() const {
    bool const keeps = q_.keep.defined() && options_.keep_weight > 0;
    return options_.refine_on_patches && !keeps && options_.stop != stop_rule::mask_settled;
  }

  /// Optimises the variables of a replay.
  template <class Replay>
  void lower(Replay const& replay, wishes<tensor_type> const& w, tensor_type const& penalty) {
    click_objective<tensor_type, Replay> objective(w, penalty, replay, limits());
    // where a mask is to be kept, too, the loss says how far to go
    index_t const shrinking = w.keep.defined() && w.keep_weight > 0 ? 0 : options_.shrink_evaluations;
    auto const r = refine(ctx_, start_of(replay), objective, lbfgs_options_of(options_, q_.deadline), shrinking);
    result_.applied = r.x;
    result_.last = r.last;
    result_.report.status = r.status;
    result_.report.evaluations = r.evaluations;
  }

  /// The answer with the variables found, or those where a refinement would start.
  template <class Replay>
  answer<tensor_type> applied(Replay const& replay, stopwatch& watch) {
    if (!result_.applied.defined()) {
      result_.applied = result_.last = start_of(replay);
      if (q_.refine) result_.report.status = click_status::deadline;
    }
    result_.report.milliseconds.refine = watch.lap();
    no_tape<tensor_type> t(ctx_);
    result_.logits = averaged_logits(ctx_, replay(t, variable_type(result_.applied)).value);
    result_.report.milliseconds.result = watch.lap();
    return std::move(result_);
  }

  template <class Replay>
  tensor_type start_of(Replay const& replay) const {
    bool const fits = q_.variables.defined() && q_.variables.extents() == replay.variables();
    return fits ? q_.variables : ops::zeros<T>(ctx_, replay.variables());
  }

  std::vector<T> targets() const { return click_targets<T>(height_, width_, q_.clicks, options_.click_radius); }

  wishes<tensor_type> wanted_of(tensor_type squares) const {
    wishes<tensor_type> w;
    w.squares = std::move(squares);
    w.cost = options_.cost;
    w.logit_margin = options_.logit_margin;
    return w;
  }

  wishes<tensor_type> wanted() const {
    auto w = wanted_of(with_mirror_image(ctx_, from_host<T>(ctx_, {1, height_, width_, 1}, targets()), copies_));
    w.keep_weight = options_.keep_weight;
    if (q_.keep.defined()) w.keep = with_mirror_image(ctx_, q_.keep, copies_);
    return w;
  }

  stop_limits limits() const { return {options_.stop, threshold_, options_.click_margin, options_.settled_above}; }

  context const& ctx_;
  Network const& net_;
  session_options const& options_;
  double threshold_;
  question<Network> const& q_;
  index_t height_, width_, copies_;
  tensor_type click_prior_;
  tensor_type self_support_;  // of the first look, for BRS; undefined otherwise
  tensor_type evidence_;      // (N,H,W,1); undefined where the picture is not asked
  answer<tensor_type> result_;
};

}  // namespace detail

/// Runs the network on a question and refines its answer as the options say. Whatever is thrown, nothing outside has
/// changed.
template <class Network>
answer<typename Network::tensor_type> answer_of(typename Network::context const& ctx, Network const& net,
                                                network_settings const& settings, session_options const& options,
                                                double threshold, question<Network> const& q) {
  return detail::answering<Network>(ctx, net, options, threshold, q).run(settings.clicks);
}

/// The features that the network's junction sees for a question, (N,h,w,C).
template <class Network>
typename Network::tensor_type joined_of(typename Network::context const& ctx, Network const& net,
                                        network_settings const& settings, session_options const& options,
                                        double threshold, question<Network> const& q) {
  return detail::answering<Network>(ctx, net, options, threshold, q).joined(settings.clicks);
}

}  // namespace interactive
}  // namespace v0
}  // namespace fsis
