// SPDX-License-Identifier: MIT
#pragma once

#include "device.hpp"

#include <fsis/cuda.cuh>

#include <fsis/bench/contest.hpp>
#include <fsis/core/random.hpp>
#include <fsis/tensor/transfer.hpp>

#include <memory>
#include <string>
#include <vector>

namespace fsis_bench {

using fsis::index_t;
using fsis::shape;

struct named_precision {
  char const* name;
  fsis::cuda_precision value;
  double tolerance;  // of results that went through many layers
};
constexpr named_precision precisions[] = {{"float32", fsis::cuda_precision::float32, 1e-3},
                                          {"tf32", fsis::cuda_precision::tf32, 2e-2},
                                          {"bf16", fsis::cuda_precision::bf16, 1e-1},
                                          {"fp16", fsis::cuda_precision::fp16, 2e-2}};

template <class Context>
fsis::tensor<float, Context> normal_tensor(Context const& ctx, shape const& extents, double size,
                                           std::uint64_t seed) {
  fsis::random_stream draw(seed);
  std::vector<float> v(static_cast<std::size_t>(extents.size()));
  for (float& x : v) x = static_cast<float>(size * draw.normal());
  return fsis::from_host<float>(ctx, extents, v);
}

/// A benchmark of what is written once for both kinds of contexts: `prepare(ctx)` makes the inputs and gives a
/// function that computes a tensor from them. One contender for each precision, "fsis-float32" and so on; all are
/// checked against the processor.
template <class Prepare>
void add_case(fsis::bench::registry& to, bench_device const& device, std::string const& name,
              std::string const& summary, fsis::bench::work const& counts, Prepare const& prepare,
              std::vector<named_precision> const& with = {precisions[0]}) {
  fsis::bench::contest<int> c;
  c.name = name;
  c.summary = summary;
  c.count = [=](fsis::bench::setting const&) { return counts; };
  c.problem = [](fsis::bench::environment const&) { return 0; };
  double const tolerance = with.back().tolerance;
  c.expected = [=](fsis::bench::environment const& env, int) {
    auto const wanted = fsis::to_host(*env.ctx, prepare(*env.ctx)());
    return fsis::bench::expect_some(
        static_cast<index_t>(wanted.size()),
        [&](index_t i) { return static_cast<double>(wanted[static_cast<std::size_t>(i)]); }, tolerance);
  };
  for (named_precision const& p : with)
    c.contenders.push_back(
        {std::string("fsis-") + p.name, [=](fsis::bench::environment const&, std::shared_ptr<int const> const&) {
           auto const ctx = device.context(p.value);
           auto const compute = std::make_shared<decltype(prepare(*ctx))>(prepare(*ctx));
           auto const result = std::make_shared<fsis::tensor<float, fsis::cuda_context>>();
           fsis::bench::runnable r;
           r.run = [=] { *result = (*compute)(); };
           r.result = [=] { return fsis::to_host(*ctx, *result); };
           r.memory = &ctx->memory();
           return r;
         }});
  to.add(fsis::bench::benchmark_of(c));
}

}  // namespace fsis_bench
