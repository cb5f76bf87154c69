// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/elementary.hpp>
#include <fsis/interactive/session_options.hpp>
#include <fsis/vision/colour_evidence.hpp>
#include <fsis/vision/guided_filter.hpp>

#include <cmath>
#include <optional>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace interactive {

/// What a picture itself says of a network's answer: its colours tell object from background (`colour_evidence`), its
/// edges where one ends (`guided_filter`). Both are of this one picture, so that they know as much of a class that nobody
/// trained on as of any other.
class picture_evidence {
 public:
  picture_evidence() = default;

  /// Keeps `seen`, the picture as the network sees it, where the options ask for its colours or edges.
  picture_evidence(image seen, session_options const& o) : colour_weight_(o.colour_weight) {
    if (o.edge_radius > 0) filter_.emplace(seen, o.edge_radius, o.edge_epsilon);
    if (o.colour_weight > 0) seen_ = std::move(seen);
  }

  /// Does it say anything?
  explicit operator bool() const { return filter_ || !seen_.empty(); }

  /// What must be added to logits, (H,W) row by row:  logit(filter(sigmoid(z + weight * colours(sigmoid(z))))) - z.
  /// Probabilities behind the filter are cut to [1e-4, 1 - 1e-4].
  template <class T>
  std::vector<T> beyond(std::vector<T> const& logits, index_t height, index_t width) const {
    vision::plane<float> p(height, width);
    auto const fill = [&](auto const& logit_of) {
      for (index_t i = 0; i < p.size(); ++i) p.data()[i] = static_cast<float>(stable_sigmoid(logit_of(i)));
    };
    auto const own = [&](index_t i) { return static_cast<double>(logits[static_cast<std::size_t>(i)]); };
    fill(own);
    if (!seen_.empty()) {
      auto const colours = vision::colour_evidence(seen_, p);
      fill([&](index_t i) { return own(i) + colour_weight_ * static_cast<double>(colours.data()[i]); });
    }
    if (filter_) p = (*filter_)(p);
    std::vector<T> more(logits.size());
    for (index_t i = 0; i < p.size(); ++i) {
      double const q = hd_clamp(static_cast<double>(p.data()[i]), 1e-4, 1 - 1e-4);
      more[static_cast<std::size_t>(i)] = static_cast<T>(std::log(q / (1 - q)) - own(i));
    }
    return more;
  }

 private:
  image seen_;  // for its colours, else empty
  double colour_weight_ = 0;
  std::optional<vision::guided_filter> filter_;
};

}  // namespace interactive
}  // namespace v0
}  // namespace fsis
