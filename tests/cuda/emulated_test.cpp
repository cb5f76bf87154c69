// SPDX-License-Identifier: MIT
// The CUDA backend without a device: its kernels, contexts and errors in emulation.
#include <cuda/ops.hpp>

#include <fsis/tensor/dlpack.hpp>

#include <cuda/emulation.hpp>

using namespace fsis_test;
using fsis::cuda_context;
using fsis::cuda_options;
namespace emulation = fsis_test::emulation;
namespace ops = fsis::ops;

namespace {

/// Without cuDNN and cuBLAS, which emulation does not reach.
cuda_options plain_sums() {
  cuda_options o;
  o.convolutions = fsis::convolution_algorithm::direct;
  return o;
}

template <class T>
using on_cuda = fsis::tensor<T, cuda_context>;

}  // namespace

TEST_CASE("every op gives on CUDA what it gives on the processor, in float") {
  check_op_table<float>(cuda_context(plain_sums()), 4);
}

TEST_CASE("every op gives on CUDA what it gives on the processor, in double") {
  check_op_table<double>(cuda_context(plain_sums()), 4);
}

TEST_CASE("results are the same bytes on every run") {
  cuda_context const ctx(plain_sums());
  auto const x = random_tensor<float>(ctx, {1, 300, 200, 3}, 1);
  CHECK(to_host(ctx, ops::sum_to_channels(ctx, x)) == to_host(ctx, ops::sum_to_channels(ctx, x)));
  CHECK(item(ctx, ops::sum(ctx, x)) == item(ctx, ops::sum(ctx, x)));
}

TEST_CASE("a context gives its memory back") {
  std::weak_ptr<void> block;
  {
    on_cuda<float> kept;
    {
      cuda_context const ctx(plain_sums());
      kept = random_tensor<float>(ctx, {100, 100}, 1);
      CHECK(ctx.memory().statistics().in_use >= 40000);
      block = kept.elements();
    }
    CHECK_FALSE(block.expired());  // a tensor outlives its context
  }
  CHECK(block.expired());
}

TEST_CASE("work is given to the stream and not waited for") {
  cuda_context const ctx(plain_sums());
  auto const x = random_tensor<float>(ctx, {1, 20, 20, 8}, 1);
  auto const before = emulation::counted();
  auto const y = ops::map(ctx, x, fsis::kernels::relu{});
  auto const s = ops::sum(ctx, y);
  auto const after = emulation::counted();
  CHECK(after.launches == before.launches + 2);
  CHECK(after.synchronisations == before.synchronisations);
  CHECK(after.copies == before.copies);
  item(ctx, s);
  CHECK(emulation::counted().synchronisations == before.synchronisations + 1);
}

TEST_CASE("blocks are used again without asking the driver") {
  cuda_context const ctx(plain_sums());
  auto const x = random_tensor<float>(ctx, {1, 32, 32, 8}, 1);
  ops::map(ctx, x, fsis::kernels::relu{});
  auto const before = emulation::counted().allocations;
  for (int i = 0; i < 10; ++i) ops::map(ctx, x, fsis::kernels::relu{});
  CHECK(emulation::counted().allocations == before);
}

TEST_CASE("a machine without a device says so") {
  emulation::set_devices(0);
  auto const available = fsis::cuda_available();
  CHECK_FALSE(static_cast<bool>(available));
  CHECK(mentions(available.reason, "no usable CUDA device", "no driver"));
  CHECK(mentions(error_text([] { cuda_context const ctx; }), "cuda_context", "no usable CUDA device"));
  emulation::set_devices(1);
  CHECK(static_cast<bool>(fsis::cuda_available()));
  cuda_options second;
  second.device = 1;
  CHECK(mentions(error_text([&] { cuda_context const ctx(second); }), "device 1", "wanted 0 to 0"));
}

TEST_CASE("a second device is used where it is asked for, and the current one stays") {
  emulation::set_devices(2);
  {
    cuda_options second = plain_sums();
    second.device = 1;
    cuda_context const ctx(second);
    CHECK(ctx.device() == 1);
    auto const x = random_tensor<float>(ctx, {4, 4}, 1);
    ops::sum(ctx, x);
    int current = -1;
    cudaGetDevice(&current);
    CHECK(current == 0);
  }
  emulation::set_devices(1);
}

