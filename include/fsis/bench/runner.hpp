// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/bench/check.hpp>
#include <fsis/bench/clock.hpp>
#include <fsis/bench/cold_caches.hpp>
#include <fsis/bench/report.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace bench {

struct run_options {
  index_t rounds = 11;        ///< samples of each contender, at least
  double min_seconds = 0.2;   ///< of samples of each contender, at least, up to `most_rounds`
  index_t most_rounds = 1000;
  bool warm = true, cold = false;
  instruction_set instructions = supported_instruction_set();  ///< at most
};

/// Throws `value_error` naming the option that is outside its range.
inline void check(run_options const& o) {
  require<value_error>(o.rounds >= 1 && o.rounds <= o.most_rounds, "bench: ", o.rounds, " rounds, wanted 1 to ",
                       o.most_rounds);
  require<value_error>(o.min_seconds >= 0 && o.min_seconds <= 3600, "bench: min_seconds ", o.min_seconds,
                       ", wanted 0 to 3600");
  require<value_error>(o.warm || o.cold, "bench: neither warm nor cold caches, wanted at least one");
}

/// Runs benchmarks. Contenders take turns, round after round, forwards and backwards: what slows the machine for a
/// while slows them all, and what one leaves in the caches is not always the same one's burden. Each is checked before
/// it is timed, at its first and at its third run (forms of filters are kept from the second run on).
template <class Clock = cpu_clock>
class runner {
  static_assert(detail::is_clock<Clock>::value,
                "a clock has a name and seconds(work), which runs the work and returns a number (bench/clock.hpp)");

 public:
  /// Throws `value_error` on options outside their range.
  explicit runner(run_options const& options = {}, Clock clock = {})
      : options_(options), clock_(std::move(clock)), machine_(this_machine()), empty_(machine_) {
    check(options_);
  }

  machine const& device() const { return machine_; }

  /// Times some contenders of a benchmark, all when none is named; one state each, the first contender's first. Throws
  /// `value_error` for a name that is no contender's, an empty setting's complaints, and `device_error` for work that
  /// memory does not suffice for.
  std::vector<state> run(benchmark const& b, setting const& at, std::vector<std::string> names = {},
                         std::string const& swept = "") const {
    names = chosen(b, std::move(names));
    work const counts = b.count(at);
    require<device_error>(machine_.memory_bytes == 0 || counts.bytes < static_cast<double>(machine_.memory_bytes),
                          "bench: ", b.name, " at ", to_string(at.values()), " moves ", std::round(counts.bytes),
                          " bytes, the machine has ", machine_.memory_bytes);
    environment const env = environment_at(at);
    subject const s = b.prepare(env);
    std::vector<state> states;
    std::vector<entrant> entrants;
    for (std::string const& name : names) {
      state st;
      st.benchmark = b.name;
      st.contender = name;
      st.axes = at.values();
      st.swept = swept;
      st.clock = Clock::name;
      st.counts = counts;
      admit(s, st, entrants, states.size());
      states.push_back(std::move(st));
    }
    if (options_.warm) measure(entrants, states, *env.ctx, caches::warm);
    if (options_.cold) measure(entrants, states, *env.ctx, caches::cold);
    return states;
  }

  environment environment_at(setting const& at) const {
    cpu_options o;
    o.threads = static_cast<int>(at["threads"]);
    o.instructions = options_.instructions;
    return {at, o, std::make_shared<cpu_context>(o)};
  }

 private:
  struct entrant {
    runnable k;
    std::size_t state;  // its place among the states
  };

  static constexpr double least_sample = 1e-4;  // seconds: the clock's own steps are a thousandth of it
  static constexpr double clock_step = 1e-9;    // no sample is shorter

  static std::vector<std::string> chosen(benchmark const& b, std::vector<std::string> names) {
    if (names.empty()) return b.contenders;
    for (std::string const& name : names) {
      std::string all;
      for (std::string const& c : b.contenders) all += (all.empty() ? "" : ", ") + c;
      bool const exists = std::find(b.contenders.begin(), b.contenders.end(), name) != b.contenders.end();
      require<value_error>(exists, "bench: ", b.name, " has no contender '", name, "', wanted one of: ", all);
    }
    return names;
  }

  static void run_once(runnable const& k) {
    if (k.before) k.before();
    k.run();
  }

  /// Prepares a contender, and lets it in when its result is right.
  void admit(subject const& s, state& st, std::vector<entrant>& entrants, std::size_t place) const {
    try {
      runnable k = s.contender(st.contender);
      for (int time = 1; time <= 3; ++time) {
        if (time == 3 && k.memory != nullptr) k.memory->reset_peak();
        run_once(k);
        if (time == 2) continue;
        st.reason = fault_of(k.result(), s.expected);
        if (st.reason.empty()) continue;
        st.result = outcome::wrong;
        return;
      }
      if (k.memory != nullptr) st.memory_bytes = static_cast<index_t>(k.memory->statistics().peak);
      entrants.push_back({std::move(k), place});
    } catch (unsupported const& why) {
      st.result = outcome::skipped;
      st.reason = why.what();
    }
  }

  /// So many that a sample is long enough for the clock.
  index_t runs_per_sample(runnable const& k) const {
    if (k.before) return 1;
    double const once = hd_max(clock_.seconds(k.run), clock_step);
    return once >= least_sample ? 1 : static_cast<index_t>(std::ceil(least_sample / once));
  }

  void measure(std::vector<entrant> const& entrants, std::vector<state>& states, cpu_context const& ctx,
               caches how) const {
    std::size_t const count = entrants.size();
    std::vector<measurement> found(count);
    for (std::size_t i = 0; i < count && how == caches::warm; ++i)
      found[i].runs_per_sample = runs_per_sample(entrants[i].k);
    double const loop_before = count == 0 ? 0 : flops_per_second_now(ctx);
    double total = 0;
    for (index_t round = 0; round < options_.most_rounds; ++round) {
      if (count == 0 || (round >= options_.rounds && total >= options_.min_seconds * static_cast<double>(count))) break;
      for (std::size_t turn = 0; turn < count; ++turn) {
        std::size_t const i = round % 2 == 0 ? turn : count - 1 - turn;
        double const seconds = sample(entrants[i].k, found[i].runs_per_sample, ctx, how);
        total += seconds;
        found[i].samples.push_back(seconds / static_cast<double>(found[i].runs_per_sample));
      }
    }
    double const loop = count == 0 ? 0 : hd_min(loop_before, flops_per_second_now(ctx));
    for (std::size_t i = 0; i < count; ++i) {
      measurement& m = found[i];
      m.loop_flops_per_second = loop;
      m.seconds = summary_of(m.samples);
      if (i > 0 && entrants[0].state == 0) m.against = ratio_of(m.samples, found[0].samples);
      (how == caches::warm ? states[entrants[i].state].warm : states[entrants[i].state].cold) = m;
    }
  }

  double sample(runnable const& k, index_t runs, cpu_context const& ctx, caches how) const {
    if (k.before) k.before();
    if (how == caches::cold) empty_(ctx);
    double const seconds = clock_.seconds([&] {
      for (index_t i = 0; i < runs; ++i) k.run();
    });
    return hd_max(seconds, clock_step);
  }

  run_options options_;
  Clock clock_;
  machine machine_;
  cold_caches empty_;
};

}  // namespace bench
}  // namespace v0
}  // namespace fsis
