// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/interactive/session.hpp>
#include <fsis/interactive/simulate.hpp>
#include <fsis/training/episode.hpp>
#include <fsis/vision/metrics.hpp>
#include <fsis/vision/simulated_user.hpp>

#include <algorithm>
#include <functional>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// What an evaluation found: scores after each click over all episodes.
struct evaluation {
  std::vector<vision::episode_scores> after_click;
  std::vector<std::vector<double>> histories;  ///< IoU after each click of each episode, without the stop at a perfect mask
  double click_seconds = 0;                    ///< spent in `session::click`
  index_t clicks = 0;
};

/// An episode as pictures: the photo, the truth (1 the instance, 255 void) and the examples.
struct posed_episode {
  image photo;
  mask truth;
  std::vector<shot> shots;
};

inline posed_episode pose(segmentation_set const& set, episode const& e) {
  auto const query = set.read(e.query.picture);
  posed_episode p{query.picture, segmentation_set::target_of(query.labels, e.query), {}};
  for (index_t const s : e.supports) {
    auto const shown = set.read(s);
    p.shots.push_back({shown.picture, segmentation_set::class_of(shown.labels, e.query.label),
                       vision::truth_reading::labels});
  }
  return p;
}

/// Runs the simulated user through every episode. After a mask is perfect it stays as it is for the clicks that
/// remain. `each(number)` is called after every episode.
template <class Context, class Network>
evaluation evaluate(Context const& ctx, Network const& net, segmentation_set const& set,
                    std::vector<episode> const& episodes, session_options const& options, index_t clicks,
                    std::function<void(index_t)> const& each = {}) {
  require<value_error>(clicks >= 1, "evaluate: ", clicks, " clicks, wanted at least 1");
  evaluation result;
  result.after_click.resize(static_cast<std::size_t>(clicks));
  session s{ctx, net, options};
  for (std::size_t n = 0; n < episodes.size(); ++n) {
    auto const p = pose(set, episodes[n]);
    s.set_support(p.shots);
    s.set_query(p.photo);
    std::vector<double> history;
    for (index_t c = 0; c < clicks; ++c) {
      auto const next = vision::next_click(p.truth, s.result(), s.clicks());
      if (next) {
        interactive::stopwatch watch;
        s.click(*next);
        result.click_seconds += watch.lap() / 1000;
        ++result.clicks;
      }
      auto const agreement = vision::compare(s.result(), p.truth);
      result.after_click[static_cast<std::size_t>(c)].add(episodes[n].query.label, agreement);
      history.push_back(agreement.foreground_iou());
    }
    result.histories.push_back(history);
    if (each) each(static_cast<index_t>(n) + 1);
  }
  return result;
}

/// Scores of a rule that needs no network: `rule(episode, first click)` gives a mask.
inline vision::episode_scores evaluate_rule(segmentation_set const& set, std::vector<episode> const& episodes,
                                            std::function<mask(posed_episode const&, click const&)> const& rule) {
  vision::episode_scores scores;
  for (episode const& e : episodes) {
    auto const p = pose(set, e);
    mask const nothing = mask::blank(p.truth.height(), p.truth.width());
    auto const first = vision::next_click(p.truth, nothing);
    scores.add(e.query.label, vision::compare(rule(p, *first), p.truth));
  }
  return scores;
}

/// The pixels at most `radius` from a click.
inline mask disk_around(index_t height, index_t width, click const& c, double radius) {
  mask out = mask::blank(height, width);
  for (index_t y = 0; y < height; ++y)
    for (index_t x = 0; x < width; ++x) {
      double const dy = static_cast<double>(y) - c.y, dx = static_cast<double>(x) - c.x;
      out(y, x) = dy * dy + dx * dx <= radius * radius;
    }
  return out;
}

/// The radius in pixels, among multiples of `step`, whose disk around the first click has the best mIoU.
inline double best_disk_radius(segmentation_set const& set, std::vector<episode> const& episodes, double step = 5,
                               double largest = 150) {
  require<value_error>(step > 0 && largest >= step, "best_disk_radius: steps of ", step, " up to ", largest);
  std::vector<vision::episode_scores> scores(static_cast<std::size_t>(largest / step));
  auto const radius = [&](std::size_t i) { return step * static_cast<double>(i + 1); };
  for (episode const& e : episodes) {
    mask const truth = segmentation_set::target_of(set.read(e.query.picture).labels, e.query);
    auto const first = vision::next_click(truth, mask::blank(truth.height(), truth.width()));
    for (std::size_t i = 0; i < scores.size(); ++i)
      scores[i].add(e.query.label,
                    vision::compare(disk_around(truth.height(), truth.width(), *first, radius(i)), truth));
  }
  auto const best = std::max_element(scores.begin(), scores.end(),
                                     [](auto const& x, auto const& y) { return x.mean_iou() < y.mean_iou(); });
  return radius(static_cast<std::size_t>(best - scores.begin()));
}

/// The threshold among 0.2, 0.25, ..., 0.8 with the best one-click mIoU of the network alone.
template <class Context, class Network>
double best_threshold(Context const& ctx, Network const& net, segmentation_set const& set,
                      std::vector<episode> const& episodes) {
  constexpr int count = 13;
  std::vector<vision::episode_scores> scores(count);
  session_options o;
  o.refine = refinement::none;
  session s{ctx, net, o};
  auto const threshold = [](int i) { return 0.2 + 0.05 * i; };
  for (episode const& e : episodes) {
    auto const p = pose(set, e);
    s.set_support(p.shots);
    s.set_query(p.photo);
    s.click(*vision::next_click(p.truth, s.result()));
    auto const& probability = s.probability();
    for (int i = 0; i < count; ++i) {
      mask m = mask::blank(p.truth.height(), p.truth.width());
      for (index_t k = 0; k < m.size(); ++k)
        m.data()[k] = static_cast<double>(probability.data()[k]) > threshold(i);
      scores[static_cast<std::size_t>(i)].add(e.query.label, vision::compare(m, p.truth));
    }
  }
  int best = 0;
  for (int i = 1; i < count; ++i)
    if (scores[static_cast<std::size_t>(i)].mean_iou() > scores[static_cast<std::size_t>(best)].mean_iou()) best = i;
  return threshold(best);
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
