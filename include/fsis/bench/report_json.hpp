// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/bench/report.hpp>
#include <fsis/io/json_reader.hpp>

#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace bench {

/// The form of the files; a reader refuses another one.
constexpr char const* report_schema = "fsis-bench/1";

namespace detail {

inline io::json json_of(provenance const& p) {
  io::json j = io::json::object();
  j.add("argv", p.argv).add("version", p.version).add("compiler", p.compiler);
  j.add("git_sha", p.git_sha).add("is_dirty", p.is_dirty);
  return j;
}

inline io::json json_of(machine const& m, std::vector<peaks> const& measured) {
  io::json j = io::json::object();
  j.add("name", m.name).add("instruction_set", name_of(m.instructions)).add("threads", m.threads);
  j.add("memory_size", m.memory_bytes).add("l1d_cache_size", m.l1d_bytes).add("l2_cache_size", m.l2_bytes);
  j.add("l3_cache_size", m.l3_bytes);
  io::json all = io::json::array();
  for (peaks const& p : measured) {
    io::json one = io::json::object();
    one.add("threads", p.threads).add("instruction_set", name_of(p.instructions));
    one.add("flops_per_second", p.flops_per_second).add("bw/global/bytes_per_second", p.bytes_per_second);
    all.push_back(one);
  }
  j.add("peaks", all);
  return j;
}

/// Names are those of nvbench where it has one: "time/cpu/median", "bw/global/utilization".
inline io::json json_of(measurement const& m, state const& s, peaks const* p) {
  io::json j = io::json::object();
  std::string const time = "time/" + s.clock + "/";
  summary const& t = m.seconds;
  j.add("sample_size", t.count).add("runs_per_sample", m.runs_per_sample);
  j.add(time + "mean", t.mean).add(time + "median", t.median).add(time + "min", t.min).add(time + "max", t.max);
  j.add(time + "q1", t.q1).add(time + "q3", t.q3).add(time + "stdev", t.stdev).add(time + "iqr", t.iqr());
  j.add("tflops", s.counts.flops / t.median / 1e12).add("bw/global/bytes_per_second", s.counts.bytes / t.median);
  if (p != nullptr) {
    j.add("bw/global/utilization", s.counts.bytes / t.median / p->bytes_per_second);
    j.add("sol_percent", 100 * utilization(s.counts, *p, t.median));
  }
  j.add("loop/flops_per_second", m.loop_flops_per_second);
  if (m.against)
    j.add("ratio/median", m.against->of_medians).add("ratio/q1", m.against->q1).add("ratio/q3", m.against->q3);
  j.add("samples", m.samples);
  return j;
}

inline io::json json_of(state const& s, peaks const* p) {
  static constexpr char const* outcomes[] = {"timed", "skipped", "wrong"};
  io::json j = io::json::object(), axes = io::json::object();
  for (auto const& a : s.axes) axes.add(a.first, a.second);
  j.add("benchmark", s.benchmark).add("contender", s.contender).add("axes", axes);
  j.add("swept", s.swept).add("clock", s.clock).add("flops", s.counts.flops).add("bytes", s.counts.bytes);
  if (p != nullptr) j.add("limit_seconds", least_seconds(s.counts, *p));
  j.add("checked", s.result == outcome::timed).add("outcome", outcomes[static_cast<int>(s.result)]);
  j.add("skipped_reason", s.reason.empty() ? io::json() : io::json(s.reason));
  j.add("memory_bytes", s.memory_bytes ? io::json(*s.memory_bytes) : io::json());
  if (s.cold) j.add("cold", json_of(*s.cold, s, p));
  if (s.warm) j.add("batch", json_of(*s.warm, s, p));
  return j;
}

constexpr double least_sample = 1e-15, most_seconds = 1e9;
constexpr double most_work = 1e30;
constexpr index_t most_count = index_t{1} << 50;

inline provenance provenance_in(io::json_place const& j) {
  provenance p;
  for (io::json_place const& a : j["argv"].elements()) p.argv.push_back(a.text());
  p.version = j["version"].text();
  p.compiler = j["compiler"].text();
  p.git_sha = j["git_sha"].text();
  p.is_dirty = j["is_dirty"].boolean();
  return p;
}

inline instruction_set instruction_set_in(io::json_place const& j) {
  std::string const& name = j.text();
  for (instruction_set s : {instruction_set::portable, instruction_set::avx2, instruction_set::avx512})
    if (name == name_of(s)) return s;
  j.refuse("is ", io::shown(name, 40), ", wanted portable, avx2 or avx512");
}

inline machine machine_in(io::json_place const& j) {
  machine m;
  m.name = j["name"].text();
  m.instructions = instruction_set_in(j["instruction_set"]);
  m.threads = j["threads"].integer(0, most_count);
  m.memory_bytes = j["memory_size"].integer(0, most_count);
  m.l1d_bytes = j["l1d_cache_size"].integer(0, most_count);
  m.l2_bytes = j["l2_cache_size"].integer(0, most_count);
  m.l3_bytes = j["l3_cache_size"].integer(0, most_count);
  return m;
}

inline peaks peaks_in(io::json_place const& j) {
  peaks p;
  p.threads = j["threads"].integer(1, most_count);
  p.instructions = instruction_set_in(j["instruction_set"]);
  p.flops_per_second = j["flops_per_second"].number(1, most_work);
  p.bytes_per_second = j["bw/global/bytes_per_second"].number(1, most_work);
  return p;
}

/// What can be computed from the samples is, whatever the file says of it.
inline measurement measurement_in(io::json_place const& j) {
  measurement m;
  m.runs_per_sample = j["runs_per_sample"].integer(1, most_count);
  for (io::json_place const& s : j["samples"].elements()) m.samples.push_back(s.number(least_sample, most_seconds));
  if (m.samples.empty()) j["samples"].refuse("is empty, wanted at least one");
  m.seconds = summary_of(m.samples);
  m.loop_flops_per_second = j["loop/flops_per_second"].number(0, most_work);
  if (j.has("ratio/median")) {
    auto const part = [&](char const* name) { return j[name].number(0, most_seconds); };
    m.against = ratio{part("ratio/median"), part("ratio/q1"), part("ratio/q3")};
  }
  return m;
}

inline outcome outcome_in(io::json_place const& j) {
  std::string const& name = j.text();
  if (name == "timed") return outcome::timed;
  if (name == "skipped") return outcome::skipped;
  if (name == "wrong") return outcome::wrong;
  j.refuse("is ", io::shown(name, 40), ", wanted timed, skipped or wrong");
}

inline state state_in(io::json_place const& j) {
  state s;
  s.benchmark = j["benchmark"].text();
  s.contender = j["contender"].text();
  for (std::string const& name : j["axes"].names())
    s.axes.emplace_back(name, j["axes"][name].integer(0, most_count));
  s.swept = j["swept"].text();
  s.clock = j["clock"].text();
  s.counts = {j["flops"].number(0, most_work), j["bytes"].number(0, most_work)};
  s.result = outcome_in(j["outcome"]);
  if (!j["skipped_reason"].is_null()) s.reason = j["skipped_reason"].text();
  if (!j["memory_bytes"].is_null()) s.memory_bytes = j["memory_bytes"].integer(0, most_count);
  if (j.has("batch")) s.warm = measurement_in(j["batch"]);
  if (j.has("cold")) s.cold = measurement_in(j["cold"]);
  bool const has_times = s.warm || s.cold;
  if (has_times != (s.result == outcome::timed))
    j.refuse("is ", has_times ? "not timed and has" : "timed and lacks", " times, wanted times where it was timed");
  return s;
}

}  // namespace detail

