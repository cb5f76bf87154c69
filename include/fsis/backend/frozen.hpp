// SPDX-License-Identifier: MIT
#pragma once

// The narrow waist, memory that nobody writes to: overloads found by the type of the context.
#include <fsis/backend/cpu/frozen_filter.hpp>

namespace fsis {
inline namespace v0 {

class cuda_context;

namespace backend {

/// Filters have no other form there.
template <class T>
std::shared_ptr<T> frozen(cuda_context const&, std::shared_ptr<T> const& elements) {
  return elements;
}

}  // namespace backend
}  // namespace v0
}  // namespace fsis
