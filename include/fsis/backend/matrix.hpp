// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

namespace fsis {
inline namespace v0 {
namespace backend {

/// A row-major matrix in memory, rows `stride` elements apart.
template <class T>
struct matrix {
  T* data;
  index_t rows, columns, stride;
};

/// How an operand of a product is read.
enum class operand { as_stored, transposed };

}  // namespace backend
}  // namespace v0
}  // namespace fsis
