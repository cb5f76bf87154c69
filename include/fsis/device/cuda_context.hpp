// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/math.hpp>
#include <fsis/device/cuda_memory.hpp>
#include <fsis/device/convolution_algorithm.hpp>
#include <fsis/device/memory_pool.hpp>

#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <typeindex>
#include <utility>

struct cudnnContext;
struct cublasContext;

namespace fsis {
inline namespace v0 {

/// In what numbers a device multiplies. Sums are floats everywhere, and so are tensors.
enum class cuda_precision { float32, tf32, bf16, fp16 };

struct cuda_options {
  std::optional<cudaStream_t> stream;     ///< the caller's, which must outlive all tensors; without: one of its own
  int device = -1;                        ///< -1: the current one; that of the stream where one is given
  std::shared_ptr<memory_source> memory;  ///< the caller's allocator for the stream; null: cudaMallocAsync
  cudnnContext* cudnn = nullptr;          ///< the caller's handle for the stream; null: one of its own
  cublasContext* cublas = nullptr;
  std::size_t memory_limit = (std::numeric_limits<std::size_t>::max)();  ///< bytes of tensors, cached blocks included
  std::size_t workspace_limit = std::size_t{1} << 30;  ///< bytes that one convolution may take beside its operands
  cuda_precision precision = cuda_precision::float32;
  bool deterministic = true;  ///< the same bytes on every run, of one device and one version of cuDNN
  convolution_algorithm convolutions = convolution_algorithm::any;
};

/// Where CUDA tensors live and CUDA work runs: one stream of one device, with the memory and the handles that belong
/// to it. Work is given to the stream and not waited for; only copies to the host wait. Two contexts run
/// independently. Work may be given by several threads, one at a time.
class cuda_context {
 public:
  cuda_context() : cuda_context(cuda_options{}) {}

  /// On the caller's stream.
  explicit cuda_context(cudaStream_t stream) : cuda_context(on_stream(stream)) {}

  /// Throws `device_error` where no device can be used, and says why.
  explicit cuda_context(cuda_options const& options)
      : options_(checked(options)),
        stream_(options_.stream ? std::make_shared<cuda_stream const>(options_.device, *options_.stream)
                                : std::make_shared<cuda_stream const>(options_.device)),
        memory_(separate_memory()),
        uploads_(std::make_unique<upload_buffers>(stream_)) {}

  cuda_options const& options() const { return options_; }
  int device() const { return stream_->device(); }
  cudaStream_t stream() const { return stream_->get(); }
  memory_pool& memory() const { return *memory_; }
  convolution_algorithm convolutions() const { return options_.convolutions; }

  /// Uninitialised, 64-byte aligned memory of the device that returns to the pool with its last owner.
  std::shared_ptr<void> allocate(std::size_t bytes) const {
    cuda_device_scope const scope(device());
    return memory_->allocate(bytes);
  }

  /// The host's numbers may change when this returns; the copy goes on in the order of the stream.
  void copy_from_host(void* to, void const* from, std::size_t bytes) const {
    if (bytes == 0) return;
    cuda_device_scope const scope(device());
    uploads_->copy(to, from, bytes);
  }

  /// Waits for what the stream has been given.
  void copy_to_host(void* to, void const* from, std::size_t bytes) const {
    if (bytes == 0) return;
    cuda_device_scope const scope(device());
    cuda_check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, stream()), "cudaMemcpyAsync");
    synchronize();
  }

  /// Waits for the stream of this context, and no other.
  void synchronize() const { cuda_check(cudaStreamSynchronize(stream()), "cudaStreamSynchronize"); }

  /// A pool of the same memory that shares no blocks with that of the context.
  std::shared_ptr<memory_pool> separate_memory() const {
    auto source = options_.memory;
    if (source == nullptr) source = std::make_shared<stream_ordered_memory>(stream_);
    return std::make_shared<memory_pool>(options_.memory_limit, std::move(source));
  }

  /// Until the end of the scope the context takes its memory from another pool.
  class memory_scope {
   public:
    memory_scope(cuda_context const& ctx, std::shared_ptr<memory_pool> memory) : ctx_(ctx), before_(ctx.memory_) {
      ctx.memory_ = std::move(memory);
    }
    memory_scope(memory_scope const&) = delete;
    memory_scope& operator=(memory_scope const&) = delete;
    ~memory_scope() { ctx_.memory_ = std::move(before_); }

   private:
    cuda_context const& ctx_;
    std::shared_ptr<memory_pool> before_;
  };

  /// What a backend keeps for a context, handles and plans: one object of type `Part`, made from the context when it is
  /// first asked for.
  template <class Part>
  Part& part() const {
    std::lock_guard<std::recursive_mutex> lock(parts_mutex_);  // a part may ask for another one
    std::shared_ptr<void>& p = parts_[std::type_index(typeid(Part))];
    if (p == nullptr) p = std::make_shared<Part>(*this);
    return *static_cast<Part*>(p.get());
  }

 private:
  static cuda_options on_stream(cudaStream_t stream) {
    cuda_options o;
    o.stream = stream;
    return o;
  }

  static cuda_options checked(cuda_options o) {
    auto const available = cuda_available();
    require<device_error>(static_cast<bool>(available), "cuda_context: ", available.reason);
    require<value_error>(o.device >= -1 && o.device < available.devices, "cuda_context: device ", o.device,
                         ", wanted 0 to ", available.devices - 1, " or -1 (the current one)");
    if (o.device < 0) cuda_check(cudaGetDevice(&o.device), "cudaGetDevice");
    return o;
  }

  cuda_options options_;
  std::shared_ptr<cuda_stream const> stream_;
  mutable std::shared_ptr<memory_pool> memory_;
  std::unique_ptr<upload_buffers> uploads_;
  mutable std::recursive_mutex parts_mutex_;
  mutable std::map<std::type_index, std::shared_ptr<void>> parts_;  // last: they go first
};

}  // namespace v0
}  // namespace fsis
