// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/model/network.hpp>
#include <fsis/model/settings_text.hpp>
#include <fsis/model/weights.hpp>

#include <map>
#include <string>
#include <utility>

namespace fsis {
inline namespace v0 {

/// A network with what belongs to its weights.
template <class Architecture, class Context = cpu_context, class T = float>
struct loaded_network : network<Architecture, Context, T> {
  network_settings settings;
};

namespace detail {

inline std::string architecture_in(io::safetensors_file const& file) {
  auto const found = file.metadata().find("architecture");
  require<io_error>(found != file.metadata().end(), "load: ", file.origin(),
                    " names no architecture in its metadata; it is not a network of fsis");
  return found->second;
}

template <class Architecture, class T, class Context>
loaded_network<Architecture, Context, T> network_from(Context const& ctx, io::safetensors_file const& file) {
  std::string const made_for = architecture_in(file);
  require<io_error>(made_for == Architecture::name, "load: ", file.origin(), " holds a network '", made_for,
                    "', wanted '", Architecture::name, "'");
  loaded_network<Architecture, Context, T> net;
  net.settings = model::settings_from(file);
  model::check_all_used(file, model::load_parameters(ctx, net, file));
  net.freeze_prior();
  return net;
}

}  // namespace detail

/// The network of an architecture from a safetensors file. Throws `io_error` when the file is missing, malformed, made
/// for another architecture (both are named), or holds values that are not finite.
template <class Architecture, class T = float, class Context>
loaded_network<Architecture, Context, T> load_network(Context const& ctx, std::string const& path) {
  return detail::network_from<Architecture, T>(ctx, io::safetensors_file::open(path));
}

/// The name of the architecture that a file was made for.
inline std::string architecture_of(std::string const& path) {
  return detail::architecture_in(io::safetensors_file::open(path));
}

/// A list of architectures to choose from at run time.
template <class... Architectures>
struct architecture_list {};

/// The architectures that come with fsis.
using known_architectures = architecture_list<compact, vgg16, narrow_vgg16, compact_without_support>;

namespace detail {

template <class Context, class F, class Architecture, class... Rest>
void visit_first(Context const& ctx, io::safetensors_file const& file, std::string const& name, F& f,
                 architecture_list<Architecture, Rest...>) {
  if (name == Architecture::name) {
    auto const net = network_from<Architecture, float>(ctx, file);
    f(net);
  } else if constexpr (sizeof...(Rest) > 0) {
    visit_first(ctx, file, name, f, architecture_list<Rest...>{});
  } else {
    fail<io_error>("load: ", file.origin(), " holds a network '", name, "', which is not among the known ones");
  }
}

}  // namespace detail

/// Loads a network of whichever listed architecture the file names and calls `f(network const&)`.
template <class List = known_architectures, class Context, class F>
void visit_network(Context const& ctx, std::string const& path, F f) {
  auto const file = io::safetensors_file::open(path);
  detail::visit_first(ctx, file, detail::architecture_in(file), f, List{});
}

/// Writes a network, its architecture and settings; `notes` go into the metadata beside them. Nothing is left half
/// written. Throws `io_error` when the file cannot be written.
template <class Architecture, class Context, class T>
void save_network(Context const& ctx, network<Architecture, Context, T> const& net, network_settings const& settings,
                  std::string const& path, io::dtype stored_as = io::dtype::f32,
                  std::map<std::string, std::string> const& notes = {}) {
  io::safetensors_writer file;
  file.metadata("architecture", Architecture::name);
  model::add_settings(settings, file);
  for (auto const& note : notes) file.metadata(note.first, note.second);
  model::add_parameters(ctx, net, file, stored_as);
  file.write(path);
}

}  // namespace v0
}  // namespace fsis
