// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/model/network.hpp>

#include <support/random_tensor.hpp>

#include <cstdint>

namespace fsis_test {

/// The network with 2, 4, 8 and 16 channels: small enough for central differences.
struct tiny : fsis::thesis_defaults {
  static constexpr char const* name = "tiny";
  static constexpr fsis::index_t width_divisor = 32;
};

struct tiny_norm : tiny {
  static constexpr char const* name = "tiny_norm";
  static constexpr fsis::nn::normalization trunk_norm = fsis::nn::normalization::batch;
};

/// One trunk for everything.
struct tiny_frozen : tiny_norm {
  static constexpr char const* name = "tiny_frozen";
  static constexpr fsis::middle_trunk middle = fsis::middle_trunk::frozen;
};

/// The support path as the thesis draws it, and wider click fusion.
struct tiny_features : tiny {
  static constexpr char const* name = "tiny_features";
  static constexpr fsis::support_path support = fsis::support_path::feature_map;
  static constexpr fsis::index_t fusion_kernel = 3;
};

struct tiny_late_clicks : tiny {
  static constexpr char const* name = "tiny_late_clicks";
  static constexpr bool clicks_in_junction = true;
};

/// The click prior of one level, and of two.
struct tiny_click_prior : tiny {
  static constexpr char const* name = "tiny_click_prior";
  static constexpr int click_prior_levels = 2;
};

/// Looks twice.
struct tiny_self_support : tiny_click_prior {
  static constexpr char const* name = "tiny_self_support";
  static constexpr bool self_support = true;
};

/// No support at all, but what was clicked.
struct tiny_click_prior_alone : tiny {
  static constexpr char const* name = "tiny_click_prior_alone";
  static constexpr fsis::support_path support = fsis::support_path::none;
  static constexpr bool has_prior = false;
  static constexpr int click_prior_levels = 1;
};

struct tiny_without_focus : tiny {
  static constexpr char const* name = "tiny_without_focus";
  static constexpr bool has_focus = false;
};

/// Never looks at the support.
struct tiny_alone : tiny {
  static constexpr char const* name = "tiny_alone";
  static constexpr fsis::support_path support = fsis::support_path::none;
  static constexpr bool has_prior = false;
};

/// Two branches, the prior is the whole of the support.
struct tiny_prior_only : tiny {
  static constexpr char const* name = "tiny_prior_only";
  static constexpr fsis::support_path support = fsis::support_path::none;
};

/// Random inputs of N pictures; what an architecture has no use for stays empty.
template <class Network>
typename Network::inputs random_inputs(typename Network::context const& ctx, fsis::index_t N, fsis::index_t H,
                                       fsis::index_t W, std::uint64_t seed) {
  using T = typename Network::tensor_type::scalar;
  using architecture = typename Network::architecture;
  typename Network::inputs in;
  in.image = random_tensor<T>(ctx, {N, H, W, 3}, seed, -2, 2);
  in.maps = random_tensor<T>(ctx, {N, H, W, 2}, seed + 1, 0, 1);
  if (architecture::support == fsis::support_path::prototype)
    in.support = random_tensor<T>(ctx, {N, 1, 1, Network::width}, seed + 2, 0, 1);
  if (architecture::support == fsis::support_path::feature_map)
    in.support = random_tensor<T>(ctx, {N, H / 8 + 1, W / 8, Network::width}, seed + 2, 0, 1);
  if (Network::click_prior_channels > 0)
    in.click_prior = random_tensor<T>(ctx, {N, H / 8, W / 8, Network::click_prior_channels}, seed + 4, 0, 1);
  if (Network::self_support_channels > 0)
    in.self_support = random_tensor<T>(ctx, {N, H / 8, W / 8, Network::self_support_channels}, seed + 5, 0, 1);
  if (architecture::has_prior) in.prior = random_tensor<T>(ctx, {N, H / 16, W / 16, 1}, seed + 3, 0, 1);
  return in;
}

}  // namespace fsis_test