/// A report as JSON, "fsis-bench/1". `batch` holds the samples with warm caches, `cold` those with emptied ones.
inline io::json to_json(report const& r) {
  io::json devices = io::json::array(), states = io::json::array();
  devices.push_back(detail::json_of(r.device, r.measured));
  for (state const& s : r.states) states.push_back(detail::json_of(s, peaks_of(r, s)));
  io::json j = io::json::object();
  j.add("schema", report_schema).add("meta", detail::json_of(r.meta)).add("devices", devices).add("states", states);
  return j;
}

/// Throws `io_error` naming `origin`, the place in the file, what stands there and what was wanted.
inline report report_from(io::json const& value, std::string const& origin) {
  io::json_place const j(value, "bench report: " + origin);
  std::string const& schema = j["schema"].text();
  if (schema != report_schema) j["schema"].refuse("is ", io::shown(schema, 40), ", wanted '", report_schema, "'");
  report r;
  r.meta = detail::provenance_in(j["meta"]);
  auto const devices = j["devices"].elements();
  if (devices.size() != 1) j["devices"].refuse("has ", devices.size(), " entries, wanted 1");
  r.device = detail::machine_in(devices[0]);
  for (io::json_place const& p : devices[0]["peaks"].elements()) r.measured.push_back(detail::peaks_in(p));
  for (io::json_place const& s : j["states"].elements()) r.states.push_back(detail::state_in(s));
  return r;
}

/// Throws `io_error` when the file cannot be read, is no JSON, or no report.
inline report read_report(std::string const& path) { return report_from(io::read_json(path), "'" + path + "'"); }

/// Replaces a file, whole or not at all. Throws `io_error`.
inline void write_report(report const& r, std::string const& path) {
  std::string const text = io::to_text(to_json(r));
  io::write_file(path, text.data(), text.size());
}

}  // namespace bench
}  // namespace v0
}  // namespace fsis
