// SPDX-License-Identifier: MIT
// The op table on a device: by cuDNN and cuBLAS in every precision, and by the kernels of our own.
#include <cuda/device.hpp>
#include <cuda/ops.hpp>

#include <thread>

using namespace fsis_test;
using fsis::cuda_context;
using fsis::cuda_options;
using fsis::cuda_precision;
namespace ops = fsis::ops;

namespace {

cuda_options with(cuda_precision precision) {
  cuda_options o;
  o.precision = precision;
  return o;
}

}  // namespace

TEST_CASE("every op gives on a device what it gives on the processor, by kernels of our own") {
  cuda_options o;
  o.convolutions = fsis::convolution_algorithm::direct;
  on_device(o, [](cuda_context const& ctx) {
    check_op_table<float>(ctx, 4);
    check_op_table<double>(ctx, 4);
  });
}

TEST_CASE("every op gives on a device what it gives on the processor, by cuDNN and cuBLAS") {
  // engines may run Winograd's algorithm, which rounds eight times as much
  on_device(with(cuda_precision::float32), [](cuda_context const& ctx) { check_op_table<float>(ctx, 32); });
}

TEST_CASE("shorter numbers are off by what they leave out") {
  // units of the last place of 11, 8 and 11 bits over those of float's 24, with the factor of plain sums
  on_device(with(cuda_precision::tf32), [](cuda_context const& ctx) { check_op_table<float>(ctx, 4 * 1024); });
  on_device(with(cuda_precision::bf16), [](cuda_context const& ctx) { check_op_table<float>(ctx, 4 * 8192); });
  on_device(with(cuda_precision::fp16), [](cuda_context const& ctx) { check_op_table<float>(ctx, 4 * 1024); });
}

TEST_CASE("a device gives the same bytes on every run") {
  for (auto const precision : {cuda_precision::float32, cuda_precision::tf32, cuda_precision::bf16})
    on_device(with(precision), [](cuda_context const& ctx) {
      auto const x = random_tensor<float>(ctx, {2, 48, 48, 64}, 1), f = random_tensor<float>(ctx, {64, 3, 3, 64}, 2);
      fsis::conv_options const same{{1, 1}, {1, 1}};
      auto const once = [&] {
        auto const y = ops::conv2d(ctx, x, f, {}, same);
        auto all = to_host(ctx, y);
        for (float v : to_host(ctx, ops::conv2d_backward_data(ctx, y, f, x.extents(), same))) all.push_back(v);
        for (float v : to_host(ctx, ops::conv2d_backward_filter(ctx, x, y, f.extents(), same))) all.push_back(v);
        all.push_back(item(ctx, ops::sum(ctx, y)));
        return all;
      };
      CHECK(once() == once());
    });
}

TEST_CASE("two contexts run on two threads at once") {
  on_device({}, [](cuda_context const&) {
    std::vector<float> sums(2);
    auto const work = [&](std::size_t i) {
      cuda_context const ctx;
      auto const x = random_tensor<float>(ctx, {1, 64, 64, 16}, 1), f = random_tensor<float>(ctx, {16, 3, 3, 16}, 2);
      for (int n = 0; n < 50; ++n) sums[i] = item(ctx, ops::sum(ctx, ops::conv2d(ctx, x, f)));
    };
    std::thread other(work, 1);
    work(0);
    other.join();
    CHECK(sums[0] == sums[1]);
  });
}

TEST_CASE("a device's memory comes back") {
  on_device({}, [](cuda_context const& ctx) {
    {
      auto const x = random_tensor<float>(ctx, {1, 256, 256, 64}, 1);
      ops::sum(ctx, x);
      CHECK(ctx.memory().statistics().in_use >= std::size_t{1} << 24);
    }
    CHECK(ctx.memory().statistics().in_use == 0);
    ctx.memory().release_cached();
    CHECK(ctx.memory().statistics().cached == 0);
  });
}
