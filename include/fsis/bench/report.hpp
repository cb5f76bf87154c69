// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/bench/benchmark.hpp>
#include <fsis/bench/machine.hpp>
#include <fsis/bench/peaks.hpp>
#include <fsis/bench/statistics.hpp>
#include <fsis/core/math.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace bench {

/// Was the data of a run in the caches when it began?
enum class caches {
  warm,  ///< as the run before left them
  cold   ///< emptied before each run
};

inline char const* name_of(caches c) { return c == caches::warm ? "warm" : "cold"; }

/// Samples of one contender, in seconds of one run.
struct measurement {
  summary seconds;
  index_t runs_per_sample = 1;
  std::vector<double> samples;   ///< in the order in which they were taken
  std::optional<ratio> against;  ///< the benchmark's first contender, where it took turns with it
  /// What the arithmetic loop reached right before the samples or right after them, whichever is less: below the peak
  /// somebody else was at work, or the processor was slowed down. 0 where it was not asked.
  double loop_flops_per_second = 0;
};

/// What became of a contender.
enum class outcome {
  timed,
  skipped,  ///< it cannot run at this setting
  wrong     ///< its result is not the expected one: it was not timed
};

/// One contender of one benchmark at one setting.
struct state {
  std::string benchmark, contender;
  std::vector<std::pair<std::string, index_t>> axes;  ///< and their values, `threads` among them
  std::string swept;                                  ///< the axis that this run is one of several of, or ""
  std::string clock = "cpu";
  work counts;
  outcome result = outcome::timed;
  std::string reason;                   ///< why it was skipped, or what is wrong
  std::optional<index_t> memory_bytes;  ///< most that its pool held, where that is known
  std::optional<measurement> warm, cold;

  std::optional<measurement> const& at(caches c) const { return c == caches::warm ? warm : cold; }

  /// The value of an axis; 0 where there is none.
  index_t axis_value(std::string const& name) const {
    for (auto const& a : axes)
      if (a.first == name) return a.second;
    return 0;
  }
};

/// Where the numbers come from.
struct provenance {
  std::vector<std::string> argv;
  std::string version, compiler;
  std::string git_sha;    ///< of the source the program was built from; "" where that is not known
  bool is_dirty = false;  ///< was it changed since?
};

/// All that one run of a benchmark program found out.
struct report {
  provenance meta;
  machine device;
  std::vector<peaks> measured;  ///< one for each number of threads
  std::vector<state> states;
};

/// The peaks that hold for a state; null where none was measured.
inline peaks const* peaks_of(report const& r, state const& s) {
  for (peaks const& p : r.measured)
    if (p.threads == s.axis_value("threads")) return &p;
  return nullptr;
}

/// The least time that the machine's measured peaks allow for some work: what its arithmetic takes, or moving its bytes
/// from and to memory, whichever is longer.
inline double least_seconds(work const& w, peaks const& p) {
  return hd_max(w.flops / p.flops_per_second, w.bytes / p.bytes_per_second);
}

/// That least time over the one taken: 1 at the limit. Above 1 where an algorithm needs fewer operations than were
/// counted, or where caches spare memory the bytes.
inline double utilization(work const& w, peaks const& p, double seconds) { return least_seconds(w, p) / seconds; }

/// The share of the machine that a measurement had, 1 for all of it; 0 where that was not asked.
inline double machine_share(measurement const& m, peaks const& p) {
  return m.loop_flops_per_second / p.flops_per_second;
}

}  // namespace bench
}  // namespace v0
}  // namespace fsis
