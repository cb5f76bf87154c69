// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/device/cuda_runtime.hpp>

#include <memory>
#include <type_traits>

namespace fsis {
inline namespace v0 {
namespace bench {

/// The time that a stream takes for work, between an event before it and one after it: what the host does meanwhile
/// does not count, and what the device waits for the host does.
class cuda_clock {
 public:
  static constexpr char const* name = "cuda";

  explicit cuda_clock(cudaStream_t stream) : stream_(stream), before_(made()), after_(made()) {}

  template <class Work>
  double seconds(Work const& work) const {
    cuda_check(cudaEventRecord(before_.get(), stream_), "cudaEventRecord");
    work();
    cuda_check(cudaEventRecord(after_.get(), stream_), "cudaEventRecord");
    cuda_check(cudaEventSynchronize(after_.get()), "cudaEventSynchronize");
    float milliseconds = 0;
    cuda_check(cudaEventElapsedTime(&milliseconds, before_.get(), after_.get()), "cudaEventElapsedTime");
    return 1e-3 * static_cast<double>(milliseconds);
  }

 private:
  using event = std::shared_ptr<std::remove_pointer_t<cudaEvent_t>>;

  static event made() {
    cudaEvent_t e = nullptr;
    cuda_check(cudaEventCreate(&e), "cudaEventCreate");
    return event(e, [](cudaEvent_t old) { (void)cudaEventDestroy(old); });
  }

  cudaStream_t stream_;
  event before_, after_;
};

}  // namespace bench
}  // namespace v0
}  // namespace fsis
