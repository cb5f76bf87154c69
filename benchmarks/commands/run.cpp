// SPDX-License-Identifier: MIT
#include "cases/cases.hpp"
#include "commands/commands.hpp"
#include "commit.hpp"

#include <fsis/bench/report_html.hpp>
#include <fsis/bench/report_json.hpp>
#include <fsis/bench/runner.hpp>
#include <fsis/bench/setting_text.hpp>
#include <fsis/core/version.hpp>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>

namespace fsis_bench {
namespace {

using namespace fsis::bench;

struct run_arguments {
  std::vector<std::string> patterns, assignments, sweeps, against;
  std::string shape, caches = "warm", instructions, json, html;
  int threads = 0;
  run_options how;
  std::vector<std::string> argv;
};

/// One line of what is to be run.
struct job {
  benchmark what;
  setting at;
  std::string swept;
};

/// Everything to run, each setting tried: what is wrong with the last one is said before the first is timed.
std::vector<job> jobs_of(run_arguments const& o, registry const& all) {
  std::vector<job> jobs;
  std::vector<std::string> seen;  // a name may fit several patterns
  for (std::string const& pattern : o.patterns)
    for (benchmark const& b : all.matching(pattern)) {
      if (std::find(seen.begin(), seen.end(), b.name) != seen.end()) continue;
      seen.push_back(b.name);
      setting at(b.axes);
      if (!o.shape.empty()) at.set_shape(parse_shape(o.shape));
      for (std::string const& text : o.assignments) {
        auto const a = parse_assignment(text);
        at.set(a.first, a.second);
      }
      at.set("threads", o.threads > 0 ? o.threads : fsis::cpu_context().threads());
      if (o.sweeps.empty()) jobs.push_back({b, at, ""});
      for (std::string const& text : o.sweeps) {
        sweep const s = parse_sweep(text);
        setting swept = at;
        for (fsis::index_t v : s.values) {
          swept.set(s.axis, v);
          jobs.push_back({b, swept, s.axis});
        }
      }
    }
  for (job const& j : jobs) (void)j.what.count(j.at);
  return jobs;
}

/// The contenders of a benchmark that take part. One that no benchmark has is refused.
std::vector<std::string> contenders_of(benchmark const& b, std::vector<std::string> const& against) {
  if (against.size() == 1 && against[0] == "all") return b.contenders;
  std::vector<std::string> names{b.contenders[0]};
  for (std::string const& name : against)
    if (std::find(b.contenders.begin() + 1, b.contenders.end(), name) != b.contenders.end()) names.push_back(name);
  return names;
}

void check_against(run_arguments const& o, std::vector<job> const& jobs) {
  std::string all;
  for (std::string const& name : o.against) {
    bool found = name == "all" && o.against.size() == 1;
    for (job const& j : jobs)
      for (std::string const& c : j.what.contenders) {
        found = found || c == name;
        if ((", " + all + ",").find(", " + c + ",") == std::string::npos) all += (all.empty() ? "" : ", ") + c;
      }
    fsis::require<fsis::value_error>(found, "run: no contender '", name, "', wanted all or some of: ", all);
  }
}

report empty_report(run_arguments const& o, machine const& device) {
  report r;
  r.meta.argv = o.argv;
  r.meta.version = fsis::message(FSIS_VERSION_MAJOR, ".", FSIS_VERSION_MINOR, ".", FSIS_VERSION_PATCH);
  r.meta.compiler = __VERSION__;
  r.meta.git_sha = commit_sha;
  r.meta.is_dirty = commit_is_dirty;
  r.device = device;
  return r;
}

void print(state const& s) {
  std::string line = s.benchmark + " " + s.contender + " " + to_string(s.axes) + ":";
  if (s.result != outcome::timed) line += (s.result == outcome::wrong ? " WRONG: " : " skipped: ") + s.reason;
  for (caches how : {caches::warm, caches::cold})
    if (s.at(how)) line += std::string(" ") + name_of(how) + " " + time_text(s.at(how)->seconds.median);
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

/// The peaks of so many threads are measured once, before they are needed.
void measure_peaks_for(runner<> const& bench, setting const& at, report& r) {
  for (peaks const& p : r.measured)
    if (p.threads == at["threads"]) return;
  r.measured.push_back(measure_peaks(*bench.environment_at(at).ctx, bench.device()));
}

/// A peak is the most that was ever seen: the loop may have met a quieter machine later.
void raise_peaks(state const& s, report& r) {
  for (peaks& p : r.measured)
    for (caches how : {caches::warm, caches::cold})
      if (p.threads == s.axis_value("threads") && s.at(how))
        p.flops_per_second = std::max(p.flops_per_second, s.at(how)->loop_flops_per_second);
}

int run(run_arguments const& o) {
  auto const jobs = jobs_of(o, all_cases(installed_peers()));
  check_against(o, jobs);
  runner<> const bench(o.how);
  report r = empty_report(o, bench.device());
  bool is_right = true;
  for (job const& j : jobs) {
    measure_peaks_for(bench, j.at, r);
    for (state& s : bench.run(j.what, j.at, contenders_of(j.what, o.against), j.swept)) {
      print(s);
      raise_peaks(s, r);
      is_right = is_right && s.result != outcome::wrong;
      r.states.push_back(std::move(s));
    }
    // after each, so that a run that is broken off leaves what it has
    if (!o.json.empty()) write_report(r, o.json);
    if (!o.html.empty()) write_html(r, o.html);
  }
  std::printf("\n%s\n%s", machine_text(r).c_str(), states_text(r).c_str());
  return is_right ? 0 : 1;
}

}  // namespace

void add_run(CLI::App& app, std::vector<std::string> const& argv, int& exit_code) {
  auto o = std::make_shared<run_arguments>();
  o->argv = argv;
  auto* const c = app.add_subcommand("run", "check and time benchmarks");
  c->add_option("PATTERN", o->patterns, "names, or patterns with * and ? (see fsis-bench list)")->required();
  c->add_option("--against", o->against, "contenders that take turns with the first: NAME,NAME or all")
      ->delimiter(',')
      ->allow_extra_args(false);
  c->add_option("--shape", o->shape, "the first axes, such as 1x48x48x256");
  c->add_option("--set", o->assignments, "NAME=NUMBER: another axis")->allow_extra_args(false);
  c->add_option("--sweep", o->sweeps,
                "NAME=FIRST:LAST (doubling), NAME=FIRST:LAST:STEP or NAME=A,B,...: curves over an axis, side for "
                "height and width")
      ->allow_extra_args(false);
  c->add_option("--threads", o->threads, "of the context; 0: all (default 0)")->check(CLI::Range(0, 1024));
  c->add_option("--rounds", o->how.rounds, "samples of each contender, at least (default 11)");
  c->add_option("--min-time", o->how.min_seconds, "seconds of samples of each contender, at least (default 0.2)");
  c->add_option("--caches", o->caches, "warm, cold or both (default warm)")
      ->check(CLI::IsMember({"warm", "cold", "both"}));
  c->add_option("--instructions", o->instructions, "at most portable, avx2 or avx512 (default: what there is)");
  c->add_option("--json", o->json, "write the report to this file");
  c->add_option("--html", o->html, "write tables and plots to this file");
  c->callback([o, &exit_code] {
    o->how.warm = o->caches != "cold";
    o->how.cold = o->caches != "warm";
    if (!o->instructions.empty()) o->how.instructions = instruction_set_named(o->instructions);
    check(o->how);
    exit_code = run(*o);
  });
}

}  // namespace fsis_bench
