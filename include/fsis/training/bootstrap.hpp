// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/random.hpp>
#include <fsis/training/evaluation.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// A figure with what chance could have made of it.
struct uncertain {
  double value = 0;           ///< of the episodes as they are
  double standard_error = 0;  ///< over resamplings
  double low = 0, high = 0;   ///< the middle 95 % of resamplings
};

struct bootstrap_options {
  index_t resamplings = 1000;
  std::uint64_t seed = 1;
};

/// The bootstrap over query pictures (Efron and Tibshirani 1993): episodes of one picture are no independent trials, so
/// pictures are drawn with replacement and bring all their episodes. `figure(times)` is computed from how often each
/// episode counts. Throws `value_error` without episodes or resamplings.
template <class Figure>
uncertain bootstrap(std::vector<episode_outcome> const& episodes, Figure const& figure,
                    bootstrap_options const& o = {}) {
  require<value_error>(!episodes.empty() && o.resamplings >= 2, "bootstrap: ", episodes.size(), " episodes, ",
                       o.resamplings, " resamplings, wanted at least 1 and 2");
  std::map<index_t, std::vector<std::size_t>> by_picture;
  for (std::size_t i = 0; i < episodes.size(); ++i) by_picture[episodes[i].posed.query.picture].push_back(i);
  std::vector<std::vector<std::size_t>> pictures;
  for (auto const& p : by_picture) pictures.push_back(p.second);

  uncertain u;
  u.value = figure(std::vector<index_t>(episodes.size(), 1));
  std::vector<double> drawn;
  for (index_t r = 0; r < o.resamplings; ++r) {
    random_stream random(o.seed, static_cast<std::uint64_t>(r));
    std::vector<index_t> times(episodes.size(), 0);
    for (std::size_t k = 0; k < pictures.size(); ++k)
      for (std::size_t const i :
           pictures[static_cast<std::size_t>(random.below(static_cast<index_t>(pictures.size())))])
        ++times[i];
    drawn.push_back(figure(times));
  }
  double mean = 0, squares = 0;
  for (double const v : drawn) mean += v / static_cast<double>(drawn.size());
  for (double const v : drawn) squares += (v - mean) * (v - mean);
  u.standard_error = std::sqrt(squares / static_cast<double>(drawn.size() - 1));
  std::sort(drawn.begin(), drawn.end());
  auto const quantile = [&](double q) {
    return drawn[static_cast<std::size_t>(q * static_cast<double>(drawn.size() - 1) + 0.5)];
  };
  u.low = quantile(0.025);
  u.high = quantile(0.975);
  return u;
}

/// mIoU after click `click` when episode i counts `times[i]` times. Classes that count nowhere are left out.
inline double mean_iou_of(std::vector<episode_outcome> const& episodes, std::vector<index_t> const& times,
                          index_t click) {
  std::map<std::uint8_t, vision::confusion> sums;
  for (std::size_t i = 0; i < episodes.size(); ++i)
    for (index_t n = 0; n < times[i]; ++n)
      sums[episodes[i].posed.query.label] += episodes[i].after_click[static_cast<std::size_t>(click - 1)];
  double total = 0;
  for (auto const& s : sums) total += s.second.foreground_iou();
  return total / static_cast<double>(sums.size());
}

/// mIoU after a click, with its standard error.
inline uncertain uncertain_mean_iou(evaluation const& e, index_t click, bootstrap_options const& o = {}) {
  return bootstrap(
      e.episodes, [&](std::vector<index_t> const& times) { return mean_iou_of(e.episodes, times, click); }, o);
}

/// By how much the mIoU of `a` after a click exceeds that of `b` on the same episodes; both are resampled together.
/// Throws `value_error` when the episodes differ.
inline uncertain mean_iou_difference(evaluation const& a, evaluation const& b, index_t click,
                                     bootstrap_options const& o = {}) {
  bool same = a.episodes.size() == b.episodes.size();
  for (std::size_t i = 0; same && i < a.episodes.size(); ++i) {
    auto const &p = a.episodes[i].posed, &q = b.episodes[i].posed;
    same = p.query.picture == q.query.picture && p.query.label == q.query.label && p.query.piece == q.query.piece;
  }
  require<value_error>(same, "mean_iou_difference: ", a.episodes.size(), " and ", b.episodes.size(),
                       " episodes, wanted the same ones");
  return bootstrap(
      a.episodes,
      [&](std::vector<index_t> const& times) {
        return mean_iou_of(a.episodes, times, click) - mean_iou_of(b.episodes, times, click);
      },
      o);
}

/// Share of episodes whose IoU after a click is more than `margin` below that of `b`.
inline double share_that_loses(evaluation const& a, evaluation const& b, index_t click, double margin = 0.01) {
  require<value_error>(a.episodes.size() == b.episodes.size() && !a.episodes.empty(),
                       "share_that_loses: ", a.episodes.size(), " and ", b.episodes.size(),
                       " episodes, wanted the same ones");
  index_t losing = 0;
  for (std::size_t i = 0; i < a.episodes.size(); ++i) {
    auto const at = static_cast<std::size_t>(click - 1);
    losing +=
        a.episodes[i].after_click[at].foreground_iou() < b.episodes[i].after_click[at].foreground_iou() - margin;
  }
  return static_cast<double>(losing) / static_cast<double>(a.episodes.size());
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
