// SPDX-License-Identifier: MIT
#pragma once

/// Pictures with known masks: mugs, leaves and coins among other things on a table. Nothing but arithmetic and a seed.

#include <fsis/core/image.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/core/random.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace scenes {

using fsis::index_t;

/// What lies on the table. The first three are classes with a label; the others are there to be mistaken for them.
enum class kind { mug, leaf, coin, ball, box, pencil, bottle };

constexpr int classes = 3;

inline std::uint8_t label_of(kind k) { return static_cast<int>(k) < classes ? static_cast<std::uint8_t>(k) + 1 : 0; }

inline char const* name_of(kind k) {
  static constexpr char const* names[] = {"mug", "leaf", "coin", "ball", "box", "pencil", "bottle"};
  return names[static_cast<int>(k)];
}

/// A photo and its truth.
struct scene {
  fsis::image photo;
  fsis::mask labels;         ///< the class of the thing seen at each pixel, 0 where it has none
  fsis::mask things;         ///< the number of that thing, from 1; 0 is the table
  std::vector<kind> kinds;   ///< of thing number 1, 2, ...

  /// The visible pixels of one thing.
  fsis::mask mask_of(std::uint8_t thing) const {
    fsis::mask m = things;
    std::transform(m.data(), m.data() + m.size(), m.data(), [&](std::uint8_t v) { return v == thing; });
    return m;
  }

  /// The thing of a kind that shows the most pixels; 0 if there is none.
  std::uint8_t largest(kind wanted) const {
    std::uint8_t best = 0;
    index_t most = 0;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      auto const number = static_cast<std::uint8_t>(i + 1);
      index_t const pixels = std::count(things.data(), things.data() + things.size(), number);
      if (kinds[i] == wanted && pixels > most) {
        best = number;
        most = pixels;
      }
    }
    return best;
  }
};

/// What to render.
struct recipe {
  kind wanted = kind::mug;
  int count = 3;   ///< things of that kind
  int others = 4;  ///< things of other kinds
  std::uint64_t seed = 1;
  index_t height = 240, width = 320;
};

