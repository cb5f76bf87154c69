// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/click.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/core/math.hpp>
#include <fsis/vision/components.hpp>
#include <fsis/vision/distance_transform.hpp>
#include <fsis/vision/plane.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace interactive {

// The network has no input for a mask. A session that starts from one lets the mask speak in three places: it gives a
// click where the user has made none (`guide_click`), the refinement tries to keep it away from the clicks
// (`kept_labels`), and the result differs from it only in pieces that a click asked for (`merged`; the progressive merge
// of FocalClick, Chen et al. 2022). All masks hold 0 and 1 here and are as large as the photo.

/// The pixel nearest to a click inside a mask's picture.
struct clicked_pixel {
  index_t y, x;
  clicked_pixel(click const& c, index_t height, index_t width)
      : y(hd_clamp(static_cast<index_t>(std::nearbyint(c.y)), index_t{0}, height - 1)),
        x(hd_clamp(static_cast<index_t>(std::nearbyint(c.x)), index_t{0}, width - 1)) {}
  clicked_pixel(click const& c, mask const& in) : clicked_pixel(c, in.height(), in.width()) {}
};

/// The marks of `kept_labels` where nothing is to be kept.
constexpr std::uint8_t free_label = 255;

/// What of a start mask the clicks leave unquestioned: its 0 and 1, and `free_label` around each click that contradicts
/// it, out to twice the click's distance from the mask's edge and two pixels: an error is about as wide beyond the
/// click as before it.
inline mask kept_labels(mask const& start, std::vector<click> const& clicks) {
  mask out = start;
  std::optional<vision::plane<index_t>> to_object, to_background;
  for (click const& c : clicks) {
    clicked_pixel const at(c, start);
    if ((start(at.y, at.x) != 0) == c.is_positive) continue;
    auto& squared = c.is_positive ? to_object : to_background;
    if (!squared)
      squared =
          c.is_positive ? vision::squared_distance_to_object(start) : vision::squared_distance_to_background(start);
    index_t const d2 = (*squared)(at.y, at.x);
    double const all = static_cast<double>(start.height() + start.width());
    double const radius = d2 == vision::unreachable ? all : 2 * std::sqrt(static_cast<double>(d2)) + 2;
    index_t const reach = static_cast<index_t>(std::ceil(hd_min(radius, all)));
    for (index_t y = hd_max(at.y - reach, index_t{0}); y <= hd_min(at.y + reach, start.height() - 1); ++y)
      for (index_t x = hd_max(at.x - reach, index_t{0}); x <= hd_min(at.x + reach, start.width() - 1); ++x) {
        double const dy = static_cast<double>(y - at.y), dx = static_cast<double>(x - at.x);
        if (dy * dy + dx * dx <= radius * radius) out(y, x) = free_label;
      }
  }
  return out;
}

/// The prediction around the clicks that contradict `own`, as far as `kept_labels` says, and `own` everywhere else.
inline mask near_clicks(mask const& own, mask const& prediction, std::vector<click> const& clicks) {
  mask out = kept_labels(own, clicks);
  for (index_t i = 0; i < out.size(); ++i)
    if (out.data()[i] == free_label) out.data()[i] = prediction.data()[i];
  return out;
}

/// A click for the network while the user has made no positive one: the deepest pixel of what is kept of the object, the
/// first of equals in reading order. Empty where nothing is kept of it.
inline std::optional<click> guide_click(mask const& kept) {
  mask object = kept;
  for (index_t i = 0; i < object.size(); ++i) object.data()[i] = kept.data()[i] == 1;
  if (object.count() == 0) return std::nullopt;
  auto const depth = vision::squared_distance_to_background(object, vision::frame::boundary);
  index_t const at = std::max_element(depth.data(), depth.data() + depth.size()) - depth.data();
  return positive(static_cast<double>(at / object.width()), static_cast<double>(at % object.width()));
}

/// The start mask with those pieces of the prediction that a click asked for: of all connected pieces (four neighbours)
/// that the prediction adds, those with a positive click in them; of all that it removes, those with a negative one.
/// Depends on start, prediction and clicks alone, not on the way there.
inline mask merged(mask const& start, mask const& prediction, std::vector<click> const& clicks) {
  mask out = start;
  for (bool const adds : {true, false}) {
    mask changed = start;
    for (index_t i = 0; i < changed.size(); ++i)
      changed.data()[i] = (prediction.data()[i] != 0) == adds && (start.data()[i] != 0) != adds;
    auto const pieces = vision::connected_components(changed, vision::connectivity::four);
    std::vector<char> asked_for(pieces.components.size() + 1, 0);
    for (click const& c : clicks) {
      if (c.is_positive != adds) continue;
      clicked_pixel const at(c, start);
      asked_for[static_cast<std::size_t>(pieces.label(at.y, at.x))] = 1;
    }
    asked_for[0] = 0;  // no piece
    for (index_t i = 0; i < out.size(); ++i)
      if (asked_for[static_cast<std::size_t>(pieces.label.data()[i])]) out.data()[i] = adds;
  }
  return out;
}

}  // namespace interactive
}  // namespace v0
}  // namespace fsis
