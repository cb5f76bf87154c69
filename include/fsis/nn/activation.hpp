// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/functions/elementwise.hpp>
#include <fsis/autograd/functions/spatial.hpp>
#include <fsis/nn/window.hpp>

#include <string>

namespace fsis {
inline namespace v0 {
namespace nn {

/// Base of layers without parameters that take any number of channels.
struct stateless {
  static constexpr index_t in_channels = any_channels, out_channels = any_channels;
  static constexpr nn::window window{};
  template <class Self, class F>
  static void visit(Self&, std::string const&, F&) {}
};

struct relu : stateless {
  template <class Tape, class Tensor>
  variable<Tensor> operator()(Tape& t, variable<Tensor> const& x) const {
    return fsis::relu(t, x);
  }
};

struct leaky_relu : stateless {
  double slope = 0.2;
  template <class Tape, class Tensor>
  variable<Tensor> operator()(Tape& t, variable<Tensor> const& x) const {
    return fsis::leaky_relu(t, x, slope);
  }
};

struct sigmoid : stateless {
  template <class Tape, class Tensor>
  variable<Tensor> operator()(Tape& t, variable<Tensor> const& x) const {
    return fsis::sigmoid(t, x);
  }
};

struct tanh : stateless {
  template <class Tape, class Tensor>
  variable<Tensor> operator()(Tape& t, variable<Tensor> const& x) const {
    return fsis::tanh(t, x);
  }
};

/// Maximum over squares of `Size`, `Stride` apart.
template <index_t Size = 2, index_t Stride = Size>
struct max_pool : stateless {
  static constexpr nn::window window{Size - 1, Stride, false};
  template <class Tape, class Tensor>
  variable<Tensor> operator()(Tape& t, variable<Tensor> const& x) const {
    return fsis::max_pool(t, x, {{Size, Size}, {Stride, Stride}});
  }
};

/// Mean over the whole picture, (N,1,1,C).
struct global_average_pool : stateless {
  static constexpr nn::window window{0, 1, true};
  template <class Tape, class Tensor>
  variable<Tensor> operator()(Tape& t, variable<Tensor> const& x) const {
    return fsis::global_average_pool(t, x);
  }
};

}  // namespace nn
}  // namespace v0
}  // namespace fsis
