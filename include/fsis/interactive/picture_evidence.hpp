// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/click.hpp>
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
  picture_evidence(image seen, session_options const& o)
      : colour_weight_(o.colour_weight), reach_(static_cast<double>(hd_max(o.edge_radius, index_t{1}))) {
    if (o.edge_radius > 0) filter_.emplace(seen, o.edge_radius, o.edge_epsilon);
    if (o.colour_weight > 0) seen_ = std::move(seen);
  }

  /// Does it say anything?
  explicit operator bool() const { return filter_ || !seen_.empty(); }

  /// What must be added to logits, (H,W) row by row:  logit(filter(sigmoid(z + weight * colours(sigmoid(z))))) - z.
  /// Probabilities behind the filter are cut to [1e-4, 1 - 1e-4]. Whoever clicks knows better: what is said against a
  /// click fades to nothing around it, as a Gaussian whose deviation is the filter's radius.
  template <class T>
  std::vector<T> beyond(std::vector<T> const& logits, index_t height, index_t width,
                        std::vector<click> const& clicks) const {
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
    heed(clicks, height, width, more);
    return more;
  }

 private:
  template <class T>
  void heed(std::vector<click> const& clicks, index_t height, index_t width, std::vector<T>& more) const {
    auto const nearest = [](double at, index_t size) {
      return static_cast<index_t>(std::nearbyint(hd_clamp(at, 0.0, static_cast<double>(size - 1))));
    };
    std::vector<click> contradicted;
    for (click const& c : clicks) {
      T const said = more[static_cast<std::size_t>(nearest(c.y, height) * width + nearest(c.x, width))];
      if (said != T(0) && (said > T(0)) != c.is_positive) contradicted.push_back(c);
    }
    // a Gaussian of a distance is that of its rows times that of its columns
    std::vector<double> across(static_cast<std::size_t>(width));
    auto const bell = [&](double distance) { return std::exp(-distance * distance / (2 * reach_ * reach_)); };
    for (click const& c : contradicted) {
      for (index_t x = 0; x < width; ++x)
        across[static_cast<std::size_t>(x)] = bell(static_cast<double>(x - nearest(c.x, width)));
      for (index_t y = 0; y < height; ++y) {
        double const down = bell(static_cast<double>(y - nearest(c.y, height)));
        T* const row = more.data() + y * width;
        for (index_t x = 0; x < width; ++x)
          row[x] = static_cast<T>(static_cast<double>(row[x]) * (1 - down * across[static_cast<std::size_t>(x)]));
      }
    }
  }

  image seen_;  // for its colours, else empty
  double colour_weight_ = 0, reach_ = 1;
  std::optional<vision::guided_filter> filter_;
};

}  // namespace interactive
}  // namespace v0
}  // namespace fsis
