// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/interactive/coverage.hpp>
#include <fsis/model/load.hpp>
#include <fsis/training/episode_batch.hpp>
#include <fsis/training/posed_episode.hpp>
#include <fsis/vision/resize_image.hpp>

#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace systems {

/// Few-shot segmentation by prototypes, which no click ever enters (PANet, Wang et al. 2019, sections 3.2 and 3.3): the
/// mean feature of the object and that of its background in the support pictures, shots averaged; every position of
/// the query belongs to whichever is nearer by cosine, times 20, in a softmax. Trained with the loss of the query
/// alone: the alignment of section 3.4 is left out. The trunk is that of an `Architecture`, tuned, with all its levels
/// joined by a 1x1 convolution.
template <class Architecture, class Context = cpu_context, class T = float>
class panet {
 public:
  using context = Context;
  using tensor_type = tensor<T, Context>;
  using variable_type = variable<tensor_type>;
  using trunk_type = model::trunk_of<Architecture, tensor_type>;

  static constexpr char const* name = "panet";
  static constexpr index_t stride = 8, input_multiple = 16;
  static constexpr index_t width = 256 / Architecture::width_divisor;
  static constexpr double scale = 20;

  /// (N,H,W,3) normalised to (N,H/8,W/8,width), of any sign.
  template <class Tape>
  variable_type features(Tape& t, variable_type const& image) const {
    auto const l = trunk_.lower.features(t, image);
    auto const high = resize(t, trunk_.above(t, l.deep), l.deep.value.extent(1), l.deep.value.extent(2));
    return join_(t, concatenate(t, std::vector<variable_type>{l.shallow, l.deep, high}));
  }

  /// The mean feature under a weight (B*k,h,w,1), shots averaged, of length 1: (B,1,1,width).
  template <class Tape>
  variable_type prototype(Tape& t, variable_type const& of, tensor_type const& weight, index_t shots) const {
    index_t const B = of.value.extent(0) / shots;
    auto const each = masked_average(t, of, weight, 1e-6);
    auto const merged = reshape(t, mean(t, reshape(t, each, {B, shots, width}), 1), {B, 1, 1, width});
    return unit_rows(t, merged, 1e-6);
  }

  /// Logits (N,H,W,1) of query features: 20 times by how much nearer the object's prototype is.
  template <class Tape>
  variable_type logits(Tape& t, variable_type const& query, variable_type const& object,
                       variable_type const& background, index_t height, index_t picture_width) const {
    auto const towards = multiply(t, unit_rows(t, query, 1e-6), subtract(t, object, background));
    auto const nearer = reshape(t, sum(t, towards, 3), query.value.extents().with(3, 1));
    return resize(t, affine(t, nearer, scale, 0), height, picture_width);
  }

  template <class Self, class F>
  static void visit(Self& self, std::string const& prefix, F& f) {
    self.trunk_.visit(self.trunk_, prefix + "trunk.", f);
    self.join_.visit(self.join_, prefix + "join.", f);
  }

  void initialise(Context const& ctx, std::uint64_t seed) { nn::initialise(ctx, *this, seed); }

  /// Its only trunk: query and support share it.
  trunk_type& middle_trunk() { return trunk_; }

 private:
  trunk_type trunk_;
  nn::conv<trunk_type::lower_type::out_channels + trunk_type::out_channels, width, 1, tensor_type> join_;
};

/// Logits of a batch of episodes, for `training::train_segmentation`. Clicks and prior are not looked at.
template <class Tape, class Architecture, class Context, class T>
variable<tensor<T, Context>> episode_logits(Tape& t, panet<Architecture, Context, T> const& net,
                                            training::episode_batch<tensor<T, Context>> const& e,
                                            prior_options const&) {
  using Tensor = tensor<T, Context>;
  auto const& ctx = t.context();
  auto const support = net.features(t, variable<Tensor>(e.support));
  auto const object = model::cell_coverage(ctx, e.support_masks, net.stride);
  return net.logits(t, net.features(t, variable<Tensor>(e.images)), net.prototype(t, support, object, e.shots),
                    net.prototype(t, support, ops::affine(ctx, object, -1, 1), e.shots), e.images.extent(1),
                    e.images.extent(2));
}

