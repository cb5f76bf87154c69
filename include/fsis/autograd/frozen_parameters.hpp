// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/ops/frozen.hpp>

#include <unordered_map>

namespace fsis {
inline namespace v0 {

/// Parameters that keep their numbers as long as this object lives, whatever the number of tapes that use them: what a
/// backend makes of a filter once serves them all. Not for several threads.
template <class Tensor>
class frozen_parameters {
 public:
  /// The parameter that the address `key` identifies; frozen at the first call.
  Tensor const& of(typename Tensor::context const& ctx, void const* key, Tensor const& value) {
    Tensor& frozen = tensors_[key];
    if (!frozen.defined()) frozen = ops::frozen(ctx, value);
    return frozen;
  }

 private:
  std::unordered_map<void const*, Tensor> tensors_;
};

}  // namespace v0
}  // namespace fsis