TEST_CASE("a failed call throws with its name, and the next one is not blamed") {
  cuda_context const ctx(plain_sums());
  auto const x = random_tensor<float>(ctx, {8, 8}, 1);
  auto const wanted = to_host(ctx, ops::map(ctx, x, fsis::kernels::relu{}));
  int failures = 0;
  for (int n = 1; n < 40; ++n) {
    emulation::fail_call(n);
    try {
      auto const y = to_host(ctx, ops::map(ctx, x, fsis::kernels::relu{}));
      emulation::fail_call(0);
      CHECK(y == wanted);
    } catch (fsis::device_error const& e) {
      ++failures;
      CHECK(mentions(e.what(), "cuda"));
    }
    emulation::fail_call(0);
    CHECK(cudaGetLastError() == cudaSuccess);
    CHECK(to_host(ctx, ops::map(ctx, x, fsis::kernels::relu{})) == wanted);
  }
  CHECK(failures >= 4);
}

TEST_CASE("a memory limit is kept, with a message") {
  cuda_options o = plain_sums();
  o.memory_limit = 1 << 20;
  cuda_context const ctx(o);
  CHECK(mentions(error_text([&] { on_cuda<float>(ctx, {1 << 20}); }), "memory", "limit of 1048576"));
  CHECK_NOTHROW(on_cuda<float>(ctx, {1 << 10}));
}

TEST_CASE("the caller's allocator gives all memory of tensors") {
  struct counting final : fsis::memory_source {
    fsis::stream_ordered_memory inner;
    int blocks = 0;
    explicit counting(std::shared_ptr<fsis::cuda_stream const> s) : inner(std::move(s)) {}
    void* allocate(std::size_t bytes) noexcept override { return ++blocks, inner.allocate(bytes); }
    void free(void* block) noexcept override { --blocks, inner.free(block); }
  };
  int of_caller = 0;
  auto const stream = reinterpret_cast<cudaStream_t>(&of_caller);
  auto const memory = std::make_shared<counting>(std::make_shared<fsis::cuda_stream const>(0, stream));
  {
    cuda_options o = plain_sums();
    o.stream = stream;
    o.memory = memory;
    cuda_context const ctx(o);
    CHECK(ctx.stream() == stream);
    auto const x = random_tensor<float>(ctx, {64, 64}, 1);
    CHECK(memory->blocks >= 1);
  }
  CHECK(memory->blocks == 0);
}

TEST_CASE("a device's tensor goes to another library and back without a copy") {
  cuda_context const ctx(plain_sums());
  auto const t = random_tensor<float>(ctx, {3, 5}, 1);
  auto const copies = emulation::counted().copies;
  auto out = to_dlpack(ctx, t);
  CHECK(out->array.device.type == fsis::dlpack::cuda);
  CHECK(out->array.device.id == 0);
  CHECK(out->array.data == t.data());
  auto const back = fsis::from_dlpack<float>(ctx, std::move(out));
  CHECK(back.data() == t.data());
  CHECK(emulation::counted().copies == copies);
  CHECK(to_host(ctx, ops::sum(ctx, back)) == to_host(ctx, ops::sum(ctx, t)));
  fsis::cpu_context const cpu;
  CHECK(mentions(error_text([&] { fsis::from_dlpack<float>(cpu, to_dlpack(ctx, t)); }), "device 2:0", "wanted 1:0"));
}

TEST_CASE("operands of shorter precision are rounded on the device as on the host") {
  cuda_context const ctx(plain_sums());
  auto const x = random_tensor<float>(ctx, {1000}, 1);
  auto const halves = ctx.allocate(2000);
  auto* const bits = static_cast<std::uint16_t*>(halves.get());
  on_cuda<float> back(ctx, {1000});
  auto const values = to_host(ctx, x);
  fsis::backend::for_each(ctx, 1000, fsis::kernels::to_bf16{bits, x.data()});
  fsis::backend::for_each(ctx, 1000, fsis::kernels::from_bf16{back.data(), bits});
  auto const found_bf16 = to_host(ctx, back);
  for (std::size_t i = 0; i < 1000; ++i) REQUIRE(found_bf16[i] == fsis::from_bfloat16(fsis::to_bfloat16(values[i])));
  fsis::backend::for_each(ctx, 1000, fsis::kernels::to_fp16{bits, x.data()});
  fsis::backend::for_each(ctx, 1000, fsis::kernels::from_fp16{back.data(), bits});
  auto const found = to_host(ctx, back);
  for (std::size_t i = 0; i < 1000; ++i) REQUIRE(found[i] == fsis::from_half(fsis::to_half(values[i])));
}
