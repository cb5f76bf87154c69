// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/image.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/core/math.hpp>
#include <fsis/core/random.hpp>
#include <fsis/vision/check.hpp>
#include <fsis/vision/truth.hpp>
#include <fsis/vision/warp.hpp>

#include <array>
#include <cmath>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace vision {

/// A picture and its label map (nonzero is object, 255 is void) of the same size.
struct labelled_image {
  image picture;
  mask labels;
};

/// How training pairs are varied. The defaults are those of f-BRS' training, without quarter turns and with
/// PFENet's rule that a crop keeps most of the object.
struct augment_options {
  index_t height = 320, width = 480;  ///< of the result
  double min_scale = 0.75, max_scale = 1.25;
  double flip_probability = 0.5;                    ///< left-right
  double quarter_turn_probability = 0;              ///< by 90, 180 or 270 degrees
  double move_probability = 0.75;                   ///< of a small shift and rotation together
  double max_shift = 0.03;                          ///< of height and width
  double max_rotation = 3;                          ///< degrees, either way
  double min_kept = 0.85;                           ///< share of the object's pixels that a crop should keep
  index_t crop_tries = 30;                          ///< the best of so many crops is taken where none keeps enough
  double brightness = 0.25;                         ///< added, of 255, either way
  double min_contrast = -0.15, max_contrast = 0.4;  ///< factor less one
  double contrast_probability = 0.75;               ///< of brightness and contrast together
  double max_colour_shift = 10;                     ///< added to each channel by itself, either way
  double colour_shift_probability = 0.75;
  rgb picture_fill = {{0, 0, 0}};  ///< where the result leaves the picture
  std::uint8_t label_fill = 0;     ///< `mask::void_label` keeps the loss away from there
};

namespace detail {

inline void check_options(char const* op, augment_options const& o) {
  check_target(op, o.height, o.width);
  check_positive(op, "min_scale", o.min_scale);
  require<value_error>(o.max_scale >= o.min_scale && std::isfinite(o.max_scale), op, ": scales ", o.min_scale, " to ",
                       o.max_scale, ", wanted an ascending finite range");
  check_probability(op, "flip_probability", o.flip_probability);
  check_probability(op, "quarter_turn_probability", o.quarter_turn_probability);
  check_probability(op, "move_probability", o.move_probability);
  check_probability(op, "min_kept", o.min_kept);
  check_probability(op, "contrast_probability", o.contrast_probability);
  check_probability(op, "colour_shift_probability", o.colour_shift_probability);
  require<value_error>(o.crop_tries >= 1, op, ": ", o.crop_tries, " crop tries, wanted at least 1");
  for (double v : {o.max_shift, o.max_rotation, o.brightness, o.max_colour_shift})
    require<value_error>(v >= 0 && std::isfinite(v), op, ": a range of ", v, " either way, wanted 0 or more");
  bool const ascending = o.max_contrast >= o.min_contrast && o.min_contrast >= -1;
  require<value_error>(ascending && std::isfinite(o.max_contrast), op, ": contrast ", o.min_contrast, " to ",
                       o.max_contrast, ", wanted an ascending range from -1 or more");
}

/// A canvas and where its pixels come from.
struct canvas {
  index_t height, width;
  affine to_source;
};

/// Scale, flip, quarter turns, then shift and rotation about the centre, all read backwards.
inline canvas draw_canvas(index_t height, index_t width, augment_options const& o, random_stream& random) {
  double const scale = random.uniform(o.min_scale, o.max_scale);
  auto const scaled = [scale](index_t n) {
    return hd_max(round_half_even(static_cast<double>(n) * scale), index_t{1});
  };
  canvas c{scaled(height), scaled(width), {}};
  double const ry = static_cast<double>(height) / static_cast<double>(c.height);
  double const rx = static_cast<double>(width) / static_cast<double>(c.width);
  c.to_source = {ry, 0, 0.5 * ry - 0.5, 0, rx, 0.5 * rx - 0.5};
  if (random.chance(o.flip_probability))
    c.to_source = c.to_source.after({1, 0, 0, 0, -1, static_cast<double>(c.width - 1)});
  index_t const turns = random.chance(o.quarter_turn_probability) ? 1 + random.below(3) : 0;
  for (index_t i = 0; i < turns; ++i) {
    c.to_source = c.to_source.after({0, 1, 0, -1, 0, static_cast<double>(c.width - 1)});
    std::swap(c.height, c.width);
  }
  if (random.chance(o.move_probability)) {
    double const dy = random.uniform(-o.max_shift, o.max_shift) * static_cast<double>(c.height);
    double const dx = random.uniform(-o.max_shift, o.max_shift) * static_cast<double>(c.width);
    double const angle = random.uniform(-o.max_rotation, o.max_rotation) * 3.14159265358979323846 / 180;
    double const cy = 0.5 * static_cast<double>(c.height - 1), cx = 0.5 * static_cast<double>(c.width - 1);
    affine const turn{std::cos(angle), -std::sin(angle), 0, std::sin(angle), std::cos(angle), 0};
    c.to_source =
        c.to_source.after(affine::translation(cy, cx)).after(turn).after(affine::translation(-cy - dy, -cx - dx));
  }
  return c;
}

/// The object's pixels on a canvas and the box around them.
struct canvas_object {
  std::vector<std::array<double, 2>> at;
  double low[2] = {0, 0}, high[2] = {0, 0};

