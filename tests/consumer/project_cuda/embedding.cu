// SPDX-License-Identifier: MIT
// fsis inside a CUDA program: the program's stream, allocator and buffers, its own kernels before and after, and no
// copy in between. A picture that a kernel has drawn is smoothed by a convolution of fsis where it lies; a kernel
// counts the bright pixels of the result.

#include <fsis/cuda.cuh>
#include <fsis/tensor.hpp>

#include <cstdio>

namespace {

constexpr int side = 64;

__global__ void draw_disc(float* picture) {
  int const x = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x), y = static_cast<int>(blockIdx.y);
  if (x < side) picture[y * side + x] = (x - 32) * (x - 32) + (y - 32) * (y - 32) < 400 ? 1.0f : 0.0f;
}

__global__ void count_bright(float const* picture, int* count) {
  int const i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < side * side && picture[i] > 0.5f) atomicAdd(count, 1);
}

/// The program's allocator; fsis takes its tensors' memory from it, and gives it back.
class program_memory final : public fsis::memory_source {
 public:
  explicit program_memory(cudaStream_t stream) : stream_(stream) {}
  void* allocate(std::size_t bytes) noexcept override {
    void* block = nullptr;
    return cudaMallocAsync(&block, bytes, stream_) == cudaSuccess ? block : nullptr;
  }
  void free(void* block) noexcept override { (void)cudaFreeAsync(block, stream_); }

 private:
  cudaStream_t stream_;
};

int run() {
  cudaStream_t stream;
  fsis::cuda_check(cudaStreamCreate(&stream), "cudaStreamCreate");
  float* picture = nullptr;
  int* count = nullptr;
  fsis::cuda_check(cudaMalloc(&picture, side * side * sizeof(float)), "cudaMalloc");
  fsis::cuda_check(cudaMalloc(&count, sizeof(int)), "cudaMalloc");
  draw_disc<<<dim3(1, side), 64, 0, stream>>>(picture);
  cudaMemsetAsync(count, 0, sizeof(int), stream);
  {
    fsis::cuda_options options;
    options.stream = stream;
    options.memory = std::make_shared<program_memory>(stream);
    fsis::cuda_context const ctx(options);
    using tensor = fsis::tensor<float, fsis::cuda_context>;
    tensor const drawn = tensor::borrow(nullptr, picture, {1, side, side, 1});  // the buffer itself
    tensor const blur = fsis::ops::full(ctx, {1, 3, 3, 1}, 1.0f / 9);
    tensor const smooth = fsis::ops::conv2d(ctx, drawn, blur, {}, {{1, 1}, {1, 1}});
    count_bright<<<side * side / 256, 256, 0, stream>>>(smooth.data(), count);  // in the order of the stream
  }
  int bright = 0;
  cudaMemcpyAsync(&bright, count, sizeof(int), cudaMemcpyDeviceToHost, stream);
  fsis::cuda_check(cudaStreamSynchronize(stream), "cudaStreamSynchronize");
  std::printf("%d bright pixels\n", bright);
  cudaFree(count);
  cudaFree(picture);
  cudaStreamDestroy(stream);
  return bright > 1200 && bright < 1320 ? 0 : 1;  // a disc of radius 20
}

}  // namespace

int main() {
  if (auto const available = fsis::cuda_available(); !available) {
    std::printf("skipped: %s\n", available.reason.c_str());
    return 0;
  }
  return run();
}
