// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/functions/spatial.hpp>
#include <fsis/model/architecture.hpp>
#include <fsis/model/click_fusion.hpp>
#include <fsis/model/click_prior.hpp>
#include <fsis/model/focus.hpp>
#include <fsis/model/junction.hpp>
#include <fsis/model/prior.hpp>
#include <fsis/model/self_support.hpp>
#include <fsis/model/trunk.hpp>

#include <vector>

namespace fsis {
inline namespace v0 {

/// The network of the thesis (Bhatia 2021, figure 2.1): three branches meet in a junction, a head makes the mask.
/// Layers are never written to while they compute: one network serves any number of sessions and threads.
template <class Architecture, class Context = cpu_context, class T = float>
class network {
 public:
  using architecture = Architecture;
  using context = Context;
  using tensor_type = tensor<T, Context>;
  using variable_type = variable<tensor_type>;

  static constexpr index_t stride = 8;           ///< pixels of the picture per position of the junction
  static constexpr index_t input_multiple = 16;  ///< heights and widths of network inputs are multiples of this
  static constexpr index_t width = 256 / Architecture::width_divisor;
  static constexpr index_t support_channels = Architecture::support == support_path::none ? 0 : width;
  static constexpr index_t prior_channels = Architecture::has_prior ? 1 : 0;
  static constexpr bool has_prior_trunk = Architecture::has_prior || Architecture::click_prior_levels > 0 ||
                                          Architecture::middle == fsis::middle_trunk::frozen;
  static constexpr index_t click_channels = Architecture::clicks_in_junction ? 2 : 0;
  static constexpr index_t click_prior_channels = 2 * Architecture::click_prior_levels;
  static constexpr index_t self_support_channels = Architecture::self_support ? click_prior_channels : 0;
  static constexpr index_t joined_channels =
      width + support_channels + prior_channels + click_prior_channels + self_support_channels + click_channels;
  static_assert(!Architecture::self_support || click_prior_channels > 0,
                "self_support looks at the levels of the click prior: click_prior_levels must be 1 or 2");

  /// What comes in, at the picture's resolution unless said otherwise.
  struct inputs {
    variable_type image;         // (N,H,W,3) normalised
    variable_type maps;          // (N,H,W,2) click maps
    variable_type support;       // (N,1,1,width) prototype or (N,h,w,width) features; empty without support path
    variable_type prior;         // (N,h,w,1) in [0,1], any resolution; empty without prior
    variable_type click_prior;   // (N,h,w,2 levels) in [0,1], any resolution; empty without click prior
    variable_type self_support;  // the same of a first answer; empty at the first look
  };

  /// The whole network: logits (N,H,W,1).
  template <class Tape>
  variable_type operator()(Tape& t, inputs const& in) const {
    return logits(t, joint(t, joined(t, query(t, in.image, in.maps), in)), in.image.value.extent(1),
                  in.image.value.extent(2));
  }

  /// First branch: the picture with its clicks.                                        (N,H/8,W/8,width)
  template <class Tape>
  variable_type query(Tape& t, variable_type const& image, variable_type const& maps) const {
    return middle(t, click_fusion_(t, concatenate(t, std::vector<variable_type>{image, maps})));
  }

  /// Second branch, and the trunk of the first: middle-level features of a picture.    (N,H/8,W/8,width)
  template <class Tape>
  variable_type middle(Tape& t, variable_type const& image) const {
    auto const& trunk = used_middle_trunk();
    if constexpr (std::is_same<std::decay_t<decltype(trunk)>, lower_trunk_type>::value) {
      return middle_join_(t, trunk(t, image));
    } else if constexpr (!all_levels) {
      return middle_join_(t, trunk.lower(t, image));
    } else {
      auto const l = trunk.lower.features(t, image);
      auto const high = resize(t, trunk.above(t, l.deep), l.deep.value.extent(1), l.deep.value.extent(2));
      return middle_join_(t, concatenate(t, std::vector<variable_type>{l.shallow, l.deep, high}));
    }
  }

  /// High-level features for the third branch, frozen whatever the tape of the caller. (N,H/16,W/16,512/d)
  tensor_type high(Context const& ctx, tensor_type const& image) const {
    no_tape<tensor_type> frozen(ctx);
    return prior_trunk_(frozen, variable_type(image)).value;
  }

  /// What both priors look at: `deep` where the click prior has two levels. Throws `value_error` without prior trunk.
  model::frozen_features<tensor_type> frozen(Context const& ctx, tensor_type const& image) const {
    if constexpr (Architecture::click_prior_levels < 2) {
      return {high(ctx, image), {}};
    } else {
      no_tape<tensor_type> t(ctx);
      auto const deep = prior_trunk_.lower.features(t, variable_type(image)).deep;
      return {prior_trunk_.above(t, deep).value, deep.value};
    }
  }

  /// The branches side by side at the query's resolution: the features that BJ refines.
  template <class Tape>
  variable_type joined(Tape& t, variable_type const& query, inputs const& in) const {
    index_t const h = query.value.extent(1), w = query.value.extent(2);
    std::vector<variable_type> branches{query};
    if constexpr (Architecture::support == support_path::prototype)
      branches.push_back(broadcast_to(t, in.support, query.value.extents()));
    if constexpr (Architecture::support == support_path::feature_map) branches.push_back(resize(t, in.support, h, w));
    if constexpr (Architecture::has_prior) {
      auto const fitted = resize(t, in.prior, h, w);
      branches.push_back(Architecture::has_focus ? focus_(t, fitted, resize(t, in.maps, h, w)) : fitted);
    }
    if constexpr (click_prior_channels > 0) branches.push_back(resize(t, in.click_prior, h, w));
    if constexpr (self_support_channels > 0)
      branches.push_back(
          in.self_support.value.defined()
              ? resize(t, in.self_support, h, w)
              : variable_type(ops::zeros<T>(t.context(), {query.value.extent(0), h, w, self_support_channels})));
    if constexpr (Architecture::clicks_in_junction) branches.push_back(resize(t, in.maps, h, w));
    return concatenate(t, branches);
  }

  /// Junction: the features that AJ refines.                                           (N,H/8,W/8,width)
  template <class Tape>
  variable_type joint(Tape& t, variable_type const& joined) const {
    return junction_(t, joined);
  }

  /// Head, and bilinear interpolation to the picture.                                  (N,H,W,1)
  template <class Tape>
  variable_type logits(Tape& t, variable_type const& joint, index_t height, index_t picture_width) const {
    return resize(t, head_(t, joint), height, picture_width);
  }

  /// What the layers behind the features of AJ and BJ look at, before the interpolation.
  static constexpr nn::window window_behind_joint = model::head<width, tensor_type>::window;
  static constexpr nn::window window_behind_joined =
      model::junction<joined_channels, width, tensor_type>::window.then(window_behind_joint);

  /// `joint` on patches of the joined features; see nn::on_patches.
  template <class Tape>
  variable_type joint_on(Tape& t, variable_type const& joined, ops::patches<Context>& at) const {
    return nn::on_patches(t, junction_, joined, at);
  }

  /// `logits` at single pixels of the picture, from patches of the joint features: (pixels,1,1,1).
  template <class Tape>
  variable_type logits_on(Tape& t, variable_type const& joint, ops::patches<Context> at,
                          ops::patch_pixels<Context> const& pixels) const {
    auto const y = nn::on_patches(t, head_, joint, at);
    return resize_patches(t, y, at, pixels);
  }

  template <class Self, class F>
  static void visit(Self& self, std::string const& prefix, F& f) {
    if constexpr (has_prior_trunk) self.prior_trunk_.visit(self.prior_trunk_, prefix + "prior.", f);
    if constexpr (Architecture::middle == middle_trunk::tuned)
      self.middle_trunk_.visit(self.middle_trunk_, prefix + "middle.", f);
    self.middle_join_.visit(self.middle_join_, prefix + "middle_join.", f);
    self.click_fusion_.visit(self.click_fusion_, prefix + "click_fusion.", f);
    if constexpr (Architecture::has_prior && Architecture::has_focus)
      self.focus_.visit(self.focus_, prefix + "focus.", f);
    self.junction_.visit(self.junction_, prefix + "junction.", f);
    self.head_.visit(self.head_, prefix + "head.", f);
  }

  /// Starting values from a seed: both trunks equal, the prior trunk constant, the click fusion close to "the picture
  /// as it is".
  void initialise(Context const& ctx, std::uint64_t seed) {
    nn::initialise(ctx, *this, seed);
    model::start_as_identity<3>(ctx, click_fusion_);
    start_middle_from_prior(ctx);
    freeze_prior();
  }

  /// Copies the prior trunk's values to the middle trunk, after loading pretrained weights into the first.
  void start_middle_from_prior(Context const& ctx) {
    if constexpr (Architecture::middle == middle_trunk::tuned && has_prior_trunk)
      nn::copy_parameters(ctx, prior_trunk_, middle_trunk_);
  }

  void freeze_prior() { nn::set_trainable(prior_trunk_, false); }

  auto& prior_trunk() { return prior_trunk_; }
  auto& middle_trunk() { return middle_trunk_; }
  auto const& junction() const { return junction_; }
  auto const& head() const { return head_; }

 private:
  using trunk_type = model::trunk_of<Architecture, tensor_type>;
  static constexpr bool all_levels = Architecture::levels == middle_levels::all;
  using lower_trunk_type = typename trunk_type::lower_type;
  using middle_trunk_type = std::conditional_t<all_levels, trunk_type, lower_trunk_type>;
  static constexpr index_t middle_channels =
      lower_trunk_type::out_channels + (all_levels ? trunk_type::out_channels : 0);

  auto const& used_middle_trunk() const {
    if constexpr (Architecture::middle == middle_trunk::tuned)
      return middle_trunk_;
    else
      return prior_trunk_;
  }

  trunk_type prior_trunk_;
  middle_trunk_type middle_trunk_;
  nn::conv_block<middle_channels, width, 1, tensor_type> middle_join_;
  model::click_fusion<5, 3, Architecture::fusion_kernel, tensor_type> click_fusion_;
  model::interactive_prior_focus<Architecture::fusion_kernel, tensor_type> focus_;
  model::junction<joined_channels, width, tensor_type> junction_;
  model::head<width, tensor_type> head_;
};

}  // namespace v0
}  // namespace fsis
