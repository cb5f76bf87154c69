// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

#include <utility>

namespace fsis {
inline namespace v0 {

/// A tensor and its place on a tape. Without a place it is a constant: a number with which to compute, without a
/// gradient. Any tensor converts to a constant.
template <class Tensor>
struct variable {
  static constexpr index_t no_slot = -1;

  Tensor value;
  index_t slot = no_slot;

  variable() = default;
  variable(Tensor v) : value(std::move(v)) {}
  variable(Tensor v, index_t place) : value(std::move(v)), slot(place) {}

  bool is_recorded() const { return slot != no_slot; }
};

}  // namespace v0
}  // namespace fsis
