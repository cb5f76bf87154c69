// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/interactive/session.hpp>
#include <fsis/interactive/stopwatch.hpp>
#include <fsis/training/posed_episode.hpp>
#include <fsis/vision/click_metrics.hpp>
#include <fsis/vision/metrics.hpp>
#include <fsis/vision/simulated_user.hpp>

#include <functional>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// What became of one episode.
struct episode_outcome {
  episode posed;
  std::vector<vision::confusion>
      after_click;              ///< a mask that needs no further click stays for the clicks that remain
  std::vector<char> satisfied;  ///< after each click: is every click's pixel what it asked for?
  index_t clicks = 0;           ///< made
  double click_seconds = 0;     ///< spent in `session::click`
};

/// What an evaluation found, episode by episode; figures are computed from it.
struct evaluation {
  index_t clicks = 0;  ///< asked for in every episode
  std::vector<episode_outcome> episodes;
  learning_report learned;  ///< by the session that went through all episodes

  /// Scores after click `click`, from 1. Throws `value_error` on another number than 1 to `clicks`.
  vision::episode_scores scores(index_t click) const {
    check_click(click);
    vision::episode_scores s;
    for (auto const& e : episodes) s.add(e.posed.query.label, e.after_click[static_cast<std::size_t>(click - 1)]);
    return s;
  }

  /// IoU after each click of each episode.
  std::vector<vision::iou_history> histories() const {
    std::vector<vision::iou_history> all;
    for (auto const& e : episodes) {
      vision::iou_history h;
      for (auto const& c : e.after_click) h.push_back(c.foreground_iou());
      all.push_back(h);
    }
    return all;
  }

  /// Share of episodes in which every click is right after click `click`.
  double satisfied_share(index_t click) const {
    check_click(click);
    index_t satisfied = 0;
    for (auto const& e : episodes) satisfied += e.satisfied[static_cast<std::size_t>(click - 1)] != 0;
    return static_cast<double>(satisfied) / static_cast<double>(episodes.size());
  }

  vision::click_timing timing() const {
    vision::click_timing t;
    t.images = static_cast<index_t>(episodes.size());
    for (auto const& e : episodes) {
      t.seconds += e.click_seconds;
      t.clicks += e.clicks;
    }
    return t;
  }

 private:
  void check_click(index_t click) const {
    require<value_error>(click >= 1 && click <= clicks && !episodes.empty(), "evaluation: click ", click, " of ",
                         clicks, " in ", episodes.size(), " episodes");
  }
};

/// The mask of an automatic method, from which the clicks of an episode go on.
using automatic_mask = std::function<mask(posed_episode const&)>;

/// Lets the simulated user click `clicks` times into a session, which is shown the episode first, and accept what comes
/// out. With `begin`, the session starts from its mask, unless that shows nothing.
template <class Session>
episode_outcome click_through(Session& s, episode const& e, posed_episode const& p, index_t clicks,
                              automatic_mask const& begin = {}) {
  s.set_support(p.shots);
  s.set_query(p.photo);
  if (begin) {
    mask const m = begin(p);
    if (m.count() > 0) s.start_from(m);
  }
  episode_outcome out;
  out.posed = e;
  for (index_t c = 0; c < clicks; ++c) {
    auto const next = vision::next_click(p.truth, s.result(), s.clicks());
    if (next) {
      interactive::stopwatch watch;
      s.click(*next);
      out.click_seconds += watch.lap() / 1000;
      ++out.clicks;
    }
    out.after_click.push_back(vision::compare(s.result(), p.truth));
    out.satisfied.push_back(s.report().satisfied_clicks == s.report().clicks);
  }
  s.finish_object();
  return out;
}

/// Called with the number of episodes that are done.
using after_episode = std::function<void(index_t)>;

/// Poses every episode; `answer(episode, posed)` says what became of it.
template <class Answer>
evaluation evaluate_by(segmentation_set const& set, std::vector<episode> const& episodes, index_t clicks,
                       Answer const& answer, after_episode const& each = {}) {
  require<value_error>(clicks >= 1, "evaluate: ", clicks, " clicks, wanted at least 1");
  evaluation result;
  result.clicks = clicks;
  for (episode const& e : episodes) {
    result.episodes.push_back(answer(e, pose(set, e)));
    if (each) each(static_cast<index_t>(result.episodes.size()));
  }
  return result;
}

/// Runs the simulated user through every episode with one network, in one session: with `session_options::learn`, what
/// it learns in one episode stays for the next.
template <class Context, class Network>
evaluation evaluate(Context const& ctx, Network const& net, segmentation_set const& set,
                    std::vector<episode> const& episodes, session_options const& options, index_t clicks,
                    after_episode const& each = {}, automatic_mask const& begin = {}) {
  session s{ctx, net, options};
  auto const answer = [&](episode const& e, posed_episode const& p) { return click_through(s, e, p, clicks, begin); };
  auto result = evaluate_by(set, episodes, clicks, answer, each);
  result.learned = s.learned();
  return result;
}

/// The second half of the episodes, in which a session has learned from the first.
inline evaluation second_half(evaluation const& whole) {
  evaluation half;
  half.clicks = whole.clicks;
  half.episodes.assign(whole.episodes.begin() + static_cast<std::ptrdiff_t>(whole.episodes.size() / 2),
                       whole.episodes.end());
  half.learned = whole.learned;
  return half;
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
