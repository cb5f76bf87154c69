// SPDX-License-Identifier: MIT
// Times the CUDA backend by the events of its stream: fsis-bench-cuda [REPORT.json]. Without a device it says so.
#include "device.hpp"

#include <fsis/bench/cuda_clock.hpp>
#include <fsis/bench/report_json.hpp>
#include <fsis/bench/report_text.hpp>
#include <fsis/bench/runner.hpp>

#include <cstdio>

int main(int argc, char** argv) {
  if (auto const available = fsis::cuda_available(); !available) {
    std::printf("skipped: %s\n", available.reason.c_str());
    return 0;
  }
  try {
    fsis_bench::bench_device device{};
    fsis::cuda_check(cudaStreamCreateWithFlags(&device.stream, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
    fsis::bench::registry all;
    fsis_bench::add_device_kernels(all, device);
    fsis_bench::add_device_networks(all, device);

    fsis::bench::run_options quick;
    quick.min_seconds = 0.05;
    fsis::bench::runner<fsis::bench::cuda_clock> const bench(quick, fsis::bench::cuda_clock(device.stream));
    fsis::bench::report r;
    for (int i = 0; i < argc; ++i) r.meta.argv.push_back(argv[i]);
    r.meta.compiler = __VERSION__;
    r.device = bench.device();
    cudaDeviceProp properties;
    fsis::cuda_check(cudaGetDeviceProperties(&properties, 0), "cudaGetDeviceProperties");
    r.device.name = properties.name;
    for (fsis::bench::benchmark const& b : all.matching("*"))
      for (fsis::bench::state& s : bench.run(b, fsis::bench::setting(b.axes))) {
        if (s.warm)
          std::printf("%-24s %-14s %9.3f ms %8.1f GFLOP/s %7.1f GB/s\n", s.benchmark.c_str(), s.contender.c_str(),
                      1e3 * s.warm->seconds.median, 1e-9 * s.counts.flops / s.warm->seconds.median,
                      1e-9 * s.counts.bytes / s.warm->seconds.median);
        else
          std::printf("%-24s %-14s %s\n", s.benchmark.c_str(), s.contender.c_str(), s.reason.c_str());
        std::fflush(stdout);
        r.states.push_back(std::move(s));
        if (argc > 1) fsis::bench::write_report(r, argv[1]);
      }
  } catch (fsis::error const& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
