// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/bench/report.hpp>
#include <fsis/bench/text_table.hpp>

#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace bench {

/// The machine and its measured peaks, a line for each number of threads.
inline std::string machine_text(report const& r) {
  std::string text = r.device.name + ", " + name_of(r.device.instructions) + ", " + std::to_string(r.device.threads) +
                     " threads, caches " + bytes_text(static_cast<double>(r.device.l1d_bytes)) + ", " +
                     bytes_text(static_cast<double>(r.device.l2_bytes)) + ", " +
                     bytes_text(static_cast<double>(r.device.l3_bytes)) + "\n";
  for (peaks const& p : r.measured)
    text += "peak with " + std::to_string(p.threads) + (p.threads == 1 ? " thread" : " threads") + ", " +
            name_of(p.instructions) + ": " + fixed_text(p.flops_per_second / 1e9, 1) + " GFLOP/s, copy " +
            fixed_text(p.bytes_per_second / 1e9, 1) + " GB/s\n";
  return text;
}

/// The states as a table: median and quartiles of the time, arithmetic and bytes per second, per cent of the limit,
/// ratio of medians with the first contender, most memory held, share of the machine that was there to be had.
inline std::string states_text(report const& r) {
  text_table table({"benchmark", "contender", "at", "caches", "median", "q1", "q3", "GFLOP/s", "GB/s", "limit", "ratio",
                    "memory", "machine"},
                   4);
  for (state const& s : r.states) {
    std::string const at = to_string(s.axes);
    if (s.result != outcome::timed) {
      table.add({s.benchmark, s.contender, at, (s.result == outcome::wrong ? "WRONG: " : "skipped: ") + s.reason});
      continue;
    }
    peaks const* const p = peaks_of(r, s);
    for (caches how : {caches::warm, caches::cold}) {
      if (!s.at(how)) continue;
      measurement const& m = *s.at(how);
      double const t = m.seconds.median;
      table.add({s.benchmark, s.contender, at, name_of(how), time_text(t), time_text(m.seconds.q1),
                 time_text(m.seconds.q3), fixed_text(s.counts.flops / t / 1e9, 1),
                 fixed_text(s.counts.bytes / t / 1e9, 1),
                 p == nullptr ? "-" : fixed_text(100 * utilization(s.counts, *p, t), 0) + "%",
                 m.against ? fixed_text(m.against->of_medians, 3) : "-",
                 s.memory_bytes ? bytes_text(static_cast<double>(*s.memory_bytes)) : "-",
                 p == nullptr || m.loop_flops_per_second == 0 ? "-" : fixed_text(100 * machine_share(m, *p), 0) + "%"});
    }
  }
  return table.text();
}

}  // namespace bench
}  // namespace v0
}  // namespace fsis
