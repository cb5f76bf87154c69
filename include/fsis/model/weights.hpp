// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/io/safetensors_reader.hpp>
#include <fsis/io/safetensors_writer.hpp>
#include <fsis/kernels/layout.hpp>
#include <fsis/nn/parameter.hpp>

#include <functional>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace model {

/// Files hold filters as (K,C,R,S), the order of PyTorch; fsis computes with (K,R,S,C). The shape in a file.
inline shape stored_extents(shape const& s) {
  return s.rank() == 4 ? shape{s[0], s[3], s[1], s[2]} : s;
}

namespace detail {

// Host-side reordering: `to_file` (K,R,S,C) -> (K,C,R,S), else back.
template <class T>
std::vector<T> reordered(std::vector<T> const& values, shape const& s, bool to_file) {
  if (s.rank() != 4) return values;
  std::vector<T> out(values.size());
  index_t const taps = s[1] * s[2], C = s[3];
  kernels::transpose<T, T> const turn{out.data(), values.data(), to_file ? taps : C, to_file ? C : taps};
  for (index_t row = 0; row < s[0] * turn.columns; ++row)
    for (index_t r = 0; r < turn.rows; ++r) turn(row, r);
  return out;
}

}  // namespace detail

/// Reads every parameter of a layer from `prefix + name` of a file. Values must be finite. Returns the names used.
/// Throws `io_error` naming the tensor that is missing or of another shape, with both; the layer is then unchanged.
template <class Context, class Layer>
std::set<std::string> load_parameters(Context const& ctx, Layer& layer, io::safetensors_file const& file,
                                      std::string const& prefix = "") {
  std::set<std::string> used;
  nn::visit_parameters(layer, [&](std::string const& name, auto& p) {
    std::string const key = prefix + name;
    require<io_error>(file.contains(key), "load: ", file.origin(), " has no tensor '", key, "' of shape ",
                      stored_extents(p.extents));
    shape const stored = file.at(key).extents();
    require<io_error>(stored == stored_extents(p.extents), "load: ", file.origin(), ": tensor '", key, "' has shape ",
                      stored, ", wanted ", stored_extents(p.extents));
    used.insert(key);
  });
  // Everything is read, checked and in memory before the first parameter changes.
  std::vector<std::function<void()>> changes;
  nn::visit_parameters(layer, [&](std::string const& name, auto& p) {
    using T = typename std::decay_t<decltype(p.value)>::scalar;
    auto const values = file.template read<T>(prefix + name, io::read_values::finite_only);
    auto const value = from_host<T>(ctx, p.extents, detail::reordered(values, p.extents, false));
    changes.push_back([&p, value] { p.value = value; });
  });
  for (auto const& change : changes) change();
  return used;
}

/// Adds every parameter of a layer to a file under `prefix + name`. Running averages stay in float32 where weights
/// are stored in float16: a variance may be too large or too small for it.
template <class Context, class Layer>
void add_parameters(Context const& ctx, Layer const& layer, io::safetensors_writer& file, io::dtype stored_as,
                    std::string const& prefix = "") {
  nn::visit_parameters(layer, [&](std::string const& name, auto const& p) {
    require<value_error>(p.value.defined(), "save: parameter '", prefix + name, "' has no value yet");
    auto const values = detail::reordered(to_host(ctx, p.value), p.extents, true);
    bool const wide = p.purpose == nn::role::running_average && stored_as == io::dtype::f16;
    file.add(prefix + name, stored_extents(p.extents), values.data(), wide ? io::dtype::f32 : stored_as);
  });
}

/// Throws `io_error` when a file holds tensors that nobody used: it was made for something else.
inline void check_all_used(io::safetensors_file const& file, std::set<std::string> const& used) {
  for (auto const& entry : file.tensors())
    require<io_error>(used.count(entry.first) > 0, "load: ", file.origin(), " has a tensor '", entry.first,
                      "' that this network does not have (", file.tensors().size(), " tensors, ", used.size(),
                      " known)");
}

}  // namespace model
}  // namespace v0
}  // namespace fsis
