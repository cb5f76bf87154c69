// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/repeated.hpp>
#include <fsis/device/cuda_context.hpp>

#include <memory>

namespace fsis {
inline namespace v0 {
namespace backend {

/// Records the work of the second call as a CUDA graph and launches it from then on; the first call makes what a graph
/// cannot hold, plans and memory. Its memory is its own as long as it lives: nobody else gets a block that the graph
/// writes to. Where the work cannot be recorded it is done call by call.
template <>
class repeated<cuda_context> {
 public:
  repeated() = default;
  repeated(repeated&&) = default;
  repeated& operator=(repeated&&) = default;

  template <class Work>
  void operator()(cuda_context const& ctx, Work const& work) {
    if (state_ == state::recorded) return launch(ctx);
    if (memory_ == nullptr) memory_ = ctx.separate_memory();
    cuda_context::memory_scope const scope(ctx, memory_);
    if (state_ == state::new_work) {
      work();
      state_ = state::done_once;
    } else if (state_ == state::done_once && record(ctx, work)) {
      state_ = state::recorded;
      launch(ctx);
    } else {
      state_ = state::not_recordable;
      work();
    }
  }

  bool is_recorded() const { return state_ == state::recorded; }

 private:
  enum class state { new_work, done_once, recorded, not_recordable };

  template <class Work>
  bool record(cuda_context const& ctx, Work const& work) {
    cuda_device_scope const device(ctx.device());
    if (cudaStreamBeginCapture(ctx.stream(), cudaStreamCaptureModeThreadLocal) != cudaSuccess) return forget_error();
    cudaGraph_t recorded = nullptr;
    try {
      work();
    } catch (...) {
      if (cudaStreamEndCapture(ctx.stream(), &recorded) == cudaSuccess) (void)cudaGraphDestroy(recorded);
      return forget_error();
    }
    if (cudaStreamEndCapture(ctx.stream(), &recorded) != cudaSuccess) return forget_error();
    cudaGraphExec_t ready = nullptr;
    bool const is_ready = cudaGraphInstantiate(&ready, recorded, 0) == cudaSuccess;
    (void)cudaGraphDestroy(recorded);
    if (!is_ready) return forget_error();
    graph_ = std::shared_ptr<CUgraphExec_st>(ready, [](cudaGraphExec_t g) { (void)cudaGraphExecDestroy(g); });
    return true;
  }

  static bool forget_error() {
    (void)cudaGetLastError();
    return false;
  }

  void launch(cuda_context const& ctx) const {
    cuda_device_scope const device(ctx.device());
    cuda_check(cudaGraphLaunch(graph_.get(), ctx.stream()), "cudaGraphLaunch");
  }

  std::shared_ptr<memory_pool> memory_;
  std::shared_ptr<CUgraphExec_st> graph_;
  state state_ = state::new_work;
};

}  // namespace backend
}  // namespace v0
}  // namespace fsis
