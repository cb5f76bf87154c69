// SPDX-License-Identifier: MIT
#pragma once

// The only header with compiler switches. Everything else is plain C++17 for every compiler.

#include <cstdint>

#if defined(__CUDACC__)
#define FSIS_HD __host__ __device__
#else
#define FSIS_HD
#endif

#if defined(__cpp_exceptions) || defined(__CUDACC__)
#define FSIS_HAS_EXCEPTIONS 1
#else
#define FSIS_HAS_EXCEPTIONS 0
#endif

namespace fsis {
inline namespace v0 {

/// Sizes, offsets and coordinates of array elements. Signed, so that differences are safe.
using index_t = std::int64_t;

}  // namespace v0
}  // namespace fsis
