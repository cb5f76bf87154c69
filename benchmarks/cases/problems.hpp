// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/mask.hpp>
#include <fsis/kernels/convolution.hpp>
#include <fsis/ops/conv2d.hpp>

#include <vector>

namespace fsis_bench {

using fsis::index_t;

/// A convolution with bias and ReLU, or one of its gradients; numbers that the direction does not read are not made.
struct convolution_problem {
  fsis::kernels::conv_geometry g;
  fsis::conv_options options;
  std::vector<float> x, filter, bias;  // (N,H,W,C), (K,R,S,C), (K)
  std::vector<float> dy;               // (N,P,Q,K)

  fsis::shape x_extents() const { return {g.N, g.H, g.W, g.C}; }
  fsis::shape filter_extents() const { return {g.K, g.R, g.S, g.C}; }
  fsis::shape y_extents() const { return {g.N, g.P, g.Q, g.K}; }
};

/// The thirteen convolutions of VGG16, each with bias and ReLU, with maxima of 2x2 behind the second, fourth, seventh
/// and tenth.
struct trunk_problem {
  struct layer {
    index_t C, K;
    std::vector<float> filter, bias;  // (K,3,3,C), (K)
    bool is_pooled;
  };
  index_t batch, side;
  std::vector<float> x;  // (batch,side,side,3)
  std::vector<layer> layers;
};

/// A feature map (N,H,W,C) to be resized bilinearly, pixels being areas.
struct resize_problem {
  index_t N, H, W, C, height, width;
  std::vector<float> x;
};

/// A mask whose pixels want to know how far the background is, in pixels, exactly.
struct distance_problem {
  fsis::mask object;
};

}  // namespace fsis_bench
