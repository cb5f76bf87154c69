// SPDX-License-Identifier: MIT
// What memory bounds on a device, on 256 MiB and more, and the products behind the prior.
#include "cases.hpp"

#include <fsis/kernels/optimiser.hpp>
#include <fsis/ops/channels.hpp>
#include <fsis/ops/conv2d.hpp>
#include <fsis/ops/pool.hpp>
#include <fsis/ops/reduce.hpp>
#include <fsis/ops/resize.hpp>
#include <fsis/ops/similarity.hpp>

void fsis_bench::add_device_kernels(fsis::bench::registry& to, bench_device const& device) {
  namespace ops = fsis::ops;
  shape const large{4, 512, 512, 64};  // 256 MiB
  double const bytes = 4.0 * static_cast<double>(large.size()), count = static_cast<double>(large.size());
  auto const of_large = [=](auto const& f) {
    return [=](auto const& ctx) {
      auto const x = ops::full(ctx, large, 0.5f);
      return [&ctx, x, f] { return f(ctx, x); };
    };
  };
  add_case(to, device, "device.copy", "256 MiB from memory to memory", {0, 2 * bytes},
           of_large([](auto const& ctx, auto const& x) { return ops::clone(ctx, x); }));
  add_case(to, device, "device.relu", "of 256 MiB", {count, 2 * bytes},
           of_large([](auto const& ctx, auto const& x) { return ops::map(ctx, x, fsis::kernels::relu{}); }));
  add_case(to, device, "device.sigmoid", "of 256 MiB", {4 * count, 2 * bytes},
           of_large([](auto const& ctx, auto const& x) { return ops::map(ctx, x, fsis::kernels::sigmoid{}); }));
  add_case(to, device, "device.sum", "of 256 MiB", {count, bytes},
           of_large([](auto const& ctx, auto const& x) { return ops::sum(ctx, x); }));
  add_case(to, device, "device.sum_to_channels", "of 256 MiB", {count, bytes},
           of_large([](auto const& ctx, auto const& x) { return ops::sum_to_channels(ctx, x); }));
  add_case(to, device, "device.max_pool", "of 256 MiB", {count, 1.25 * bytes},
           of_large([](auto const& ctx, auto const& x) { return ops::max_pool(ctx, x); }));
  add_case(to, device, "device.softmax", "over the 64 channels of 256 MiB", {5 * count, 2 * bytes},
           of_large([](auto const& ctx, auto const& x) { return ops::softmax(ctx, x); }));
  add_case(to, device, "device.resize", "bilinear, to 256 MiB, twice as large", {7 * count, 1.25 * bytes},
           [=](auto const& ctx) {
             auto const x = normal_tensor(ctx, {4, 256, 256, 64}, 1, 1);
             return [&ctx, x] { return ops::resize(ctx, x, 512, 512); };
           });
  add_case(
      to, device, "device.prior", "best cosine of 2304 places with 2304, 512 channels",
      {2 * 2304.0 * 2304 * 512, 4 * 2 * 2304.0 * 512}, [](auto const& ctx) {
        auto const q = normal_tensor(ctx, {1, 48, 48, 512}, 1, 1), s = normal_tensor(ctx, {1, 48, 48, 512}, 1, 2);
        auto const weight = ops::full(ctx, {1, 48, 48, 1}, 1.0f);
        return [&ctx, q, s, weight] { return ops::best_similarity(ctx, q, s, weight); };
      });
}
