// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>

#include <cuda_runtime_api.h>

#include <string>

namespace fsis {
inline namespace v0 {

/// Throws `device_error` with the name and the text of a failed call, and takes the error from the runtime, where the
/// next call would find it.
inline void cuda_check(cudaError_t status, char const* call) {
  if (status == cudaSuccess) return;
  (void)cudaGetLastError();
  fail<device_error>(call, ": ", cudaGetErrorName(status), ", ", cudaGetErrorString(status));
}

/// Makes a device the current one until the end of the scope.
class cuda_device_scope {
 public:
  explicit cuda_device_scope(int device) {
    cuda_check(cudaGetDevice(&before_), "cudaGetDevice");
    changed_ = before_ != device;
    if (changed_) cuda_check(cudaSetDevice(device), "cudaSetDevice");
  }
  cuda_device_scope(cuda_device_scope const&) = delete;
  cuda_device_scope& operator=(cuda_device_scope const&) = delete;
  ~cuda_device_scope() {
    if (changed_) (void)cudaSetDevice(before_);
  }

 private:
  int before_ = 0;
  bool changed_ = false;
};

/// Can work run on a CUDA device, and if not, why?
struct cuda_availability {
  int devices = 0;
  std::string reason;  ///< empty where there is a device

  explicit operator bool() const { return devices > 0; }
};

/// Asks driver and runtime; no context is made. See `cuda_context` for the libraries that convolutions want.
inline cuda_availability cuda_available() {
  cuda_availability a;
  cudaError_t const status = cudaGetDeviceCount(&a.devices);
  if (status == cudaSuccess && a.devices > 0) return a;
  (void)cudaGetLastError();
  a.devices = 0;
  a.reason = status == cudaSuccess
                 ? "the machine has no CUDA device"
                 : message("no usable CUDA device: ", cudaGetErrorName(status), ", ", cudaGetErrorString(status));
  return a;
}

}  // namespace v0
}  // namespace fsis