/// The mask of an episode, from its support pictures alone.
template <class Architecture, class Context, class T>
mask segment(Context const& ctx, panet<Architecture, Context, T> const& net, network_settings const& settings,
             training::posed_episode const& p) {
  using Tensor = tensor<T, Context>;
  no_tape<Tensor> t(ctx);
  auto const input = [&](image const& picture) {
    auto const size =
        model::input_size_of(picture.height(), picture.width(), settings.longest_side, net.input_multiple);
    return model::image_tensor<T>(ctx, vision::resize_image(picture, size.height, size.width), settings.pixels);
  };
  // prototypes of each shot in its own size, then averaged
  Tensor object, background;
  for (shot const& s : p.shots) {
    auto const picture = input(s.picture);
    auto const features = net.features(t, variable<Tensor>(picture));
    index_t const H = picture.extent(1), W = picture.extent(2);
    auto const share = model::cell_coverage(
        ctx,
        from_host<T>(ctx, {1, H, W, 1}, interactive::coverage<T>(interactive::object_of(s.object, s.reading), H, W)),
        net.stride);
    T const part = static_cast<T>(1.0 / static_cast<double>(p.shots.size()));
    auto const add = [&](Tensor& sum, Tensor const& weight) {
      auto const one = ops::masked_average(ctx, features.value, weight, 1e-6);
      if (sum.defined())
        ops::axpby(ctx, part, one, T(1), sum);
      else
        sum = ops::affine(ctx, one, static_cast<double>(part), 0);
    };
    add(object, share);
    add(background, ops::affine(ctx, share, -1, 1));
  }
  auto const query = input(p.photo);
  auto const unit = [&](Tensor const& v) { return variable<Tensor>(ops::unit_rows(ctx, v, T(1e-6)).y); };
  auto const y = net.logits(t, net.features(t, variable<Tensor>(query)), unit(object), unit(background),
                            p.photo.height(), p.photo.width());
  auto const values = to_host(ctx, y.value);
  mask out = mask::blank(p.photo.height(), p.photo.width());
  for (index_t i = 0; i < out.size(); ++i) out.data()[i] = values[static_cast<std::size_t>(i)] > T(0);
  return out;
}

/// Writes the network for `load_panet`. Throws `io_error` when the file cannot be written.
template <class Architecture, class Context, class T>
void save_panet(Context const& ctx, panet<Architecture, Context, T> const& net, network_settings const& settings,
                std::string const& path, io::dtype stored_as = io::dtype::f16) {
  io::safetensors_writer file;
  file.metadata("architecture", net.name);
  file.metadata("trunk", Architecture::name);
  model::add_settings(settings, file);
  model::add_parameters(ctx, net, file, stored_as);
  file.write(path);
}

/// Reads weights into a network and returns its settings. Throws `io_error` as `load_network`.
template <class Architecture, class Context, class T>
network_settings load_panet(Context const& ctx, panet<Architecture, Context, T>& net, std::string const& path) {
  auto const file = io::safetensors_file::open(path);
  auto const is = [&](char const* key, std::string const& wanted) {
    auto const found = file.metadata().find(key);
    std::string const held = found == file.metadata().end() ? "" : found->second;
    require<io_error>(held == wanted, "load: ", file.origin(), " has ", key, " '", held, "', wanted '", wanted, "'");
  };
  is("architecture", net.name);
  is("trunk", Architecture::name);
  auto const settings = model::settings_from(file);
  model::check_all_used(file, model::load_parameters(ctx, net, file));
  return settings;
}

}  // namespace systems
}  // namespace v0
}  // namespace fsis
