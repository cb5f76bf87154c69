// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/device/cuda_runtime.hpp>
#include <fsis/device/memory_source.hpp>

#include <cstring>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {

/// A stream with its device. A stream of one's own is destroyed with this object, a borrowed one is not.
class cuda_stream {
 public:
  /// Makes one that does not wait for the default stream.
  explicit cuda_stream(int device) : device_(device), is_own_(true) {
    cuda_device_scope const scope(device);
    cuda_check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
  }
  cuda_stream(int device, cudaStream_t borrowed) : device_(device), stream_(borrowed) {}
  cuda_stream(cuda_stream const&) = delete;
  cuda_stream& operator=(cuda_stream const&) = delete;
  ~cuda_stream() {
    if (is_own_) (void)cudaStreamDestroy(stream_);
  }

  int device() const { return device_; }
  cudaStream_t get() const { return stream_; }

 private:
  int device_;
  cudaStream_t stream_ = nullptr;
  bool is_own_ = false;
};

/// Device memory in the order of a stream: what is freed may be used again by work that is given to the stream later.
class stream_ordered_memory final : public memory_source {
 public:
  explicit stream_ordered_memory(std::shared_ptr<cuda_stream const> stream) : stream_(std::move(stream)) {}

  void* allocate(std::size_t bytes) noexcept override {
    void* block = nullptr;
    if (cudaMallocAsync(&block, bytes, stream_->get()) == cudaSuccess) return block;
    (void)cudaGetLastError();
    return nullptr;
  }
  void free(void* block) noexcept override { (void)cudaFreeAsync(block, stream_->get()); }

 private:
  std::shared_ptr<cuda_stream const> stream_;
};

/// Pinned host memory that uploads pass through, so that the caller's buffer is free when the call returns and the copy
/// goes on beside other work. A block is used again when its copy has ended.
class upload_buffers {
 public:
  explicit upload_buffers(std::shared_ptr<cuda_stream const> stream) : stream_(std::move(stream)) {}
  upload_buffers(upload_buffers const&) = delete;
  upload_buffers& operator=(upload_buffers const&) = delete;
  ~upload_buffers() {
    for (block const& b : blocks_) {
      (void)cudaEventSynchronize(b.copied);
      (void)cudaEventDestroy(b.copied);
      (void)cudaFreeHost(b.memory);
    }
  }

  /// Copies host numbers to the device in the order of the stream.
  void copy(void* to, void const* from, std::size_t bytes) {
    std::lock_guard<std::mutex> lock(mutex_);
    block& b = free_block(bytes);
    std::memcpy(b.memory, from, bytes);
    cuda_check(cudaMemcpyAsync(to, b.memory, bytes, cudaMemcpyHostToDevice, stream_->get()), "cudaMemcpyAsync");
    cuda_check(cudaEventRecord(b.copied, stream_->get()), "cudaEventRecord");
  }

 private:
  struct block {
    void* memory;
    std::size_t size;
    cudaEvent_t copied;
  };

  block& free_block(std::size_t bytes) {
    for (block& b : blocks_)
      if (b.size >= bytes && cudaEventQuery(b.copied) == cudaSuccess) return b;
    (void)cudaGetLastError();  // an event that is not there yet counts as an error
    constexpr std::size_t least = std::size_t{1} << 20;
    block made{nullptr, bytes < least ? least : bytes, nullptr};
    cuda_check(cudaMallocHost(&made.memory, made.size), "cudaMallocHost");
    if (cudaError_t const status = cudaEventCreateWithFlags(&made.copied, cudaEventDisableTiming);
        status != cudaSuccess) {
      (void)cudaFreeHost(made.memory);
      cuda_check(status, "cudaEventCreateWithFlags");
    }
    blocks_.push_back(made);
    return blocks_.back();
  }

  std::shared_ptr<cuda_stream const> stream_;
  std::mutex mutex_;
  std::vector<block> blocks_;
};

}  // namespace v0
}  // namespace fsis