namespace detail {

struct colour {
  double r, g, b;
  friend colour operator*(double s, colour c) { return {s * c.r, s * c.g, s * c.b}; }
  friend colour operator+(colour a, colour c) { return {a.r + c.r, a.g + c.g, a.b + c.b}; }
};

inline colour mix(colour a, colour b, double share) { return (1 - share) * a + share * b; }

/// 0 below `low`, 1 above `high`, smooth between.
inline double ramp(double low, double high, double x) {
  double const t = std::clamp((x - low) / (high - low), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

/// Smooth noise in [0, 1]: random numbers on a grid, interpolated, in four octaves.
inline double noise(std::uint64_t seed, double y, double x) {
  double sum = 0, weight = 0.5;
  for (std::uint64_t octave = 0; octave < 4; ++octave, weight /= 2, y *= 2, x *= 2) {
    auto const corner = [&](index_t cy, index_t cx) {
      auto const word = fsis::philox::at(seed + octave, static_cast<std::uint64_t>(cy), static_cast<std::uint64_t>(cx));
      return word.word[0] / 4294967296.0;
    };
    double const fy = std::floor(y), fx = std::floor(x);
    auto const cy = static_cast<index_t>(fy), cx = static_cast<index_t>(fx);
    double const ty = ramp(0, 1, y - fy), tx = ramp(0, 1, x - fx);
    double const top = corner(cy, cx) * (1 - tx) + corner(cy, cx + 1) * tx;
    double const bottom = corner(cy + 1, cx) * (1 - tx) + corner(cy + 1, cx + 1) * tx;
    sum += weight * (top * (1 - ty) + bottom * ty);
  }
  return sum / 0.9375;
}

/// One thing on the table: where, how large, how turned, of which colours.
struct thing {
  kind what;
  double y, x, size, turn;
  colour paint, ink;
  std::uint64_t seed;
};

/// A point of a thing in its own coordinates, `size` being 1: u to its right, v down.
struct local {
  double u, v;
};

inline local to_local(thing const& t, double y, double x) {
  double const dy = (y - t.y) / t.size, dx = (x - t.x) / t.size, c = std::cos(t.turn), s = std::sin(t.turn);
  return {c * dx + s * dy, c * dy - s * dx};
}

inline double rectangle(local p, double half_width, double half_height, double corner) {
  double const a = std::abs(p.u) - half_width + corner, b = std::abs(p.v) - half_height + corner;
  return std::hypot(std::max(a, 0.0), std::max(b, 0.0)) + std::min(std::max(a, b), 0.0) - corner;
}

inline double disc(local p, double u, double v, double radius) { return std::hypot(p.u - u, p.v - v) - radius; }

/// Negative inside the thing's outline, positive outside; about the distance to it.
inline double outline(kind k, local p) {
  switch (k) {
    case kind::mug: {
      double const handle = std::abs(disc(p, 0.74, 0.05, 0.42)) - 0.11;
      return std::min(rectangle(p, 0.72 - 0.06 * p.v, 0.92, 0.14), handle);
    }
    case kind::leaf: {
      local const bent{p.u, p.v + 0.22 * p.u * p.u - 0.1};
      double const blade = std::max(disc(bent, 0, 0.62, 1.12), disc(bent, 0, -0.62, 1.12));
      return std::min(blade, rectangle({bent.u + 1.05, bent.v}, 0.22, 0.035, 0.03));
    }
    case kind::coin: return disc({p.u, 1.12 * p.v}, 0, 0, 0.9);
    case kind::ball: return disc(p, 0, 0, 0.9);
    case kind::box: return rectangle(p, 0.95, 0.68, 0.05);
    case kind::pencil: return rectangle(p, 1.35, 0.1, 0.07);
    case kind::bottle:
      return std::min(rectangle({p.u, p.v - 0.3}, 0.42, 0.75, 0.2), rectangle({p.u, p.v + 0.75}, 0.16, 0.4, 0.05));
  }
  return 1;
}

/// Colour of the surface before light falls on it.
inline colour surface(thing const& t, local p) {
  double const grain = noise(t.seed, 9 * p.v, 9 * p.u);
  switch (t.what) {
    case kind::mug: {
      if (p.u * p.u / 0.4 + (p.v + 0.78) * (p.v + 0.78) / 0.016 < 1) return 0.25 * t.paint;  // into the mug
      bool const is_body = p.u < 0.7;
      double const band = std::sin(9 * (p.v + 0.1 * p.u * p.u));
      return is_body && band > 0.1 ? t.ink : t.paint;
    }
    case kind::leaf: {
      double const v = p.v + 0.22 * p.u * p.u - 0.1;
      double const rib = std::abs(std::sin(7 * (p.u + 0.7 * std::abs(v))));
      bool const is_vein = std::abs(v) < 0.03 || rib < 0.09;
      return is_vein ? mix(t.paint, {0.85, 0.85, 0.5}, 0.5) : (0.75 + 0.5 * grain) * t.paint;
    }
    case kind::coin: {
      double const r = std::hypot(p.u, 1.12 * p.v), angle = std::atan2(p.v, p.u);
      double const star = 0.45 + 0.14 * std::cos(5 * angle);
      double const relief = ramp(0.7, 0.74, r) - ramp(0.78, 0.82, r) + 0.8 * (1 - ramp(star, star + 0.05, r));
      return (0.8 + 0.3 * relief + 0.15 * std::cos(2 * angle + 1)) * t.paint;
    }
    case kind::ball: return std::sin(3 * std::atan2(p.v - 0.2, p.u + 0.3)) > 0 ? t.paint : t.ink;
    case kind::box: return std::abs(p.u - 0.1) < 0.13 ? t.ink : (0.9 + 0.2 * grain) * t.paint;
    case kind::pencil: return p.u > 1.15 ? colour{0.9, 0.75, 0.55} : std::abs(p.v) < 0.03 ? t.ink : t.paint;
    case kind::bottle: return p.v < -0.8 || (p.v > 0.1 && p.v < 0.6) ? t.ink : t.paint;
  }
  return t.paint;
}

/// Light from the upper left on a surface that bends down towards its outline.
inline double light(thing const& t, local p, double depth) {
  double const e = 0.01, bevel = t.what == kind::ball ? 0.9 : t.what == kind::mug || t.what == kind::bottle ? 0.5 : 0.12;
  double const du = (outline(t.what, {p.u + e, p.v}) - outline(t.what, {p.u - e, p.v})) / (2 * e);
  double const dv = (outline(t.what, {p.u, p.v + e}) - outline(t.what, {p.u, p.v - e})) / (2 * e);
  double const tilt = std::clamp(1 + depth / bevel, 0.0, 0.95);
  double const c = std::cos(t.turn), s = std::sin(t.turn);
  double const nx = tilt * (c * du - s * dv), ny = tilt * (s * du + c * dv), nz = std::sqrt(std::max(0.0, 1 - tilt * tilt));
  double const lambert = std::max(0.0, -0.45 * nx - 0.55 * ny + 0.7 * nz);
  return 0.35 + 0.85 * lambert + 0.5 * std::pow(lambert, 40);
}

/// The table: wood, cloth or stone.
inline colour ground(std::uint64_t seed, double y, double x) {
  switch (seed % 3) {
    case 0: {
      double const warp = noise(seed, y / 60, x / 200), ring = std::sin(0.35 * y + 14 * warp);
      double const fibre = noise(seed + 9, y / 2, x / 50);
      return (0.72 + 0.1 * ring + 0.35 * fibre) * colour{0.55, 0.37, 0.22};
    }
    case 1: {
      double const weave = 0.08 * std::sin(1.6 * x) * std::sin(1.6 * y), fold = noise(seed, y / 70, x / 90);
      bool const is_checked = (static_cast<index_t>(y / 30) + static_cast<index_t>(x / 30)) % 2 == 0;
      return (0.6 + 0.5 * fold + weave) * (is_checked ? colour{0.55, 0.58, 0.66} : colour{0.47, 0.5, 0.6});
    }
    default: {
      double const fine = noise(seed, y / 3, x / 3), coarse = noise(seed + 5, y / 40, x / 40);
      return (0.45 + 0.5 * coarse + 0.35 * (fine - 0.5)) * colour{0.6, 0.58, 0.53};
    }
  }
}

inline colour paint_of(kind k, fsis::random_stream& random) {
  static constexpr colour paints[] = {{0.8, 0.16, 0.14}, {0.15, 0.33, 0.75}, {0.93, 0.72, 0.15},
                                      {0.2, 0.55, 0.5},  {0.55, 0.25, 0.6},  {0.9, 0.88, 0.82}};
  double const fade = random.uniform(0.75, 1.0);
  if (k == kind::leaf) return fade * mix({0.2, 0.5, 0.12}, {0.75, 0.5, 0.1}, random.uniform());
  if (k == kind::coin) return fade * mix({0.8, 0.62, 0.25}, {0.72, 0.72, 0.74}, random.chance(0.5) ? 1 : 0);
  return fade * paints[random.below(6)];
}

/// Things side by side, the far ones first. A place that is taken is given up for another as long as there is hope.
inline std::vector<thing> place(recipe const& r) {
  fsis::random_stream random(r.seed);
  std::vector<kind> kinds(static_cast<std::size_t>(r.count), r.wanted);
  while (static_cast<int>(kinds.size()) < r.count + r.others) {
    kind const other = static_cast<kind>(random.below(7));
    if (other != r.wanted) kinds.push_back(other);
  }
  double const H = static_cast<double>(r.height), W = static_cast<double>(r.width), unit = std::min(H, W) / 240;
  std::vector<thing> all;
  for (kind const k : kinds) {
    thing t{k, 0, 0, unit * random.uniform(30, 44), random.uniform(-0.35, 0.35), {}, {}, 0};
    if (k == kind::coin) t.size *= 0.75;
    if (k == kind::leaf || k == kind::pencil) t.turn *= 4;
    double best = -1e9;
    for (int attempt = 0; attempt < 60; ++attempt) {
      double const y = random.uniform(0.16, 0.84) * H, x = random.uniform(0.13, 0.87) * W;
      double room = 0;
      for (thing const& other : all)
        room = std::min(room, std::hypot(other.y - y, other.x - x) - 0.95 * (other.size + t.size));
      if (room <= best) continue;
      best = room;
      t.y = y;
      t.x = x;
    }
    t.paint = paint_of(k, random);
    t.ink = paint_of(k == kind::mug ? kind::box : k, random);
    if (k == kind::mug) t.paint = random.uniform(0.8, 0.95) * colour{1, 0.97, 0.9};
    t.seed = random.bits();
    all.push_back(t);
  }
  std::stable_sort(all.begin(), all.end(), [](thing const& a, thing const& b) { return a.y < b.y; });
  return all;
}

/// What a ray of light at (y, x) shows, and of which thing (from 1; 0: the table).
inline colour look(recipe const& r, std::vector<thing> const& all, double y, double x, std::size_t& seen) {
  seen = 0;
  colour c = ground(r.seed, y, x);
  for (std::size_t i = 0; i < all.size(); ++i) {
    thing const& t = all[i];
    if (std::hypot(y - t.y, x - t.x) > 2 * t.size) continue;
    // its shadow falls on what is below, to the lower right
    double const shade = outline(t.what, to_local(t, y - 0.2 * t.size, x - 0.16 * t.size));
    c = (1 - 0.5 * ramp(0.2, -0.2, shade)) * c;
    local const p = to_local(t, y, x);
    double const depth = outline(t.what, p);
    if (depth > 0) continue;
    c = light(t, p, depth) * surface(t, p);
    seen = i + 1;
  }
  return c;
}

inline std::uint8_t to_byte(double linear) {
  return static_cast<std::uint8_t>(std::lround(255 * std::pow(std::clamp(linear, 0.0, 1.0), 1 / 1.8)));
}

}  // namespace detail

/// Renders a scene, the same for the same recipe. The photo is sampled four times per pixel; masks say what is seen in
/// the middle of a pixel.
inline scene render(recipe const& r) {
  auto const things = detail::place(r);
  scene s;
  s.photo = fsis::image::blank(r.height, r.width);
  s.labels = s.things = fsis::mask::blank(r.height, r.width);
  for (auto const& t : things) s.kinds.push_back(t.what);
  fsis::random_stream random(r.seed, 1);
  for (index_t y = 0; y < r.height; ++y)
    for (index_t x = 0; x < r.width; ++x) {
      double const py = static_cast<double>(y), px = static_cast<double>(x);
      detail::colour c{0, 0, 0};
      std::size_t seen = 0;
      for (double const dy : {-0.25, 0.25})
        for (double const dx : {-0.25, 0.25}) c = c + 0.25 * detail::look(r, things, py + dy, px + dx, seen);
      detail::look(r, things, py, px, seen);
      s.things(y, x) = static_cast<std::uint8_t>(seen);
      if (seen > 0) s.labels(y, x) = label_of(s.kinds[seen - 1]);
      double const fall = std::hypot(py / static_cast<double>(r.height) - 0.4, px / static_cast<double>(r.width) - 0.4);
      double const lens = 1.05 - 0.45 * fall * fall;
      for (index_t k = 0; k < 3; ++k) {
        double const v = lens * (k == 0 ? c.r : k == 1 ? c.g : c.b);
        s.photo(y, x, k) = detail::to_byte(v + 0.008 * random.normal());
      }
    }
  return s;
}

/// An example of a class and a photo to click in, for each of the classes.
inline recipe example_of(kind k) { return {k, 1, 3, 40 + static_cast<std::uint64_t>(k)}; }
inline recipe photo_of(kind k) { return {k, 3, 4, 71 + static_cast<std::uint64_t>(k)}; }

}  // namespace scenes
