// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/functions/spatial.hpp>
#include <fsis/nn/conv_block.hpp>

#include <string>

namespace fsis {
inline namespace v0 {
namespace model {

/// Convolutions of one resolution of VGG16 (Simonyan and Zisserman 2015, configuration D). `First` is the number of
/// its first layer in torchvision's list `features`, where every convolution, norm and activation counts.
template <class Tensor, nn::normalization Norm, index_t First, index_t In, index_t Out, int Count>
struct vgg_stage {
  static constexpr index_t layers_per_block = Norm == nn::normalization::batch ? 3 : 2;

  nn::conv_block<In, Out, 3, Tensor, Norm> first;
  nn::conv_block<Out, Out, 3, Tensor, Norm> rest[Count - 1];

  template <class Tape>
  variable<Tensor> operator()(Tape& t, variable<Tensor> const& x) const {
    return last()(t, before_last(t, x));
  }

  /// The same and the pool behind it.
  template <class Tape>
  variable<Tensor> pooled(Tape& t, variable<Tensor> const& x) const {
    return last().pooled(t, before_last(t, x));
  }

  template <class Self, class F>
  static void visit(Self& self, std::string const& prefix, F& f) {
    index_t at = First;
    auto const name = [&](index_t layer) { return prefix + std::to_string(layer) + "."; };
    self.first.visit_as(self.first, name(at), name(at + 1), f);
    for (auto& block : self.rest) {
      at += layers_per_block;
      block.visit_as(block, name(at), name(at + 1), f);
    }
  }

 private:
  auto const& last() const { return rest[Count - 2]; }

  template <class Tape>
  variable<Tensor> before_last(Tape& t, variable<Tensor> const& x) const {
    auto y = first(t, x);
    for (int i = 0; i < Count - 2; ++i) y = rest[i](t, y);
    return y;
  }
};

/// VGG16 up to conv4_3, channels divided by `Divisor`: the part that gives middle-level features.
template <class Tensor, index_t Divisor, nn::normalization Norm>
struct vgg16_to_stride8 {
  static_assert(64 % Divisor == 0, "the width divisor of a VGG16 trunk must divide 64");
  static constexpr bool has_norm = Norm == nn::normalization::batch;
  static constexpr index_t stride = 8;
  static constexpr index_t in_channels = 3, out_channels = (256 + 512) / Divisor;

  vgg_stage<Tensor, Norm, 0, 3, 64 / Divisor, 2> stage1;
  vgg_stage<Tensor, Norm, has_norm ? 7 : 5, 64 / Divisor, 128 / Divisor, 2> stage2;
  vgg_stage<Tensor, Norm, has_norm ? 14 : 10, 128 / Divisor, 256 / Divisor, 3> stage3;
  vgg_stage<Tensor, Norm, has_norm ? 24 : 17, 256 / Divisor, 512 / Divisor, 3> stage4;

  struct levels {
    variable<Tensor> shallow;  // (N,H/8,W/8,256/d), conv3_3 after pool3
    variable<Tensor> deep;     // (N,H/8,W/8,512/d), conv4_3
  };

  /// x (N,H,W,3), normalised. Throws `shape_error` when the picture is smaller than 8 pixels.
  template <class Tape>
  levels features(Tape& t, variable<Tensor> const& x) const {
    auto const h8 = at_stride_8(t, x);
    return {h8, stage4(t, h8)};
  }

  /// conv3_3 after pool3.
  template <class Tape>
  variable<Tensor> at_stride_8(Tape& t, variable<Tensor> const& x) const {
    auto const h2 = stage1.pooled(t, x);   // (N,H/2,W/2,64/d)
    auto const h4 = stage2.pooled(t, h2);  // (N,H/4,W/4,128/d)
    return stage3.pooled(t, h4);           // (N,H/8,W/8,256/d)
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
    self.stage1.visit(self.stage1, features, f);
    self.stage2.visit(self.stage2, features, f);
    self.stage3.visit(self.stage3, features, f);
    self.stage4.visit(self.stage4, features, f);
  }
};

/// All thirteen convolutions of VGG16, for high-level features.
template <class Tensor, index_t Divisor, nn::normalization Norm>
struct vgg16_trunk {
  using lower_type = vgg16_to_stride8<Tensor, Divisor, Norm>;
  static constexpr index_t stride = 16;
  static constexpr index_t in_channels = 3, out_channels = 512 / Divisor;

  lower_type lower;
  vgg_stage<Tensor, Norm, lower_type::has_norm ? 34 : 24, 512 / Divisor, 512 / Divisor, 3> stage5;

  /// High-level features (N,H/16,W/16,512/d), conv5_3. Throws `shape_error` below 16 pixels.
  template <class Tape>
  variable<Tensor> operator()(Tape& t, variable<Tensor> const& x) const {
    return stage5(t, lower.stage4.pooled(t, lower.at_stride_8(t, x)));
  }

  /// The same from conv4_3, where that is at hand.
  template <class Tape>
  variable<Tensor> above(Tape& t, variable<Tensor> const& deep) const {
    return stage5(t, max_pool(t, deep));
  }

  template <class Self, class F>
  static void visit(Self& self, std::string const& prefix, F& f) {
    self.lower.visit(self.lower, prefix, f);
    self.stage5.visit(self.stage5, prefix + "features.", f);
  }
};

}  // namespace model
}  // namespace v0
}  // namespace fsis
