// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/nn/parameter.hpp>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace fsis_test {

/// Gives every parameter a value that is not special: norms and biases, too, are neither 0 nor 1, and running
/// variances are positive.
template <class Context, class Layer>
void randomise(Context const& ctx, Layer& layer, std::uint64_t seed) {
  std::uint64_t position = 0;
  fsis::nn::visit_parameters(layer, [&](std::string const&, auto& p) {
    using T = typename std::decay_t<decltype(p.value)>::scalar;
    fsis::random_stream draw(seed, position++);
    double const fan_in = static_cast<double>(p.extents.size() / p.extents[0]);
    std::vector<T> values(static_cast<std::size_t>(p.extents.size()));
    for (T& v : values) {
      if (p.start == fsis::nn::initial::he_normal)
        v = static_cast<T>(draw.normal() * std::sqrt(2.0 / fan_in));
      else
        v = static_cast<T>(p.start == fsis::nn::initial::one ? draw.uniform(0.6, 1.6) : draw.uniform(-0.4, 0.4));
    }
    p.value = fsis::from_host<T>(ctx, p.extents, values);
  });
}

/// The names of all parameters of a layer, in order.
template <class Layer>
std::vector<std::string> names_of(Layer const& layer) {
  std::vector<std::string> names;
  fsis::nn::visit_parameters(layer, [&](std::string const& name, auto const&) { names.push_back(name); });
  return names;
}

/// The bytes of all parameters whose name begins with `prefix`, one after the other.
template <class Context, class Layer>
std::vector<unsigned char> bytes_of_parameters(Context const& ctx, Layer const& layer,
                                               std::string const& prefix = "") {
  std::vector<unsigned char> bytes;
  fsis::nn::visit_parameters(layer, [&](std::string const& name, auto const& p) {
    if (name.compare(0, prefix.size(), prefix) != 0) return;
    auto const values = fsis::to_host(ctx, p.value);
    auto const* first = reinterpret_cast<unsigned char const*>(values.data());
    bytes.insert(bytes.end(), first, first + values.size() * sizeof(values[0]));
  });
  return bytes;
}

/// The bytes of a tensor.
template <class T, class Context>
std::vector<unsigned char> bytes_of_tensor(Context const& ctx, fsis::tensor<T, Context> const& t) {
  auto const values = fsis::to_host(ctx, t);
  std::vector<unsigned char> bytes(values.size() * sizeof(T));
  if (!bytes.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

}  // namespace fsis_test
