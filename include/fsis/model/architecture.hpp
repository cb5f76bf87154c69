// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/nn/conv_block.hpp>

namespace fsis {
inline namespace v0 {

/// Which trunk gives the features: the thirteen convolutions of VGG16, or SqueezeNet 1.1.
enum class trunk_kind { vgg16, squeezenet };

/// Which features of the middle trunk enter the branches: the two levels of stride 8, as in the thesis, or the high
/// level too, which knows more of the object and less of its edges.
enum class middle_levels { stride8, all };

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
  static constexpr trunk_kind trunk = trunk_kind::vgg16;
  static constexpr index_t width_divisor = 1;  ///< of the channel counts of a VGG16 trunk, junction and head
  static constexpr nn::normalization trunk_norm = nn::normalization::none;
  static constexpr index_t fusion_kernel = 1;  ///< of the click fusion's convolutions: 1 or 3
  static constexpr support_path support = support_path::prototype;
  static constexpr middle_trunk middle = middle_trunk::tuned;
  static constexpr middle_levels levels = middle_levels::stride8;
  static constexpr bool clicks_in_junction = false;  ///< true: the click maps enter the junction themselves, too
  /// Levels of the prior trunk in which positions are compared with the clicked ones: 0, 1 (high) or 2 (deep, too).
  static constexpr int click_prior_levels = 0;
  /// true: the network looks twice; what is like the object and the background of its first answer enters the junction,
  /// at the levels of the click prior.
  static constexpr bool self_support = false;
  static constexpr bool has_focus = true;  ///< false: the prior enters the junction as it is
  static constexpr bool has_prior = true;  ///< false: no third branch
};

/// The network of the thesis (Bhatia 2021, chapter 2) on the full VGG16, whose weights have torchvision's names.
struct vgg16 : thesis_defaults {
  static constexpr char const* name = "vgg16";
};

/// The same on a quarter of the channels, with batch norm: what `fsis pretrain` can train from nothing on a laptop.
struct narrow_vgg16 : thesis_defaults {
  static constexpr char const* name = "narrow_vgg16";
  static constexpr index_t width_divisor = 4;
  static constexpr nn::normalization trunk_norm = nn::normalization::batch;
};

/// SqueezeNet 1.1 as the trunk and half the channels behind it: small enough to ship, and the variants that measured
/// best (docs/network.md).
struct compact : thesis_defaults {
  static constexpr char const* name = "compact";
  static constexpr trunk_kind trunk = trunk_kind::squeezenet;
  static constexpr index_t width_divisor = 2;
  static constexpr middle_levels levels = middle_levels::all;
  static constexpr int click_prior_levels = 2;
  static constexpr bool self_support = true;
};

/// `compact` without the branches of the support, looking once and without the click prior: the interactive baseline,
/// as f-BRS has it.
struct compact_without_support : compact {
  static constexpr char const* name = "compact_without_support";
  static constexpr support_path support = support_path::none;
  static constexpr bool has_prior = false;
  static constexpr int click_prior_levels = 0;
  static constexpr bool self_support = false;
};

}  // namespace v0
}  // namespace fsis