  canvas_object(mask const& labels, affine const& to_canvas) {
    for (index_t y = 0; y < labels.height(); ++y)
      for (index_t x = 0; x < labels.width(); ++x)
        if (is_object(labels(y, x), truth_reading::labels))
          at.push_back(to_canvas(static_cast<double>(y), static_cast<double>(x)));
    for (std::size_t axis = 0; axis < 2; ++axis)
      for (std::size_t i = 0; i < at.size(); ++i) {
        low[axis] = i ? hd_min(low[axis], at[i][axis]) : at[i][axis];
        high[axis] = i ? hd_max(high[axis], at[i][axis]) : at[i][axis];
      }
  }

  /// Share of the pixels in a window; 1 without an object.
  double share_in(index_t top, index_t left, index_t height, index_t width) const {
    if (at.empty()) return 1;
    index_t kept = 0;
    double const y0 = static_cast<double>(top), x0 = static_cast<double>(left);
    for (auto const& p : at) kept += on_picture({{p[0] - y0, p[1] - x0}}, height, width);
    return static_cast<double>(kept) / static_cast<double>(at.size());
  }
};

/// First row (or column) of a window of `want` on a canvas of `have`, between two bounds; a window that is
/// larger than the canvas has it in the middle.
inline index_t draw_start(index_t have, index_t want, index_t least, index_t most, random_stream& random) {
  index_t const room = have - want;
  if (room <= 0) return -(-room / 2);
  least = hd_clamp(least, index_t{0}, room);
  most = hd_clamp(most, least, room);
  return least + random.below(most - least + 1);
}

/// The same among windows that hold the box low..high, or lie inside it where it is larger than a window.
inline index_t draw_start_near(index_t have, index_t want, double low, double high, random_stream& random) {
  index_t const a = static_cast<index_t>(std::ceil(high)) - want + 1;
  index_t const b = static_cast<index_t>(std::floor(low));
  return draw_start(have, want, hd_min(a, b), hd_max(a, b), random);
}

/// From the result to the source: a window on a canvas. Half of the tries are uniform; where none keeps
/// enough of the object, the others aim at its box, for a small object in a large picture is seldom hit.
inline affine draw_geometry(mask const& labels, augment_options const& o, random_stream& random) {
  canvas const c = draw_canvas(labels.height(), labels.width(), o, random);
  canvas_object const object(labels, c.to_source.inverse());
  index_t best_top = 0, best_left = 0;
  double most = -1;
  for (index_t i = 0; i < o.crop_tries && most < o.min_kept; ++i) {
    bool const aimed = 2 * i >= o.crop_tries && !object.at.empty();
    index_t const top = aimed ? draw_start_near(c.height, o.height, object.low[0], object.high[0], random)
                              : draw_start(c.height, o.height, 0, c.height, random);
    index_t const left = aimed ? draw_start_near(c.width, o.width, object.low[1], object.high[1], random)
                               : draw_start(c.width, o.width, 0, c.width, random);
    double const kept = object.share_in(top, left, o.height, o.width);
    if (kept > most) {
      most = kept;
      best_top = top;
      best_left = left;
    }
  }
  return c.to_source.after(affine::translation(static_cast<double>(best_top), static_cast<double>(best_left)));
}

using byte_table = std::array<std::uint8_t, 256>;

/// What becomes of each byte of red, green and blue. Bytes are cut to 0..255 after each of the two steps.
inline std::array<byte_table, 3> draw_colours(augment_options const& o, random_stream& random) {
  double gain = 1, offset = 0, shift[3] = {0, 0, 0};
  if (random.chance(o.contrast_probability)) {
    offset = 255 * random.uniform(-o.brightness, o.brightness);
    gain = 1 + random.uniform(o.min_contrast, o.max_contrast);
  }
  if (random.chance(o.colour_shift_probability))
    for (double& s : shift) s = random.uniform(-o.max_colour_shift, o.max_colour_shift);
  std::array<byte_table, 3> table;
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t v = 0; v < 256; ++v) {
      double const lit = hd_clamp(gain * static_cast<double>(v) + offset, 0.0, 255.0);
      table[c][v] = to_byte(static_cast<float>(lit + shift[c]));
    }
  return table;
}

}  // namespace detail

