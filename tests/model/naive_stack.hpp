// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/nn/parameter.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace fsis_test {

/// A feature map of one picture in the plainest form: double, (C,H,W).
struct plane_stack {
  int C, H, W;
  std::vector<double> at;

  double operator()(int c, int y, int x) const {
    return y < 0 || x < 0 || y >= H || x >= W ? 0.0 : at[static_cast<std::size_t>((c * H + y) * W + x)];
  }
  double& operator()(int c, int y, int x) { return at[static_cast<std::size_t>((c * H + y) * W + x)]; }
};

inline plane_stack empty_stack(int C, int H, int W) {
  return {C, H, W, std::vector<double>(static_cast<std::size_t>(C) * static_cast<std::size_t>(H * W))};
}

/// The numbers of a tensor by its name, in C order, filters as (K,C,R,S).
using weights_by_name = std::function<std::vector<double>(std::string const&)>;

/// Weights by name from a layer in memory, filters turned from (K,R,S,C) to (K,C,R,S).
template <class Layer>
weights_by_name weights_of(fsis::cpu_context const& ctx, Layer const& layer) {
  std::map<std::string, std::vector<double>> all;
  fsis::nn::visit_parameters(layer, [&](std::string const& name, auto const& p) {
    auto const v = fsis::to_host(ctx, p.value);
    std::vector<double> out(v.begin(), v.end());
    if (p.extents.rank() == 4) {
      std::size_t i = 0;
      auto const K = p.extents[0], R = p.extents[1], S = p.extents[2], C = p.extents[3];
      for (fsis::index_t k = 0; k < K; ++k)
        for (fsis::index_t c = 0; c < C; ++c)
          for (fsis::index_t r = 0; r < R; ++r)
            for (fsis::index_t s = 0; s < S; ++s)
              out[i++] = v[static_cast<std::size_t>(((k * R + r) * S + s) * C + c)];
    }
    all[name] = std::move(out);
  });
  return [all](std::string const& name) { return all.at(name); };
}

template <class T>
plane_stack stack_of(fsis::cpu_context const& ctx, fsis::tensor<T> const& x) {
  auto const v = to_host(ctx, x);
  int const H = static_cast<int>(x.extent(1)), W = static_cast<int>(x.extent(2)), C = static_cast<int>(x.extent(3));
  plane_stack out = empty_stack(C, H, W);
  for (int y = 0; y < H; ++y)
    for (int column = 0; column < W; ++column)
      for (int c = 0; c < C; ++c)
        out(c, y, column) = static_cast<double>(v[static_cast<std::size_t>((y * W + column) * C + c)]);
  return out;
}

/// |a - b| / |b| in the Euclidean norm.
inline double relative_error(plane_stack const& a, plane_stack const& b) {
  REQUIRE(a.C == b.C);
  REQUIRE(a.H == b.H);
  REQUIRE(a.W == b.W);
  double difference = 0, size = 0;
  for (std::size_t i = 0; i < a.at.size(); ++i) {
    difference += (a.at[i] - b.at[i]) * (a.at[i] - b.at[i]);
    size += b.at[i] * b.at[i];
  }
  REQUIRE(size > 0);
  return std::sqrt(difference / size);
}

}  // namespace fsis_test
