// SPDX-License-Identifier: MIT
#pragma once

// The only header with compiler switches. Everything else is plain C++17 for every compiler.

#include <cstdint>

#if defined(__CUDACC__)
#define FSIS_HD __host__ __device__
// nvcc would give Eigen another body of the same functions, thirty times slower, and the linker would choose between them
#if !defined(EIGEN_NO_CUDA)
#define EIGEN_NO_CUDA
#endif
#else
#define FSIS_HD
#endif

#if defined(__cpp_exceptions) || defined(__CUDACC__)
#define FSIS_HAS_EXCEPTIONS 1
#else
#define FSIS_HAS_EXCEPTIONS 0
#endif

// A function may be compiled for an instruction set that the rest of the program does not assume, and called where the
// processor has it. Elsewhere than on x86 there is no such set: nothing is supported, and the attribute says nothing.
#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define FSIS_X86_TARGET(sets) [[gnu::target(sets)]]
#define FSIS_X86_SUPPORTS(set) (__builtin_cpu_supports(set) != 0)
#else
#define FSIS_X86_TARGET(sets)
#define FSIS_X86_SUPPORTS(set) false
#endif

namespace fsis {
inline namespace v0 {

/// Sizes, offsets and coordinates of array elements. Signed, so that differences are safe.
using index_t = std::int64_t;

}  // namespace v0
}  // namespace fsis