/// One draw of everything random, to be applied to a picture and to any map of its size: scale, mirror image, turn,
/// shift, small rotation, a crop that keeps the object; then brightness, contrast and colour. The same stream position
/// gives the same draw. After the training of Sofiiuk et al. 2020; the crop's rule is from Tian et al. 2020 (PFENet).
class augmentation {
 public:
  /// `labels` shows where the object is. Throws `value_error` on options out of range or an empty map; the stream does
  /// not move then.
  augmentation(mask const& labels, random_stream& random, augment_options const& options)
      : options_(checked(labels, options)),
        to_source_(detail::draw_geometry(labels, options, random)),
        colours_(detail::draw_colours(options, random)) {}

  /// Bilinear.
  image of(image_view const& picture) const {
    image out = warp_image(picture, to_source_, options_.height, options_.width, options_.picture_fill);
    std::uint8_t* byte = out.data();
    for (index_t i = 0; i < options_.height * options_.width; ++i)
      for (auto const& t : colours_) {
        *byte = t[*byte];
        ++byte;
      }
    return out;
  }

  /// Nearest; `fill` where the result leaves the map.
  mask of(mask const& map, std::uint8_t fill) const {
    return warp_mask(map, to_source_, options_.height, options_.width, fill);
  }

 private:
  static augment_options const& checked(mask const& labels, augment_options const& options) {
    detail::check_options("augment", options);
    detail::check_not_empty("augment", "label map", labels);
    return options;
  }

  augment_options options_;
  affine to_source_;
  std::array<detail::byte_table, 3> colours_;
};

/// A varied copy of a picture and its labels, `height` x `width` pixels. Throws as `augmentation`, and `shape_error` when
/// the sizes differ.
inline labelled_image augment(image_view const& picture, mask const& labels, random_stream& random,
                              augment_options const& options = {}) {
  detail::check_not_empty("augment", "label map", labels);
  require<shape_error>(picture.height() == labels.height() && picture.width() == labels.width(),
                       "augment: the picture is ", picture.height(), "x", picture.width(), ", the label map ",
                       labels.height(), "x", labels.width(), ", wanted equal sizes");
  augmentation const a(labels, random, options);
  return {a.of(picture), a.of(labels, options.label_fill)};
}

}  // namespace vision
}  // namespace v0
}  // namespace fsis
