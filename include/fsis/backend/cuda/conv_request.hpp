// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/conv_types.hpp>
#include <fsis/kernels/convolution.hpp>

#include <array>
#include <cstddef>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

enum class conv_pass { forward, backward_data, backward_filter };

/// What operands consist of; sums are floats.
enum class conv_element { float32, bf16, fp16 };

/// One convolution, or one of its gradients: all that tells the plans of two of them apart. A ReLU comes with a bias
/// or not at all: for a ReLU alone cuDNN has no engine but those that it compiles when they are chosen.
struct conv_request {
  conv_pass pass;
  kernels::conv_geometry g;
  conv_element element;
  bool has_bias = false;
  activation act = activation::none;

  std::array<index_t, 20> numbers() const {
    return {static_cast<index_t>(pass),
            static_cast<index_t>(element),
            has_bias,
            static_cast<index_t>(act),
            g.N,
            g.H,
            g.W,
            g.C,
            g.K,
            g.R,
            g.S,
            g.P,
            g.Q,
            g.stride[0],
            g.stride[1],
            g.padding[0],
            g.padding[1],
            g.dilation[0],
            g.dilation[1],
            g.groups};
  }
  friend bool operator<(conv_request const& a, conv_request const& b) { return a.numbers() < b.numbers(); }
};

/// Which of cuDNN's engines may run.
struct engine_rules {
  bool deterministic = true;
  bool tensor_cores = false;  ///< for floats: numbers are rounded to TF32 before they are multiplied
  std::size_t workspace_limit = std::size_t{1} << 30;  ///< bytes
};

}  // namespace detail
}  // namespace backend
}  // namespace v0
}  // namespace fsis
