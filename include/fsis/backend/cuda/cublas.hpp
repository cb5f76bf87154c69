// SPDX-License-Identifier: MIT
#pragma once

// The only file that sees <cublas_v2.h>.

#include <fsis/backend/matrix.hpp>
#include <fsis/device/cuda_context.hpp>
#include <fsis/device/shared_library.hpp>

#include <cublas_v2.h>

#include <memory>
#include <mutex>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

/// Library, handle and workspace of a context.
class cublas_products {
 public:
  explicit cublas_products(cuda_context const& ctx)
      : ctx_(ctx),
        library_(message("libcublas.so.", CUDART_VERSION / 1000).c_str(), "FSIS_CUBLAS_LIBRARY"),
        handle_(ctx.options().cublas) {
    library_.find(create_, "cublasCreate_v2");
    library_.find(destroy_, "cublasDestroy_v2");
    library_.find(set_stream_, "cublasSetStream_v2");
    library_.find(set_workspace_, "cublasSetWorkspace_v2");
    library_.find(gemm_, "cublasGemmEx");
    if (handle_ != nullptr) return;
    cuda_device_scope const scope(ctx.device());
    check(create_(&handle_), "cublasCreate");
    is_own_ = true;
    check(set_stream_(handle_, ctx.stream()), "cublasSetStream");
    // its own would be allocated while a stream is captured; with a fixed one, results are the same on every run
    constexpr std::size_t bytes = std::size_t{32} << 20;
    workspace_ = ctx.allocate(bytes);
    check(set_workspace_(handle_, workspace_.get(), bytes), "cublasSetWorkspace");
  }
  cublas_products(cublas_products const&) = delete;
  cublas_products& operator=(cublas_products const&) = delete;
  ~cublas_products() {
    if (is_own_) (void)destroy_(handle_);
  }

  /// c = op(a) * op(b). cuBLAS has columns where we have rows: it is given c' = op(b)' * op(a)'.
  template <operand A, operand B, class T>
  void multiply(matrix<T const> const& a, matrix<T const> const& b, matrix<T> const& c) {
    constexpr bool is_double = std::is_same<T, double>::value;
    constexpr cudaDataType_t type = is_double ? CUDA_R_64F : CUDA_R_32F;
    cublasComputeType_t const sums = is_double ? CUBLAS_COMPUTE_64F : sums_of(ctx_.options().precision);
    constexpr auto op = [](operand o) { return o == operand::as_stored ? CUBLAS_OP_N : CUBLAS_OP_T; };
    index_t const depth = A == operand::as_stored ? a.columns : a.rows;
    T const one = 1, zero = 0;
    cuda_device_scope const scope(ctx_.device());
    std::lock_guard<std::mutex> lock(mutex_);
    check(gemm_(handle_, op(B), op(A), as_int(c.columns), as_int(c.rows), as_int(depth), &one, b.data, type,
                as_int(b.stride), a.data, type, as_int(a.stride), &zero, c.data, type, as_int(c.stride), sums,
                CUBLAS_GEMM_DEFAULT),
          "cublasGemmEx");
  }

 private:
  static cublasComputeType_t sums_of(cuda_precision p) {
    return p == cuda_precision::tf32   ? CUBLAS_COMPUTE_32F_FAST_TF32
           : p == cuda_precision::bf16 ? CUBLAS_COMPUTE_32F_FAST_16BF
           : p == cuda_precision::fp16 ? CUBLAS_COMPUTE_32F_FAST_16F
                                       : CUBLAS_COMPUTE_32F;
  }

  static int as_int(index_t n) {
    require<shape_error>(n <= (std::numeric_limits<int>::max)(), "matmul: extent ", n, ", cuBLAS takes up to ",
                         (std::numeric_limits<int>::max)());
    return static_cast<int>(n);
  }

  static void check(cublasStatus_t status, char const* call) {
    require<device_error>(status == CUBLAS_STATUS_SUCCESS, call, ": status ", static_cast<int>(status));
  }

  cuda_context const& ctx_;
  shared_library library_;
  cublasHandle_t handle_;
  bool is_own_ = false;
  std::shared_ptr<void> workspace_;
  std::mutex mutex_;
  decltype(&::cublasCreate_v2) create_;
  decltype(&::cublasDestroy_v2) destroy_;
  decltype(&::cublasSetStream_v2) set_stream_;
  decltype(&::cublasSetWorkspace_v2) set_workspace_;
  cublasStatus_t (*gemm_)(cublasHandle_t, cublasOperation_t, cublasOperation_t, int, int, int, void const*,
                          void const*, cudaDataType_t, int, void const*, cudaDataType_t, int, void const*, void*,
                          cudaDataType_t, int, cublasComputeType_t, cublasGemmAlgo_t);
};

}  // namespace detail
}  // namespace backend
}  // namespace v0
}  // namespace fsis
