// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/interactive/coverage.hpp>
#include <fsis/interactive/frame.hpp>
#include <fsis/interactive/shot.hpp>
#include <fsis/model/network.hpp>
#include <fsis/model/settings.hpp>
#include <fsis/vision/resize_image.hpp>

#include <vector>

namespace fsis {
inline namespace v0 {
namespace interactive {

/// What a session remembers of its shots.
template <class Network>
struct support_memory {
  using tensor_type = typename Network::tensor_type;

  index_t shots = 0;
  tensor_type path;  // (1,1,1,width) prototype or (1,h,w,width) features; undefined without support path
  std::vector<model::support_view<tensor_type>> views;  // for the prior; empty without one
};

/// Does a network look at the support at all?
template <class Network>
constexpr bool needs_support = Network::support_channels > 0 || Network::prior_channels > 0;

/// Throws `value_error` or `shape_error` naming the shot that cannot be used, with numbers.
inline void check_shots(std::vector<shot> const& shots, index_t max_pixels) {
  char const* const op = "set_support";
  require<value_error>(!shots.empty(), op, ": no shots, wanted at least one {image, mask}");
  for (std::size_t i = 0; i < shots.size(); ++i) {
    auto const name = [&] { return message("shot ", i + 1, " of ", shots.size()); };
    image const& p = shots[i].picture;
    mask const& m = shots[i].object;
    require<value_error>(!p.empty(), op, ": the picture of ", name(), " is 0x0, wanted at least one pixel");
    require<value_error>(p.width() <= max_pixels / p.height(), op, ": the picture of ", name(), " is ", p.height(),
                         "x", p.width(), ", wanted at most ", max_pixels, " pixels (session_options::max_pixels)");
    require<shape_error>(m.height() == p.height() && m.width() == p.width(), op, ": the mask of ", name(), " is ",
                         m.height(), "x", m.width(), ", its picture ", p.height(), "x", p.width(),
                         ", wanted equal sizes");
    index_t const object = object_of(m, shots[i].reading).count();
    require<value_error>(object > 0, op, ": the mask of ", name(), " has no object among ", m.size(), " pixels, ",
                         m.count(), " of them void");
  }
}

/// Middle-level features of one shot, pooled as the architecture wants them.
template <class Network>
typename Network::tensor_type support_path_of(typename Network::context const& ctx, Network const& net,
                                              typename Network::tensor_type const& picture,
                                              typename Network::tensor_type const& object) {
  using tensor_type = typename Network::tensor_type;
  no_tape<tensor_type> t(ctx);
  auto const features = net.middle(t, variable<tensor_type>(picture)).value;  // (1,H/8,W/8,width)
  if constexpr (Network::architecture::support == support_path::feature_map)
    return features;
  else
    return ops::masked_average(ctx, features, model::cell_coverage(ctx, object, Network::stride));
}

/// Looks at all shots, each in its own size: the mean of their prototypes (or features, brought to the size of the
/// first), and what the prior needs of each. Throws as `check_shots`.
template <class Network>
support_memory<Network> remember(typename Network::context const& ctx, Network const& net,
                                 network_settings const& settings, std::vector<shot> const& shots,
                                 index_t max_pixels) {
  using tensor_type = typename Network::tensor_type;
  using T = typename tensor_type::scalar;
  check_shots(shots, max_pixels);
  support_memory<Network> memory;
  memory.shots = static_cast<index_t>(shots.size());
  if constexpr (!needs_support<Network>) return memory;
  for (shot const& s : shots) {
    auto const size =
        model::input_size_of(s.picture.height(), s.picture.width(), settings.longest_side, Network::input_multiple);
    auto const picture =
        model::image_tensor<T>(ctx, vision::resize_image(s.picture, size.height, size.width), settings.pixels);
    auto const object = from_host<T>(ctx, {1, size.height, size.width, 1},
                                     coverage<T>(object_of(s.object, s.reading), size.height, size.width));
    if constexpr (Network::support_channels > 0) {
      auto one = support_path_of(ctx, net, picture, object);
      if (!memory.path.defined()) {
        memory.path = ops::affine(ctx, one, 1.0 / static_cast<double>(shots.size()), 0);
      } else {
        one = ops::resize(ctx, one, memory.path.extent(1), memory.path.extent(2));
        ops::axpby(ctx, static_cast<T>(1.0 / static_cast<double>(shots.size())), one, T(1), memory.path);
      }
    }
    if constexpr (Network::prior_channels > 0) {
      auto const cells = model::cell_coverage(ctx, object, Network::input_multiple);
      memory.views.push_back({net.high(ctx, picture), model::core_cells(ctx, cells)});
    }
  }
  return memory;
}

}  // namespace interactive
}  // namespace v0
}  // namespace fsis
