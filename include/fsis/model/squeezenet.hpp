// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/functions/spatial.hpp>
#include <fsis/nn/conv_block.hpp>

#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace model {

/// Fire module (Iandola et al. 2016, section 3.1): a 1x1 convolution to few channels, then a 1x1 and a 3x3 side by
/// side, each to `Expanded` channels, ReLU behind all three.
template <index_t In, index_t Squeezed, index_t Expanded, class Tensor>
struct fire {
  static constexpr index_t in_channels = In, out_channels = 2 * Expanded;

  nn::conv_block<In, Squeezed, 1, Tensor> squeeze;
  nn::conv_block<Squeezed, Expanded, 1, Tensor> expand1x1;
  nn::conv_block<Squeezed, Expanded, 3, Tensor> expand3x3;

  template <class Tape>
  variable<Tensor> operator()(Tape& t, variable<Tensor> const& x) const {
    auto const s = squeeze(t, x);
    return concatenate(t, std::vector<variable<Tensor>>{expand1x1(t, s), expand3x3(t, s)});
  }

  /// torchvision's names: "squeeze.weight", "expand1x1.weight", "expand3x3.weight" and the biases.
  template <class Self, class F>
  static void visit(Self& self, std::string const& prefix, F& f) {
    self.squeeze.visit_as(self.squeeze, prefix + "squeeze.", "", f);
    self.expand1x1.visit_as(self.expand1x1, prefix + "expand1x1.", "", f);
    self.expand3x3.visit_as(self.expand3x3, prefix + "expand3x3.", "", f);
  }
};

/// Two fire modules of one resolution of SqueezeNet 1.1; `First` is the number of the first in torchvision's list
/// `features`.
template <index_t First, index_t In, index_t Squeezed, index_t Expanded, class Tensor>
struct fire_pair {
  fire<In, Squeezed, Expanded, Tensor> first;
  fire<2 * Expanded, Squeezed, Expanded, Tensor> second;

  template <class Tape>
  variable<Tensor> operator()(Tape& t, variable<Tensor> const& x) const {
    return second(t, first(t, x));
  }

  template <class Self, class F>
  static void visit(Self& self, std::string const& prefix, F& f) {
    self.first.visit(self.first, prefix + std::to_string(First) + ".", f);
    self.second.visit(self.second, prefix + std::to_string(First + 1) + ".", f);
  }
};

/// SqueezeNet 1.1 up to fire5: the part that gives middle-level features.
///
/// The original pads neither its first convolution nor its pools, and position i of its stride-8 map looks at pixel
/// 8i + 7. Here every map has exactly H/s x W/s positions, and the padding of convolution and pools is chosen so that
/// position i of the stride-8 map looks at 8i + 4, half a pixel beside the middle of its cell: the first pool begins
/// before the border, the second ends behind it.
template <class Tensor>
struct squeezenet_to_stride8 {
  static constexpr index_t stride = 8;
  static constexpr index_t in_channels = 3, out_channels = 128 + 256;

  nn::conv_block<3, 64, 3, Tensor, nn::normalization::none, nn::same<2>> stem;
  fire_pair<3, 64, 16, 64, Tensor> stage2;
  fire_pair<6, 128, 32, 128, Tensor> stage3;

  struct levels {
    variable<Tensor> shallow;  // (N,H/8,W/8,128), fire3 after its pool
    variable<Tensor> deep;     // (N,H/8,W/8,256), fire5
  };

  static pool_options begins_outside() { return {{3, 3}, {2, 2}, {1, 1}, rounding::down}; }
  static pool_options ends_outside() { return {{3, 3}, {2, 2}, {0, 0}, rounding::up}; }

  /// x (N,H,W,3), normalised, H and W multiples of 8.
  template <class Tape>
  levels features(Tape& t, variable<Tensor> const& x) const {
    auto const h2 = stem(t, x);                                    // looks at 2i
    auto const h4 = stage2(t, max_pool(t, h2, begins_outside()));  // at 4i
    auto const h8 = max_pool(t, h4, ends_outside());               // at 8i + 4
    return {h8, stage3(t, h8)};
  }

  /// Middle-level features: both levels side by side.
  template <class Tape>
  variable<Tensor> operator()(Tape& t, variable<Tensor> const& x) const {
    auto const l = features(t, x);
    return concatenate(t, std::vector<variable<Tensor>>{l.shallow, l.deep});
  }

  template <class Self, class F>
  static void visit(Self& self, std::string const& prefix, F& f) {
    std::string const features = prefix + "features.";
    self.stem.visit_as(self.stem, features + "0.", "", f);
    self.stage2.visit(self.stage2, features, f);
    self.stage3.visit(self.stage3, features, f);
  }
};

/// All of SqueezeNet 1.1 before its classifier, for high-level features.
template <class Tensor>
struct squeezenet_trunk {
  using lower_type = squeezenet_to_stride8<Tensor>;
  static constexpr index_t stride = 16;
  static constexpr index_t in_channels = 3, out_channels = 512;

  lower_type lower;
  fire_pair<9, 256, 48, 192, Tensor> stage4;
  fire_pair<11, 384, 64, 256, Tensor> stage5;

  /// High-level features (N,H/16,W/16,512), fire9.
  template <class Tape>
  variable<Tensor> operator()(Tape& t, variable<Tensor> const& x) const {
    return above(t, lower.features(t, x).deep);
  }

  /// The same from fire5, where that is at hand.
  template <class Tape>
  variable<Tensor> above(Tape& t, variable<Tensor> const& deep) const {
    return stage5(t, stage4(t, max_pool(t, deep, lower_type::begins_outside())));
  }

  template <class Self, class F>
  static void visit(Self& self, std::string const& prefix, F& f) {
    self.lower.visit(self.lower, prefix, f);
    self.stage4.visit(self.stage4, prefix + "features.", f);
    self.stage5.visit(self.stage5, prefix + "features.", f);
  }
};

}  // namespace model
}  // namespace v0
}  // namespace fsis
