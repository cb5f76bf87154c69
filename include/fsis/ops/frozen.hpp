// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/frozen.hpp>
#include <fsis/tensor/tensor.hpp>

namespace fsis {
inline namespace v0 {
namespace ops {

/// x with the caller's promise that nobody writes to its elements as long as the result or a copy of it lives. Shares
/// the elements, and keeps what the backend computes from them: convolutions with a frozen filter transform it once.
template <class T, class Context>
tensor<T, Context> frozen(Context const& ctx, tensor<T, Context> const& x) {
  return tensor<T, Context>::borrow(backend::frozen(ctx, x.elements()), x.data(), x.extents());
}

}  // namespace ops
}  // namespace v0
}  // namespace fsis
