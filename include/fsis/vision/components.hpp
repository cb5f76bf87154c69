// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/mask.hpp>
#include <fsis/core/math.hpp>
#include <fsis/vision/check.hpp>
#include <fsis/vision/plane.hpp>
#include <fsis/vision/region.hpp>

#include <cstdint>
#include <limits>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace vision {

/// Which neighbours touch: the four at a side, or the corners too.
enum class connectivity { four, eight };

/// One connected piece of a mask.
struct component {
  index_t size = 0;  ///< pixels
  region box;
};

/// The pieces of a mask. `label` is 0 on background and i + 1 on pixels of components[i]; pieces are numbered
/// by their first pixel in reading order.
struct component_map {
  plane<std::int32_t> label;
  std::vector<component> components;

  /// The pixels of one piece as 0 and 1.
  mask piece(index_t i) const {
    require<value_error>(i >= 0 && i < static_cast<index_t>(components.size()), "component_map: piece ", i,
                         " of ", components.size());
    mask out = mask::blank(label.height(), label.width());
    for (index_t p = 0; p < label.size(); ++p) out.data()[p] = label.data()[p] == i + 1;
    return out;
  }
};

namespace detail {

/// Provisional labels and which of them belong together; the smaller label leads.
class label_forest {
 public:
  label_forest() : parent_(1, 0) {}

  std::int32_t fresh() {
    std::int32_t const label = static_cast<std::int32_t>(parent_.size());
    parent_.push_back(label);
    return label;
  }

  std::int32_t leader(std::int32_t label) {
    while (at(label) != label) {
      at(label) = at(at(label));
      label = at(label);
    }
    return label;
  }

  std::int32_t join(std::int32_t a, std::int32_t b) {
    if (a == 0 || b == 0) return a + b;
    a = leader(a);
    b = leader(b);
    std::int32_t const first = hd_min(a, b);
    at(hd_max(a, b)) = first;
    return first;
  }

  std::int32_t size() const { return static_cast<std::int32_t>(parent_.size()); }

 private:
  std::int32_t& at(std::int32_t label) { return parent_[static_cast<std::size_t>(label)]; }

  std::vector<std::int32_t> parent_;
};

}  // namespace detail

/// Connected components of the nonzero pixels, in near-linear time. Throws `value_error` on a 0x0 mask,
/// `shape_error` on 2^31 pixels or more.
inline component_map connected_components(mask const& m, connectivity joins = connectivity::eight) {
  detail::check_not_empty("connected_components", "mask", m);
  require<shape_error>(m.size() <= (std::numeric_limits<std::int32_t>::max)(), "connected_components: ",
                       m.height(), "x", m.width(), " pixels, at most 2147483647");
  index_t const H = m.height(), W = m.width();
  component_map out;
  out.label = plane<std::int32_t>(H, W);
  detail::label_forest forest;
  for (index_t y = 0; y < H; ++y)
    for (index_t x = 0; x < W; ++x) {
      if (!m(y, x)) continue;
      std::int32_t label = x > 0 ? out.label(y, x - 1) : 0;
      if (y > 0) {
        label = forest.join(label, out.label(y - 1, x));
        if (joins == connectivity::eight) {
          if (x > 0) label = forest.join(label, out.label(y - 1, x - 1));
          if (x + 1 < W) label = forest.join(label, out.label(y - 1, x + 1));
        }
      }
      out.label(y, x) = label ? label : forest.fresh();
    }
  std::vector<std::int32_t> final_label(static_cast<std::size_t>(forest.size()), 0);
  for (index_t y = 0; y < H; ++y)
    for (index_t x = 0; x < W; ++x) {
      std::int32_t& label = out.label(y, x);
      if (label == 0) continue;
      std::int32_t& number = final_label[static_cast<std::size_t>(forest.leader(label))];
      if (number == 0) {
        out.components.push_back({0, {y, y, x, x}});
        number = static_cast<std::int32_t>(out.components.size());
      }
      label = number;
      component& c = out.components[static_cast<std::size_t>(number - 1)];
      ++c.size;
      c.box = {c.box.top, y, hd_min(c.box.left, x), hd_max(c.box.right, x)};
    }
  return out;
}

/// The largest piece as 0 and 1, the first of equals; all background for a mask without object.
inline mask largest_component(mask const& m, connectivity joins = connectivity::eight) {
  component_map const map = connected_components(m, joins);
  if (map.components.empty()) return mask::blank(m.height(), m.width());
  std::size_t best = 0;
  for (std::size_t i = 1; i < map.components.size(); ++i)
    if (map.components[i].size > map.components[best].size) best = i;
  return map.piece(static_cast<index_t>(best));
}

}  // namespace vision
}  // namespace v0
}  // namespace fsis
