// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/nn/conv_block.hpp>

namespace fsis {
inline namespace v0 {

/// What the support path brings to the junction: the masked average of the middle features spread over the map
/// (shots averaged), the plain feature map as the thesis draws it, or nothing (interactive segmentation alone).
enum class support_path { prototype, feature_map, none };

/// Has the middle trunk parameters of its own, which start equal to the prior trunk's and are tuned, or does it use
/// the frozen ones?
enum class middle_trunk { tuned, frozen };

/// An architecture is a type with these constants. A variant derives from one and hides what it changes:
///
///     struct without_focus : fsis::compact {
///       static constexpr char const* name = "without_focus";
///       static constexpr bool has_focus = false;
///     };
struct thesis_defaults {
  static constexpr index_t width_divisor = 1;  ///< of all channel counts of trunk, junction and head
  static constexpr nn::normalization trunk_norm = nn::normalization::none;
  static constexpr index_t fusion_kernel = 1;  ///< of the click fusion's convolutions: 1 or 3
  static constexpr support_path support = support_path::prototype;
  static constexpr middle_trunk middle = middle_trunk::tuned;
  static constexpr bool has_focus = true;      ///< false: the prior enters the junction as it is
  static constexpr bool has_prior = true;      ///< false: no third branch
};

/// The network of the thesis (Bhatia 2021, chapter 2) on the full VGG16, whose weights have torchvision's names.
struct vgg16 : thesis_defaults {
  static constexpr char const* name = "vgg16";
};

/// The same on a quarter of the channels, with batch norm: small enough to ship and to train on a laptop.
struct compact : thesis_defaults {
  static constexpr char const* name = "compact";
  static constexpr index_t width_divisor = 4;
  static constexpr nn::normalization trunk_norm = nn::normalization::batch;
};

/// `compact` that never looks at the support: the interactive baseline.
struct compact_without_support : compact {
  static constexpr char const* name = "compact_without_support";
  static constexpr support_path support = support_path::none;
  static constexpr bool has_prior = false;
};

}  // namespace v0
}  // namespace fsis
